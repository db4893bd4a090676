package dev.streamipc.session;

import dev.streamipc.fuzz.Script;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.session.Streams.Part;
import dev.streamipc.session.Streams.Total;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** The streams that the program of a scripted session takes and sends, and what must hold of them. */
final class ScriptedStreams {

    private static final long LATE_NANOS = 5_000_000;
    private static final int MOST_PARTS = 40;

    private final Script script;
    private final SimWorld world;
    private final SimSide side;
    private final List<Taker> takers = new ArrayList<>();
    private final List<CompletableFuture<Total>> uploads = new ArrayList<>();

    ScriptedStreams(Script script, SimWorld world, SimSide side) {
        this.script = script;
        this.world = world;
        this.side = side;
    }

    void next() {
        switch (script.below(4)) {
            case 0 -> stream();
            case 1 -> upload();
            case 2 -> request();
            default -> cancel();
        }
    }

    private CallOptions options() {
        return CallOptions.deadline(Duration.ofNanos(limitNanos()));
    }

    private long limitNanos() {
        return TimeUnit.MILLISECONDS.toNanos(1 + (long) script.next() * script.next());
    }

    private void stream() {
        long limitNanos = limitNanos();
        long leftNanos = Math.max(0, HandledDeadline.atMost(limitNanos, side.nanoTime()));
        Taker taker = new Taker(world.nowNanos() + leftNanos);
        takers.add(taker);
        side.session().stream(new Streams.Count(1, 1), CallOptions.deadline(Duration.ofNanos(limitNanos)))
                .subscribe(taker);
    }

    private void upload() {
        Upload<Part, Total> upload = side.session().upload(new Streams.Sum("x"), options());
        uploads.add(upload.sendAll(new Parts(script.below(MOST_PARTS))));
    }

    private void request() {
        if (!takers.isEmpty()) {
            takers.get(script.next() % takers.size()).subscription.request(script.below(MOST_PARTS));
        }
    }

    private void cancel() {
        if (!takers.isEmpty()) {
            Taker taker = takers.get(script.next() % takers.size());
            taker.cancelled = true;
            taker.subscription.cancel();
        }
    }

    void check() {
        for (Taker taker : takers) {
            require(taker.ends <= 1, "a stream ends once: ends=" + taker.ends);
            require(taker.cancelled || taker.ends == 1, "a stream ends");
            require(taker.fault == null, "" + taker.fault);
            require(
                    taker.cancelled || taker.endNanos <= taker.deadlineNanos + LATE_NANOS,
                    "a stream ends by its deadline: lateNanos=" + (taker.endNanos - taker.deadlineNanos));
        }
        uploads.forEach(upload -> require(upload.isDone(), "an upload ends"));
    }

    private static void require(boolean holds, String promise) {
        if (!holds) {
            throw new AssertionError(promise);
        }
    }

    /** Sends as many parts as are requested, up to its number. */
    private record Parts(int count) implements Flow.Publisher<Part> {

        @Override
        public void subscribe(Flow.Subscriber<? super Part> subscriber) {
            subscriber.onSubscribe(new Flow.Subscription() {
                private int next;
                private boolean over;

                @Override
                public void request(long more) {
                    for (long i = 0; i < more && next < count && !over; i++) {
                        subscriber.onNext(Streams.part(next++, 1));
                    }
                    if (next == count && !over) {
                        over = true;
                        subscriber.onComplete();
                    }
                }

                @Override
                public void cancel() {
                    over = true;
                }
            });
        }
    }

    /** Takes what it requests, and notes what is wrong. */
    private final class Taker implements Flow.Subscriber<Part> {

        private final long deadlineNanos;
        private Flow.Subscription subscription;
        private boolean cancelled;
        private long requested;
        private int taken;
        private int ends;
        private long endNanos;
        private String fault;

        Taker(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = new Flow.Subscription() {
                @Override
                public void request(long count) {
                    requested += count;
                    given.request(count);
                }

                @Override
                public void cancel() {
                    given.cancel();
                }
            };
        }

        @Override
        public void onNext(Part part) {
            if (cancelled || ends > 0 || ++taken > requested) {
                fault = "a part that nobody wants: cancelled=" + cancelled + ", ends=" + ends + ", taken=" + taken
                        + ", requested=" + requested;
            }
        }

        @Override
        public void onError(Throwable failure) {
            ended();
            if (!(failure instanceof IpcFailure) && !(failure instanceof IllegalArgumentException)) {
                fault = "a failure of no family: " + failure;
            }
        }

        @Override
        public void onComplete() {
            ended();
        }

        private void ended() {
            ends++;
            endNanos = world.nowNanos();
            fault = cancelled ? "an end behind a cancel" : fault;
        }
    }
}
