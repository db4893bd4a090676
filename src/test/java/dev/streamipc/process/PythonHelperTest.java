package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The anchor is a class of ours, loaded from where the case wants it. */
@Timeout(20)
class PythonHelperTest {

    private static final String CLASS_FILE = EchoMain.class.getName().replace('.', '/') + ".class";
    private static final String MODULE = "where = __file__\n";

    @TempDir
    Path folder;

    @Test
    void besideClassesInADirectory() throws Exception {
        Path classes = classes(folder.resolve("classes"), true);

        String entry = entry(classes).orElseThrow();

        assertEquals(classes.resolve("python").toString(), entry);
        assertEquals(classes + "/python/streamipc/__init__.py", imported(entry));
    }

    @Test
    void insideAJar() throws Exception {
        Path jar = jar(folder.resolve("a b.jar"), true);

        String entry = entry(jar).orElseThrow();

        assertEquals(jar + "/python", entry);
        assertEquals(jar + "/python/streamipc/__init__.py", imported(entry));
    }

    @Test
    void unpackedForOurEyesOnlyWhereThePathHasTheSeparator() throws Exception {
        Path jar = jar(folder.resolve("a:b.jar"), true);
        Path classes = classes(folder.resolve("c:d"), true);

        for (Path source : new Path[] {jar, classes}) {
            String entry = entry(source).orElseThrow();

            assertFalse(entry.contains(":"), entry);
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(entry))));
            assertEquals(entry + "/streamipc/__init__.py", imported(entry));
            TempFiles.delete(Path.of(entry));
            assertFalse(Files.exists(Path.of(entry)));
        }
    }

    @Test
    void isMissedWithoutAnError() throws Exception {
        assertEquals(Optional.empty(), entry(classes(folder.resolve("classes"), false)));
        assertEquals(Optional.empty(), entry(jar(folder.resolve("x.jar"), false)));
        assertEquals(Optional.empty(), entry(jar(folder.resolve("y:z.jar"), false)));
    }

    @Test
    void isLookedForOnce() throws Exception {
        Path jar = jar(folder.resolve("a:b.jar"), true);
        try (URLClassLoader loader = loader(jar)) {
            PythonHelper helper = new PythonHelper(loader.loadClass(EchoMain.class.getName()));

            assertEquals(helper.entry(), helper.entry());
            assertNotEquals(helper.entry(), entry(jar));
        }
    }

    @Test
    void leavesNoFileBehindThisJvm() throws Exception {
        String text = Children.output(Child.java(TempFilesMain.class));

        Path made = Path.of(text.strip());
        assertTrue(made.getFileName().toString().startsWith("left-"));
        assertTrue(made.getParent().getFileName().toString().startsWith("streamipc-temp-"));
        assertFalse(Files.exists(made.getParent()));
    }

    @Test
    void filesOfAJvmThatWasKilledAreDeletedByTheNext() throws Exception {
        Process killed = Jvm.of(TempFilesMain.class, "stay").start();
        Path left = Path.of(new BufferedReader(new InputStreamReader(killed.getInputStream())).readLine());
        Process living = Jvm.of(TempFilesMain.class, "stay").start();
        try {
            Path kept = Path.of(new BufferedReader(new InputStreamReader(living.getInputStream())).readLine());
            killed.destroyForcibly().waitFor();
            assertTrue(Files.exists(left));

            Children.output(Child.java(TempFilesMain.class));

            assertFalse(Files.exists(left.getParent()));
            assertTrue(Files.exists(kept.resolve("file")));
        } finally {
            living.destroyForcibly();
        }
    }

    private Optional<String> entry(Path source) throws Exception {
        try (URLClassLoader loader = loader(source)) {
            return new PythonHelper(loader.loadClass(EchoMain.class.getName())).entry();
        }
    }

    private static URLClassLoader loader(Path source) throws IOException {
        return new URLClassLoader(new URL[] {source.toUri().toURL()}, null);
    }

    private static String imported(String entry) throws Exception {
        Child child = Child.command("python3", "-c", "import streamipc; print(streamipc.where)")
                .environment("PYTHONPATH", entry);
        return Children.output(child).strip();
    }

    private static Path classes(Path root, boolean withHelper) throws IOException {
        Path classFile = root.resolve(CLASS_FILE);
        Files.createDirectories(classFile.getParent());
        Files.write(classFile, classBytes());
        if (withHelper) {
            Path module = root.resolve("python/streamipc/__init__.py");
            Files.createDirectories(module.getParent());
            Files.writeString(module, MODULE);
        }
        return root;
    }

    private static Path jar(Path file, boolean withHelper) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            jar.putNextEntry(new JarEntry(CLASS_FILE));
            jar.write(classBytes());
            if (withHelper) {
                jar.putNextEntry(new JarEntry("python/streamipc/__init__.py"));
                jar.write(MODULE.getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private static byte[] classBytes() throws IOException {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(CLASS_FILE)) {
            return in.readAllBytes();
        }
    }
}
