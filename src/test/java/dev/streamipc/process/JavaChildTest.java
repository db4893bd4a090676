package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.StartFailed;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class JavaChildTest {

    private static final String CLASS_PATH = "java.class.path";

    private interface MadeAtRunTime {}

    @TempDir
    Path folder;

    @Test
    void runsOnTheSameClassPathInAnotherDirectory() throws Exception {
        Child child = Child.java(EchoMain.class)
                .directory(folder)
                .arguments("java.home,mine,file.encoding,user.dir", "@not-a-file", "-cp", "grüße")
                .jvmOptions("-Dmine=a b", "-Dfile.encoding=ISO-8859-1");

        assertEquals(
                List.of(
                        "java.home=" + System.getProperty("java.home"),
                        "mine=a b",
                        "file.encoding=ISO-8859-1",
                        "user.dir=" + folder.toRealPath(),
                        "@not-a-file",
                        "-cp",
                        "grüße"),
                Children.output(child).lines().toList());
    }

    @Test
    void relativeClassPathCountsFromThisJvm() {
        String before = System.getProperty(CLASS_PATH);
        System.setProperty(CLASS_PATH, before + File.pathSeparator + "lib/x.jar");
        try {
            List<String> words = JavaCommand.of(new Program.Java(EchoMain.class, List.of(), null), List.of(), Map.of())
                    .words();

            String seen = words.get(words.indexOf("-cp") + 1);
            assertTrue(seen.endsWith(File.pathSeparator + Path.of("lib/x.jar").toAbsolutePath()), seen);
        } finally {
            System.setProperty(CLASS_PATH, before);
        }
    }

    @Test
    void collectorOfTheUsersReplacesOurs() {
        Program.Java plain = new Program.Java(EchoMain.class, List.of(), null);
        Program.Java chosen = new Program.Java(EchoMain.class, List.of("-XX:+UseParallelGC"), null);
        Map<String, String> variable = Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g -XX:+UseG1GC");

        assertTrue(JavaCommand.of(plain, List.of(), Map.of()).words().contains("-XX:+UseSerialGC"));
        assertFalse(JavaCommand.of(chosen, List.of(), Map.of()).words().contains("-XX:+UseSerialGC"));
        assertFalse(JavaCommand.of(plain, List.of(), variable).words().contains("-XX:+UseSerialGC"));
    }

    @Test
    void whatTheVmSaysKeepsOffStdout() throws Exception {
        Child child = Child.java(EchoMain.class)
                .arguments("x")
                .jvmOptions("-XX:MaxNewSize=2g", "-Xmx64m", "-XX:+PrintCommandLineFlags");

        ChildProcess process = ChildProcess.start(child);
        String stdout = Children.rest(process);
        process.exited().get(10, TimeUnit.SECONDS);

        assertEquals("x=null\n", stdout);
        String stderr = String.join("\n", Children.stderrWith(process, "-XX:MaxNewSize=2147483648"));
        assertTrue(stderr.contains("[warning]"), stderr);
        process.stop(Duration.ZERO);
    }

    @Test
    void longClassPathTravelsInAPrivateFileThatIsDeleted() throws Exception {
        String before = System.getProperty(CLASS_PATH);
        String odd = folder.resolve("a b \"c\" #d \\e grüße").toString();
        String filler = (File.pathSeparator + odd).repeat(JavaCommand.MAX_PLAIN_CHARS / odd.length() + 1);
        System.setProperty(CLASS_PATH, before + filler);
        try {
            ChildProcess process = ChildProcess.start(
                    Child.java(EchoMain.class).arguments(CLASS_PATH).jvmOptions("-Dlast=1"));
            Path file = Path.of(process.command().stream()
                    .filter(word -> word.startsWith("@"))
                    .findFirst()
                    .orElseThrow()
                    .substring(1));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));

            String seen = Children.line(process);
            process.ready();
            process.ready();

            assertEquals(CLASS_PATH + "=" + before + filler, seen);
            assertFalse(Files.exists(file));
            assertTrue(process.stop(Children.PATIENCE));
        } finally {
            System.setProperty(CLASS_PATH, before);
        }
    }

    @Test
    void fileOfAStartThatFailsIsDeleted() throws Exception {
        String before = System.getProperty(CLASS_PATH);
        System.setProperty(CLASS_PATH, before + (File.pathSeparator + "/x").repeat(JavaCommand.MAX_PLAIN_CHARS));
        try {
            StartFailed failed = assertThrows(
                    StartFailed.class,
                    () -> ChildProcess.start(Child.java(EchoMain.class), builder -> {
                        throw new IOException("refused");
                    }));

            String file = failed.command().stream()
                    .filter(word -> word.startsWith("@"))
                    .findFirst()
                    .orElseThrow();
            assertFalse(Files.exists(Path.of(file.substring(1))));
        } finally {
            System.setProperty(CLASS_PATH, before);
        }
    }

    @Test
    void quotedWordsOfAnArgumentFileComeBackFromTheLauncher() throws Exception {
        String odd = " \"quoted\" 'single' #no comment \\back\\ tab\t line\nbreak return\rform\f end\\";
        Path file = ArgFile.write(List.of("-Dodd=" + odd, "-Dsecond=2", "-cp", System.getProperty(CLASS_PATH)));

        String text = Children.output(Child.command(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + file,
                EchoMain.class.getName(),
                "odd,second"));
        TempFiles.delete(file);

        assertEquals("odd=" + odd + "\nsecond=2\n", text);
    }

    @Test
    void classThatTheChildCouldNotRunIsRefused() {
        Class<?> hidden = Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {MadeAtRunTime.class}, (a, b, c) -> null)
                .getClass();

        String notThere = failure(Child.java(hidden)).getMessage();
        String noMain = failure(Child.java(JavaChildTest.class)).getMessage();

        assertEquals("start failed: the class has no main method, class=" + JavaChildTest.class.getName(), noMain);
        assertTrue(notThere.contains("tried=" + hidden.getName().replace('.', '/') + ".class"), notThere);
    }

    private static StartFailed failure(Child child) {
        return assertThrows(StartFailed.class, () -> ChildProcess.start(child));
    }
}
