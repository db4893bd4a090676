package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads and processes, with the time and the threads of this JVM. */
@Timeout(60)
class RealLifeTest {

    private static final Backoff SHORT =
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(10), 0.5, Duration.ofSeconds(60));

    private final Map<String, Thread> threads = new ConcurrentHashMap<>();
    private final Map<String, Process> processes = new ConcurrentHashMap<>();
    private final Queue<Process> allProcesses = new ConcurrentLinkedQueue<>();

    @Test
    void processesThatAreKilledAreStartedAgain() throws Exception {
        SupervisorSpec spec = SupervisorSpec.builder("processes")
                .strategy(RestartStrategy.REST_FOR_ONE)
                .backoff(SHORT)
                .child(process("first"))
                .child(process("second"))
                .build();
        try (Supervisor supervisor = Supervisor.of(spec)) {
            supervisor.start().get(10, TimeUnit.SECONDS);
            Process first = processes.get("first");
            Process second = processes.get("second");

            first.destroyForcibly();

            Eventually.await(
                    "both are other processes",
                    () -> supervisor.snapshot().count(ChildState.RUNNING) == 2
                            && processes.get("first") != first
                            && processes.get("second") != second);
            assertFalse(second.isAlive());
            assertEquals(
                    "exit 137",
                    supervisor
                            .snapshot()
                            .find("first")
                            .orElseThrow()
                            .lastFailure()
                            .getMessage());
        }
        assertEquals(4, allProcesses.size());
        assertTrue(allProcesses.stream().noneMatch(Process::isAlive));
    }

    @Test
    void aProcessThatIgnoresTheStopIsKilled() throws Exception {
        ChildSpec deaf = ChildSpec.builder(
                        "deaf",
                        () -> new SupervisedProcess("deaf", "sh", "-c", "trap '' TERM; echo ready; exec sleep 600"))
                .stopLimit(Duration.ofMillis(50))
                .build();
        try (Supervisor supervisor =
                Supervisor.of(SupervisorSpec.builder("root").child(deaf).build())) {
            supervisor.start().get(10, TimeUnit.SECONDS);
            assertEquals('r', processes.get("deaf").getInputStream().read());
        }
        assertFalse(processes.get("deaf").isAlive());
    }

    @Test
    void threadsThatFailAreStartedAgain() throws Exception {
        CountDownLatch fourthLife = new CountDownLatch(1);
        AtomicInteger lives = new AtomicInteger();
        Runnable body = () -> {
            if (lives.incrementAndGet() < 4) {
                throw new IllegalStateException("planted");
            }
            fourthLife.countDown();
            Eventually.await(new CountDownLatch(1));
        };
        SupervisorSpec spec = SupervisorSpec.builder("threads")
                .backoff(SHORT)
                .child(thread("worker", body))
                .build();
        try (Supervisor supervisor = Supervisor.of(spec)) {
            supervisor.start().get(10, TimeUnit.SECONDS);

            assertTrue(fourthLife.await(10, TimeUnit.SECONDS));

            assertEquals(3, supervisor.snapshot().find("worker").orElseThrow().restarts());
        }
        threads.get("worker").join(10_000);
        assertFalse(threads.get("worker").isAlive());
    }

    @Test
    void aHundredThreadsThatFailAtOnceAllComeBack() throws Exception {
        SupervisorSpec.Builder spec =
                SupervisorSpec.builder("many").backoff(SHORT).intensity(10_000, Duration.ofSeconds(1));
        Map<String, AtomicInteger> lives = new ConcurrentHashMap<>();
        for (int i = 0; i < 100; i++) {
            String name = "t" + i;
            spec.child(thread(name, () -> {
                if (lives.computeIfAbsent(name, each -> new AtomicInteger()).incrementAndGet() <= 10) {
                    throw new IllegalStateException("planted");
                }
                Eventually.await(new CountDownLatch(1));
            }));
        }
        try (Supervisor supervisor = Supervisor.of(spec.build())) {
            Queue<SupervisionEvent> restarts = new ConcurrentLinkedQueue<>();
            supervisor.observe(event -> {
                if (event instanceof SupervisionEvent.Restarting) {
                    restarts.add(event);
                }
            });
            supervisor.start().get(20, TimeUnit.SECONDS);

            Eventually.await(
                    "all are in their eleventh life",
                    () -> lives.size() == 100
                            && lives.values().stream().allMatch(life -> life.get() == 11)
                            && supervisor.snapshot().count(ChildState.RUNNING) == 100);

            List<Snapshot> children = supervisor.snapshot().children();
            assertEquals(1_000, children.stream().mapToLong(Snapshot::restarts).sum());
            Eventually.await("all restarts are told", () -> restarts.size() == 1_000);
        }
        for (Thread thread : threads.values()) {
            thread.join(10_000);
            assertFalse(thread.isAlive());
        }
    }

    @Test
    void addsAndRemovalsFromManyThreadsAllEnd() throws Exception {
        try (Supervisor supervisor =
                Supervisor.of(SupervisorSpec.builder("busy").backoff(SHORT).build())) {
            supervisor.start().get(10, TimeUnit.SECONDS);

            IntStream.range(0, 400).parallel().forEach(i -> {
                supervisor
                        .add(thread("t" + i, () -> Eventually.await(new CountDownLatch(1))))
                        .join();
                if (i % 4 != 0) {
                    supervisor.remove("t" + i).join();
                }
            });

            assertEquals(100, supervisor.snapshot().count(ChildState.RUNNING));
            assertEquals(100, supervisor.snapshot().children().size());
        }
        for (Thread thread : threads.values()) {
            thread.join(10_000);
            assertFalse(thread.isAlive());
        }
    }

    private ChildSpec process(String name) {
        return ChildSpec.builder(name, () -> new SupervisedProcess(name, "sleep", "600"))
                .build();
    }

    private ChildSpec thread(String name, Runnable body) {
        return ChildSpec.builder(name, () -> new SupervisedThread(name, body)).build();
    }

    private final class SupervisedProcess implements Supervised {

        private final String name;
        private final String[] command;
        private volatile @Nullable Process process;

        SupervisedProcess(String name, String... command) {
            this.name = name;
            this.command = command;
        }

        @Override
        public void start(Life life) throws IOException {
            Process started = new ProcessBuilder(command).start();
            process = started;
            allProcesses.add(started);
            processes.put(name, started);
            life.started();
            started.onExit()
                    .thenAccept(ended ->
                            life.ended(ended.exitValue() == 0 ? null : new IOException("exit " + ended.exitValue())));
        }

        @Override
        public void stop() {
            process.destroy();
        }

        @Override
        public void kill() {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    private final class SupervisedThread implements Supervised {

        private final String name;
        private final Runnable body;
        private volatile @Nullable Thread thread;

        SupervisedThread(String name, Runnable body) {
            this.name = name;
            this.body = body;
        }

        @Override
        public void start(Life life) {
            Thread started = new Thread(() -> run(life), name);
            thread = started;
            threads.put(name, started);
            started.start();
        }

        private void run(Life life) {
            life.started();
            try {
                body.run();
                life.ended(null);
            } catch (RuntimeException | AssertionError failure) {
                life.ended(failure);
            }
        }

        @Override
        public void stop() {
            thread.interrupt();
        }

        @Override
        public void kill() {
            stop();
        }
    }
}
