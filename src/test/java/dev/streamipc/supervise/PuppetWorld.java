package dev.streamipc.supervise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Puppets that do, by chance, all that may be done; the n-th life of a path is the same in each world of the same seed. */
final class PuppetWorld {

    static class FailureA extends Exception {
        private static final long serialVersionUID = 1L;
    }

    static class FailureB extends FailureA {
        private static final long serialVersionUID = 1L;
    }

    static final class FailureC extends FailureB {
        private static final long serialVersionUID = 1L;
    }

    static final class FailureD extends Exception {
        private static final long serialVersionUID = 1L;
    }

    final VirtualTime time;
    /** Lines of time, path and deed. */
    final List<String> trace = new ArrayList<>();

    private final Map<String, Integer> lives = new HashMap<>();
    private final long seed;

    PuppetWorld(long seed) {
        this.seed = seed;
        // half the clocks pass the largest number on their way
        time = new VirtualTime(seed % 2 == 0 ? 0 : Long.MAX_VALUE - seed % 25 * ForestPlan.SECOND);
    }

    void note(String path, String deed) {
        trace.add("%015d %s %s".formatted(time.elapsedNanos(), path, deed));
    }

    Supervised puppet(String path) {
        int life = lives.merge(path, 1, Integer::sum);
        // first starts that fail end most trees before anything grows
        int luck = life == 1 ? 120 : 24;
        Random random = new Random(seed * 1_000_003 + path.hashCode() * 31L + life);
        // numbers of neighbouring seeds are alike at first
        random.nextLong();
        if (random.nextInt(2 * luck) == 0) {
            note(path, "is not made");
            throw new IllegalStateException();
        }
        return new Puppet(path, luck, random);
    }

    private final class Puppet implements Supervised {

        private final String path;
        private final int luck;
        private final Random random;
        private @Nullable Life life;

        Puppet(String path, int luck, Random random) {
            this.path = path;
            this.luck = luck;
            this.random = random;
        }

        @Override
        public void start(Life news) throws Exception {
            note(path, "start");
            life = news;
            long upNanos = within(ForestPlan.SECOND / 4);
            switch (random.nextInt(luck)) {
                case 0 -> throw failure();
                case 1 -> after(upNanos, () -> news.ended(failure()));
                case 2 -> after(upNanos, () -> news.ended(null));
                case 3 -> {}
                case 4 -> {
                    after(upNanos, news::started);
                    throw failure();
                }
                case 5 -> {
                    news.ended(failure());
                    news.started();
                }
                case 6 -> live(news);
                default -> after(upNanos, () -> live(news));
            }
        }

        private void live(Life news) {
            news.started();
            long nanos = within(6 * ForestPlan.SECOND);
            switch (random.nextInt(10)) {
                case 0, 1, 2, 5 -> after(nanos, () -> news.ended(failure()));
                case 3 -> after(nanos, () -> news.ended(null));
                case 4 -> after(nanos, () -> news.failing(failure()));
                case 6 ->
                    after(nanos, () -> {
                        news.started();
                        news.failing(failure());
                        news.failing(failure());
                    });
                case 7 ->
                    after(nanos, () -> {
                        news.failing(failure());
                        news.ended(failure());
                        news.ended(null);
                        news.started();
                        news.failing(failure());
                    });
                default -> {}
            }
        }

        @Override
        public void stop() throws Exception {
            note(path, "stop");
            switch (random.nextInt(8)) {
                case 0 -> throw failure();
                case 1 -> {}
                case 2 -> after(within(ForestPlan.SECOND / 4), () -> ended(failure()));
                case 3 -> {
                    ended(failure());
                    throw failure();
                }
                case 4 -> {
                    life.started();
                    life.failing(failure());
                    after(within(ForestPlan.SECOND / 4), () -> ended(null));
                }
                default -> after(within(ForestPlan.SECOND / 4), () -> ended(null));
            }
        }

        @Override
        public void kill() {
            note(path, "kill");
            switch (random.nextInt(8)) {
                case 0 -> {}
                case 1 -> after(within(2 * ForestPlan.SECOND), () -> ended(failure()));
                case 2 -> ended(null);
                default -> after(within(ForestPlan.SECOND / 8), () -> ended(failure()));
            }
        }

        private void ended(@Nullable Throwable failure) {
            if (life != null) {
                life.ended(failure);
            }
        }

        private void after(long nanos, Runnable deed) {
            time.schedule(deed, nanos);
        }

        private long within(long nanos) {
            return 1 + random.nextLong(nanos);
        }

        private Exception failure() {
            Exception plain = plainFailure();
            return random.nextInt(6) > 0 ? plain : new CompletionException(new ExecutionException(plain));
        }

        private Exception plainFailure() {
            return switch (random.nextInt(4)) {
                case 0 -> new FailureA();
                case 1 -> new FailureB();
                case 2 -> new FailureC();
                default -> new FailureD();
            };
        }
    }
}
