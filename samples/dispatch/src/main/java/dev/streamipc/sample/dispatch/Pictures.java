package dev.streamipc.sample.dispatch;

import dev.streamipc.dispatch.QueueFull;
import dev.streamipc.dispatch.TaskOptions;
import dev.streamipc.message.RemoteFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The pictures of a folder, each scaled by a task of its own. */
final class Pictures {

    private static final int EDGE_PIXELS = 160;
    /** To scale twice does no harm: if a worker dies, another does it. */
    static final TaskOptions OPTIONS = TaskOptions.DEFAULT.idempotent(2).queueFull(QueueFull.WAIT);

    private final Path folder;
    private final PictureFiles files;
    private final Path out;
    private final Map<Path, CompletableFuture<Scaled>> tasks = new LinkedHashMap<>();
    private int otherFailures;

    private Pictures(Path folder, PictureFiles files, Path out) {
        this.folder = folder;
        this.files = files;
        this.out = out;
    }

    static Pictures of(Path folder, Path out) throws IOException {
        return new Pictures(folder, PictureFiles.below(folder), out);
    }

    /** Names the files that are to be drawn, and adds one that is no picture. */
    static List<Path> toDraw(Path folder, int count) throws IOException {
        Files.write(folder.resolve("broken.png"), "this is no picture".getBytes(StandardCharsets.UTF_8));
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            files.add(folder.resolve("picture" + i + (i % 2 == 0 ? ".png" : ".jpg")));
        }
        return files;
    }

    int count() {
        return files.good().size();
    }

    void submit(Jobs jobs) {
        for (Path file : files.good()) {
            Path target = out.resolve(folder.relativize(file) + ".png");
            Scale task = new Scale(file.toString(), target.toString(), EDGE_PIXELS);
            tasks.put(file, jobs.counted(jobs.pool().call(task, OPTIONS)));
        }
    }

    /** Waits for all; returns what is to be told. */
    List<String> await() {
        List<String> refused = new ArrayList<>(files.refused());
        tasks.forEach((file, task) -> {
            try {
                task.join();
            } catch (CompletionException failed) {
                boolean isOfPicture = failed.getCause() instanceof RemoteFailure remote && isOfPicture(remote);
                otherFailures += isOfPicture ? 0 : 1;
                String why = failed.getCause() instanceof RemoteFailure remote
                        ? remote.remoteMessage()
                        : String.valueOf(failed.getCause());
                refused.add((isOfPicture ? "  refused: " : "  FAILED: ") + folder.relativize(file) + ": " + why);
            }
        });
        refused.sort(Comparator.naturalOrder());
        refused.add(
                0,
                "pictures: scaled=" + (count() + files.refused().size() - refused.size()) + ", refused="
                        + (refused.size() - otherFailures) + ", into=" + out);
        return refused;
    }

    /** Returns whether the picture could not be read, rather than the smaller one written. */
    private static boolean isOfPicture(RemoteFailure remote) {
        return !remote.remoteType().equals(UncheckedIOException.class.getName());
    }

    /** Returns whether each was scaled, or can't be read as a picture. */
    boolean isAsItShould() {
        return otherFailures == 0;
    }
}
