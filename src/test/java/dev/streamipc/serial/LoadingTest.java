package dev.streamipc.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.LogMessage;
import dev.streamipc.serial.json.ControlJson;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** A child pays for a library when it uses it, and Kryo's use of Unsafe, at which newer JDKs warn, is never reached. */
final class LoadingTest {

    private static final String KRYO = "com.esotericsoftware.";
    private static final String JACKSON = "com.fasterxml.jackson.";

    @Test
    void makingSerializersLoadsNeitherLibrary() throws Exception {
        Set<String> loaded = loadedBy(Making.class);

        assertTrue(loaded.contains(KryoMessageSerializer.class.getName()));
        assertTrue(loaded.contains(JsonMessageSerializer.class.getName()));
        assertFalse(hasAny(loaded, KRYO));
        assertFalse(hasAny(loaded, JACKSON));
    }

    @Test
    void talkingKryoLoadsItsStreamsAndNothingElseOfIt() throws Exception {
        Set<String> loaded = loadedBy(TalkingKryo.class);

        assertTrue(hasAny(loaded, KRYO + "kryo.io.Output"));
        assertFalse(hasAny(loaded, KRYO + "kryo.Kryo."));
        assertFalse(loaded.contains(KRYO + "kryo.Kryo"));
        assertFalse(hasAny(loaded, KRYO + "kryo.unsafe"));
        assertFalse(hasAny(loaded, KRYO + "kryo.serializers"));
        assertFalse(hasAny(loaded, JACKSON));
    }

    @Test
    void controlObjectsLoadNoDatabind() throws Exception {
        Set<String> loaded = loadedBy(TalkingControl.class);

        assertTrue(hasAny(loaded, JACKSON + "core."));
        assertFalse(hasAny(loaded, JACKSON + "databind."));
        assertFalse(hasAny(loaded, KRYO));
    }

    private static boolean hasAny(Set<String> loaded, String prefix) {
        return loaded.stream().anyMatch(name -> name.startsWith(prefix));
    }

    private static Set<String> loadedBy(Class<?> action) throws Exception {
        try (Recording loader = new Recording()) {
            Object made = Class.forName(action.getName(), true, loader)
                    .getDeclaredConstructor()
                    .newInstance();
            assertEquals("done", ((Callable<?>) made).call());
            return Set.copyOf(loader.names);
        }
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(new File(entry).toURI().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    /** Loads everything anew and remembers what. */
    private static final class Recording extends URLClassLoader {

        private final Set<String> names = ConcurrentHashMap.newKeySet();

        Recording() throws MalformedURLException {
            super(classPath(), ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            names.add(name);
            return super.findClass(name);
        }
    }

    public static final class Making implements Callable<String> {

        @Override
        public String call() {
            new KryoMessageSerializer().name();
            new JsonMessageSerializer().name();
            return "done";
        }
    }

    public static final class TalkingKryo implements Callable<String> {

        @Override
        public String call() throws IOException {
            TypeRegistry registry = TypeRegistry.of(List.of());
            MessageSerializer.Codec codec = new KryoMessageSerializer().codec(registry.agree(registry.entries(), true));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            codec.encode(new LogMessage("done"), out);
            return ((LogMessage) codec.decode(LogMessage.class, out.toByteArray(), 0, out.size())).message();
        }
    }

    public static final class TalkingControl implements Callable<String> {

        @Override
        public String call() throws IOException {
            byte[] bytes = ControlJson.write(Map.of("text", "done"));
            return String.valueOf(ControlJson.read(bytes, 0, bytes.length).get("text"));
        }
    }
}
