package dev.streamipc.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Scans the library's classes for doors that must not be there: object streams, shells, classes by name. */
class BytecodeTest {

    private static final String PACKAGE = "dev/streamipc/";
    private static final int MIN_CLASSES = 100;

    /** Reads objects, runs code out of data, or opens what nobody asked for. */
    private static final Pattern CLASSES = Pattern.compile(
            "java/io/Object(Input|Output)(Stream|Filter)?(\\$.*)?|java/io/Externalizable|java/beans/XML.*"
                    + "|java/rmi/.*|javax/(naming|script|management/remote)/.*|java/net/(Server)?Socket"
                    + "|java/net/URLClassLoader|sun/misc/Unsafe|java/lang/foreign/.*"
                    + "|com/esotericsoftware/kryo/(Kryo|serializers/.*|unsafe/.*|util/.*)"
                    + "|com/fasterxml/jackson/databind/jsontype/(impl/LaissezFaire.*|BasicPolymorphicTypeValidator.*)");

    /** Each as owner.name; a class by name is looked up where its name is in the code. */
    private static final Pattern MEMBERS = Pattern.compile(
            "(?!dev/streamipc/).*\\.(readObject|writeObject|readResolve|writeReplace|readExternal|readUnshared)"
                    + "|java/lang/Runtime\\.exec|java/lang/System\\.(load|loadLibrary)"
                    + "|java/nio/channels/(Server)?SocketChannel\\.(open|bind)"
                    + "|java/lang/Class\\.forName|java/lang/ClassLoader\\.(loadClass|defineClass)"
                    + "|.*\\.(enableDefaultTyping.*|activateDefaultTyping.*|setRegistrationRequired)");

    private static final Set<String> PERMITTED = Set.of(
            "dev/streamipc/process/InterruptShield java/lang/Class.forName",
            "dev/streamipc/session/VirtualThreads java/lang/Class.forName",
            // the class that the dispatcher of the same program named, in the arguments of its own child
            "dev/streamipc/dispatch/WorkerMain java/lang/Class.forName",
            // Unix domain sockets, which never leave the machine: they are opened with StandardProtocolFamily.UNIX
            // alone
            "dev/streamipc/channel/UnixListener java/nio/channels/ServerSocketChannel.bind",
            "dev/streamipc/channel/UnixListener java/nio/channels/ServerSocketChannel.open",
            "dev/streamipc/channel/UnixSockets java/nio/channels/SocketChannel.open");

    /** Words that stand for a shell. */
    private static final Pattern TEXTS = Pattern.compile("(.*/)?(sh|bash|zsh|dash|env)|cmd(\\.exe)?|powershell.*");

    @Test
    void libraryHasNoneOfTheDoors() throws Exception {
        Map<String, ClassFile> library = library();

        assertTrue(library.size() > MIN_CLASSES, "classes=" + library.size());
        assertTrue(library.get(PACKAGE + "process/Spawner").classes().contains("java/lang/ProcessBuilder"));
        assertTrue(library.get(PACKAGE + "process/PythonCommand").texts().contains("PYTHONPATH"));
        assertEquals(PERMITTED, doors(library));
    }

    @Test
    void everyDoorIsSeen() throws Exception {
        String name = Planted.class.getName().replace('.', '/');
        try (InputStream in = Planted.class.getResourceAsStream("/" + name + ".class")) {
            Set<String> found = doors(Map.of("Planted", ClassFile.of(in.readAllBytes())));

            assertEquals(
                    Set.of(
                            "Planted java/io/ObjectInputStream",
                            "Planted java/io/ObjectInputStream.readObject",
                            "Planted java/io/ObjectOutputStream",
                            "Planted java/lang/Class.forName",
                            "Planted java/lang/Runtime.exec",
                            "Planted java/lang/System.loadLibrary",
                            "Planted \"/bin/sh\""),
                    found);
        }
    }

    private static Set<String> doors(Map<String, ClassFile> classes) {
        Set<String> found = new TreeSet<>();
        classes.forEach((name, file) -> {
            matching(CLASSES, file.classes()).forEach(each -> found.add(name + " " + each));
            matching(MEMBERS, file.members()).forEach(each -> found.add(name + " " + each));
            matching(TEXTS, file.texts()).forEach(each -> found.add(name + " \"" + each + "\""));
        });
        return found;
    }

    private static Stream<String> matching(Pattern pattern, Set<String> names) {
        return names.stream().filter(name -> pattern.matcher(name).matches());
    }

    /** The folder of classes, or the jar, that the tests run against. */
    private static Map<String, ClassFile> library() throws Exception {
        URI source = Message.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        Path place = Path.of(source);
        if (Files.isDirectory(place)) {
            return below(place);
        }
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
            return below(jar.getPath("/"));
        }
    }

    private static Map<String, ClassFile> below(Path root) throws IOException {
        Map<String, ClassFile> found = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(root.resolve(PACKAGE))) {
            for (Path file :
                    tree.filter(each -> each.toString().endsWith(".class")).toList()) {
                String name = root.relativize(file).toString().replace('\\', '/');
                found.put(name.replaceFirst("\\.class$", ""), ClassFile.of(Files.readAllBytes(file)));
            }
        }
        return found;
    }

    /** Never runs. */
    private static final class Planted {

        private Planted() {}

        private static void readObject(ObjectOutputStream hook) {}

        static Object open(byte[] bytes, String name) throws Exception {
            System.loadLibrary(name);
            Runtime.getRuntime().exec(new String[] {"/bin/sh", "-c", name});
            Class.forName(name);
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
                return in.readObject();
            }
        }
    }
}
