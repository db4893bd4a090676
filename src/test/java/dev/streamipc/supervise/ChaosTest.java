package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.supervise.Rig.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads that add, remove, fail, look and stop at once, in real time: whatever they do, all of it ends. */
class ChaosTest {

    private static final int TREES = 20;
    private static final int THREADS = 4;
    private static final int DEEDS = 60;

    private final Set<Live> alive = ConcurrentHashMap.newKeySet();
    private final Queue<CompletableFuture<Void>> promised = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @EnumSource
    void aCloseEndsWhateverGoesOn(RestartStrategy strategy) throws Exception {
        for (int tree = 0; tree < TREES; tree++) {
            Supervisor supervisor = Supervisor.of(tree(strategy));
            promised.add(supervisor.start());
            CyclicBarrier ready = new CyclicBarrier(THREADS + 1);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(tree * 10L + i);
                threads.add(new Thread(() -> act(supervisor, ready, random)));
            }
            threads.forEach(Thread::start);
            ready.await(10, TimeUnit.SECONDS);
            Eventually.await("somebody acts", () -> promised.size() > DEEDS);

            supervisor.close();

            assertEquals(ChildState.ENDED, supervisor.snapshot().state());
            for (Thread thread : threads) {
                thread.join(10_000);
            }
            promised.add(supervisor.ended());
            Eventually.await("all futures end", () -> promised.stream().allMatch(CompletableFuture::isDone));
            assertEquals(Set.of(), alive);
            promised.clear();
        }
    }

    private void act(Supervisor supervisor, CyclicBarrier ready, Random random) {
        try {
            ready.await(10, TimeUnit.SECONDS);
        } catch (Exception late) {
            throw new AssertionError(late);
        }
        for (int i = 0; i < DEEDS; i++) {
            act(supervisor, random);
        }
    }

    private void act(Supervisor supervisor, Random random) {
        String name = "c" + random.nextInt(6);
        switch (random.nextInt(8)) {
            case 0, 1 -> promised.add(supervisor.add(child(name)));
            case 2 -> promised.add(supervisor.remove(name));
            case 3, 4 -> alive.stream().skip(random.nextInt(3)).findFirst().ifPresent(Live::fail);
            case 5 -> supervisor.branch("branch").ifPresent(branch -> promised.add(branch.add(child(name))));
            case 6 ->
                supervisor
                        .branch("branch")
                        .ifPresent(branch -> promised.add(random.nextBoolean() ? branch.stop() : branch.kill()));
            default -> assertTrue(supervisor.snapshot().children().size() <= 9);
        }
        promised.add(supervisor.ended());
    }

    private SupervisorSpec tree(RestartStrategy strategy) {
        SupervisorSpec branch = SupervisorSpec.builder("branch")
                .strategy(strategy)
                .intensity(10, Duration.ofSeconds(1))
                .backoff(Backoff.NONE)
                .child(child("b"))
                .build();
        return SupervisorSpec.builder("root")
                .strategy(strategy)
                .intensity(Integer.MAX_VALUE, Duration.ofSeconds(1))
                .backoff(Backoff.NONE)
                .child(child("a"))
                .child(Supervisor.asChild(branch).build())
                .child(child("z"))
                .build();
    }

    private ChildSpec child(String name) {
        return ChildSpec.builder(name, Live::new).build();
    }

    private final class Live implements Supervised {

        private volatile @Nullable Life news;

        @Override
        public void start(Life life) {
            news = life;
            alive.add(this);
            life.started();
        }

        void fail() {
            end(new Trouble("by chance"));
        }

        @Override
        public void stop() {
            end(null);
        }

        @Override
        public void kill() {
            end(new Trouble("killed"));
        }

        private void end(@Nullable Throwable failure) {
            alive.remove(this);
            Life life = news;
            if (life != null) {
                life.ended(failure);
            }
        }
    }
}
