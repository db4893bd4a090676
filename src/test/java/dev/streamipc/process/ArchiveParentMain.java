package dev.streamipc.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A parent whose children use a class archive. First the folder, then what to do: {@code work} starts two and prints the
 * lines that were logged about archives; {@code leave} ends while one is made; {@code hang} does not end.
 */
final class ArchiveParentMain {

    private ArchiveParentMain() {}

    public static void main(String[] arguments) throws Exception {
        Archives archives = new Archives(Path.of(arguments[0]));
        if (!arguments[1].equals("work")) {
            ChildProcess child =
                    ChildProcess.start(Child.java(WaitingMain.class).classArchive(archives.folder()));
            Children.line(child);
            System.out.println("training");
            if (arguments[1].equals("hang")) {
                Thread.currentThread().join();
            }
            child.ready();
            child.stop(Duration.ZERO);
            Children.await(
                    "an archive is made",
                    () -> ProcessHandle.current().children().findAny().isPresent());
            return;
        }
        for (int i = 0; i < 2; i++) {
            ChildProcess child = ChildProcess.start(archives.child());
            child.exited().get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            child.stop(Duration.ZERO);
            archives.awaitEnd();
        }
        RecordedLogs.lines().stream()
                .filter(line -> line.text().contains("class archive"))
                .forEach(line -> System.out.println(line.text()));
    }
}
