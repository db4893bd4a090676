package dev.streamipc.sample.dispatch;

import dev.streamipc.dispatch.Dispatcher;
import dev.streamipc.dispatch.ProcessDispatcher;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Scales pictures in JVM workers, scores a CSV in Python workers, and lets three tasks go wrong meanwhile. */
public final class Show {

    private static final int AS_IT_SHOULD = 0;
    private static final int OTHERWISE = 1;

    private final Arguments arguments;
    private final Screen screen;

    private Show(Arguments arguments, Screen screen) {
        this.arguments = arguments;
        this.screen = screen;
    }

    /**
     * Exits with 1 if anything did not end as it should.
     *
     * @param words the folder of this sample and what the user has typed
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] words) throws InterruptedException {
        Arguments arguments = Arguments.orExit(words);
        Screen screen = Screen.ofThisProcess(arguments.screen());
        boolean isAsItShould = false;
        try {
            isAsItShould = new Show(arguments, screen).run();
        } catch (StartFailed | CompletionException | IOException | UncheckedIOException failure) {
            screen.end();
            screen.say("run: " + why(failure));
        }
        screen.end();
        System.exit(isAsItShould ? AS_IT_SHOULD : OTHERWISE);
    }

    /** The message of a failure of the file system may be a path and no more. */
    private static String why(Exception failure) {
        return failure instanceof FileSystemException
                ? "a file can't be read or written: cause=" + failure
                : String.valueOf(failure.getMessage());
    }

    private boolean run() throws IOException, InterruptedException {
        if (arguments.out().isPresent()) {
            return run(Files.createDirectories(arguments.out().get()));
        }
        try (TempFolder out = new TempFolder("streamipc-dispatch-")) {
            boolean isAsItShould = run(out.path());
            out.keep();
            return isAsItShould;
        }
    }

    private boolean run(Path out) throws IOException, InterruptedException {
        try (TempFolder drawn = new TempFolder("streamipc-pictures-");
                Dispatcher jvms = jvms();
                Dispatcher pythons = pythons()) {
            Path folder =
                    arguments.pictures().isPresent() ? arguments.pictures().get() : draw(drawn.path(), jvms);
            return work(Pictures.of(folder, out.resolve("pictures")), jvms, Scores.of(out), pythons);
        }
    }

    private Dispatcher jvms() {
        return ProcessDispatcher.builder(PictureWorker.class)
                .name("picture")
                .messages(Scale.class, Grown.class)
                .child(java -> java.jvmOptions("-Xmx512m", "-Djava.awt.headless=true"))
                .workers(arguments.workers())
                .recycleAtResidentBytes((long) Faults.RESIDENT_MEBIBYTES << 20)
                .grace(Duration.ofMillis(500))
                .build();
    }

    private Dispatcher pythons() {
        return ProcessDispatcher.builder(Child.python(arguments.script("scorer.py")))
                .name("scorer")
                .workers(arguments.workers())
                .prefetch(16) // a row is short: more of them on their way keep a worker busy
                .build();
    }

    private Path draw(Path folder, Dispatcher jvms) throws IOException {
        List<CompletableFuture<String>> drawings = new ArrayList<>();
        for (Path file : Pictures.toDraw(folder, arguments.drawn())) {
            drawings.add(jvms.call("draw", String.class, Pictures.OPTIONS, file.toString(), drawings.size()));
        }
        drawings.forEach(CompletableFuture::join);
        return folder;
    }

    private boolean work(Pictures pictures, Dispatcher jvms, Scores scores, Dispatcher pythons)
            throws IOException, InterruptedException {
        Jobs scaling = new Jobs("pictures", jvms, pictures.count());
        Jobs scoring = new Jobs("scores", pythons, scores.count());
        Faults faults = new Faults(jvms, Chronicle.of(jvms), screen::result);
        try (Watch watch = new Watch(screen, arguments.watch(), scaling, scoring)) {
            List.of(jvms, pythons).forEach(pool -> pool.events(watch::take));
            scores.submit(scoring);
            pictures.submit(scaling);
            faults.run();
            pictures.await().forEach(screen::result);
            scores.await().forEach(screen::result);
        }
        boolean isAsItShould = faults.isAsItShould() && pictures.isAsItShould() && scores.isAsItShould();
        screen.result(isAsItShould ? "all ended as they should" : "NOT all ended as they should");
        return isAsItShould;
    }
}
