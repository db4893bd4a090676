package dev.streamipc.faults;

import static dev.streamipc.message.Certainty.NOT_EXECUTED;

import dev.streamipc.channel.Eventually;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Children whose class path is so long that it stands in a temporary file, killed before and after they have read it. */
class ArgumentFilesTest {

    private static final String CLASS_PATH = "java.class.path";
    private static final int LONG_CHARS = 10_000;
    private static final Rows ROWS = new Rows(ArgumentFilesTest.class);

    @Test
    void fileOfAKilledChildIsDeleted() throws Exception {
        String before = System.getProperty(CLASS_PATH);
        System.setProperty(CLASS_PATH, before + (File.pathSeparator + "/no/such").repeat(LONG_CHARS / 9));
        try {
            // one at a time, as the files are those of this JVM
            ROWS.play("kill.argument-file", 1, stage -> {
                if (stage.isOdd()) {
                    killBeforeHello(stage);
                } else {
                    killWhenReady(stage);
                }
                Set<Path> left = files();
                stage.evidence.require(left.isEmpty(), "temporary files left: " + left);
            });
        } finally {
            System.setProperty(CLASS_PATH, before);
        }
    }

    /** The Python package stays as long as this JVM does. */
    private static Set<Path> files() {
        return TempFilesLook.live().stream().filter(Files::isRegularFile).collect(Collectors.toSet());
    }

    private static Child child(Stage stage, String at) {
        return Launchpad.marked(Child.java(FaultChild.class)
                .arguments(stage.combo.drive(), stage.folder.toString(), at)
                .directory(stage.folder));
    }

    private static void killBeforeHello(Stage stage) throws Exception {
        FutureTask<Object> spawn = new FutureTask<>(() -> stage.peer.spawn(child(stage, "before-hello")));
        new Thread(spawn, "faults-spawn").start();
        long pid = Long.parseLong(stage.awaitMark("before-hello").get("pid"));
        proveFile(stage, pid);
        stage.evidence.require(files().size() == 1, "the file is gone before it was read");
        stage.kill(pid);
        try {
            spawn.get();
            stage.evidence.violation("a child that never said hello was spawned");
        } catch (ExecutionException failed) {
            stage.evidence.proof("pid", pid).failed((StartFailed) failed.getCause());
        }
    }

    private static void killWhenReady(Stage stage) throws Exception {
        stage.spawn(child(stage, "before-ready"));
        Asked call = stage.ask("hold");
        stage.awaitMark("before-ready");
        proveFile(stage, stage.pid());
        Eventually.await("a child that has said HELLO has read its file", () -> files().isEmpty());
        stage.kill();
        stage.settle(false);
        stage.proveSignal("SIGKILL");
        stage.expect(call, ChildDied.class, NOT_EXECUTED);
    }

    private static void proveFile(Stage stage, long pid) throws Exception {
        boolean named = Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains("@");
        stage.evidence.proof("argumentFile", named).require(named, "no argument file");
    }
}
