package dev.streamipc.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes which classes a child loads while it starts, and has an archive made of them once it has started. The child does
 * not notice but for a list that its JVM writes. Whatever fails, there is no archive, and no other harm.
 */
final class ArchiveTraining {

    private static final Logger LOG = LoggerFactory.getLogger(ArchiveTraining.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** After it is ready: what its first work loads belongs to a fast start, too. */
    private static final Duration FIRST_WORK = Duration.ofSeconds(2);

    private static final Set<ArchiveTraining> LIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> List.copyOf(LIVE).forEach(ArchiveTraining::abandon), "streamipc-archives-exit"));
    }

    private final ArchiveStore store;
    private final ArchiveKey key;
    private final ArchiveLock lock;
    private final Path workshop;
    private final ArchiveMaker maker;
    private final AtomicBoolean over = new AtomicBoolean();
    private final CompletableFuture<Boolean> settled = new CompletableFuture<>();

    private ArchiveTraining(ArchiveStore store, ArchiveKey key, ArchiveLock lock, List<String> quiet)
            throws IOException {
        this.store = store;
        this.key = key;
        this.lock = lock;
        this.workshop = store.workshop();
        this.maker = new ArchiveMaker(workshop, quiet);
    }

    /** Returns one if no other goes on in this folder, in whatever process, and none has failed a short while ago. */
    static Optional<ArchiveTraining> begin(ArchiveStore store, ArchiveKey key, List<String> quiet) throws IOException {
        if (store.hasFailed(key)) {
            return Optional.empty();
        }
        Optional<ArchiveLock> lock = ArchiveLock.take(store.folder());
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try {
            ArchiveTraining training = new ArchiveTraining(store, key, lock.get(), quiet);
            LIVE.add(training);
            return Optional.of(training);
        } catch (IOException | RuntimeException e) {
            lock.get().close();
            throw e;
        }
    }

    /** What the child's JVM has to be told. */
    List<String> words() {
        return List.of("-XX:DumpLoadedClassList=" + maker.list());
    }

    /** The rest is done by a thread of its own. */
    void started(Process process) {
        Thread thread = new Thread(() -> run(process), "streamipc-archive");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (Error noThread) {
            abandon();
            throw noThread;
        }
    }

    /** The child is ready, or has ended. The second time does nothing. */
    void settled(Process process) {
        settled.complete(process.isAlive() || process.exitValue() == 0);
    }

    private void run(Process process) {
        try {
            if (settled.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.waitFor(FIRST_WORK.toMillis(), TimeUnit.MILLISECONDS);
                make();
            }
        } catch (ExecutionException | TimeoutException | RuntimeException | InterruptedException e) {
            LOG.debug("no class archive this time, main={}", key.main(), e);
        } finally {
            abandon();
        }
    }

    private void make() throws InterruptedException {
        try {
            maker.make(key);
            store.keep(key, workshop);
            LOG.debug(
                    "class archive made, main={}, folder={}",
                    key.main(),
                    store.folder().path());
        } catch (IOException e) {
            if (!over.get()) {
                LOG.debug("class archive could not be made, main={}", key.main(), e);
                noteFailure();
            }
        }
    }

    private void noteFailure() {
        try {
            store.noteFailure(key);
        } catch (IOException e) {
            LOG.debug("folder for class archives can't be written to", e);
        }
    }

    /** Ends it, whatever it has come to, and removes what it has left. For any thread. */
    void abandon() {
        if (over.getAndSet(true)) {
            return;
        }
        LIVE.remove(this);
        maker.abandon();
        try (lock) {
            ArchiveFolder.deleteTree(workshop);
        } catch (IOException e) {
            LOG.debug("workshop of a class archive stays, and is removed by the next, path={}", workshop, e);
        }
    }
}
