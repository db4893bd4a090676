package dev.streamipc.faults;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at the temporary files that the library has made in this JVM: other JVMs make such files in the same folder. */
public final class TempFilesLook {

    private TempFilesLook() {}

    /** Returns those that there are; fails if the library no longer keeps them where they are looked for. */
    public static Set<Path> live() {
        try {
            Field live = Class.forName("dev.streamipc.process.TempFiles").getDeclaredField("LIVE");
            live.setAccessible(true);
            return Stream.concat(((Set<?>) live.get(null)).stream(), homes())
                    .map(Path.class::cast)
                    .filter(Files::exists)
                    .collect(Collectors.toSet());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** The folders of sockets and shared memory, by their locks. */
    private static Stream<?> homes() throws ReflectiveOperationException {
        Field held = Class.forName("dev.streamipc.channel.OwnerLock").getDeclaredField("HELD");
        held.setAccessible(true);
        return ((Set<?>) held.get(null)).stream().filter(lock -> lock.toString().contains("streamipc-socket-"));
    }
}
