package dev.streamipc.sample.dispatch;

import dev.streamipc.dispatch.DispatcherEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Shows the pools while they work: as a frame, as bars, or without a terminal as lines. Closing it stops that. */
final class Watch implements AutoCloseable {

    private static final long FRAME_MILLIS = 200;
    private static final long LINE_MILLIS = 1_000;
    private static final int RATE_SAMPLES = 11;
    private static final double NANOS_IN_SECOND = 1e9;

    private final long startNanos = System.nanoTime();
    private final Screen screen;
    private final boolean isWhole;
    private final List<Jobs> pools;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "watch");
        thread.setDaemon(true);
        return thread;
    });

    /** How far the pools had come. */
    private record Sample(double seconds, List<Integer> done) {}

    /**
     * Starts to show.
     *
     * @param isWhole all workers, not the bars alone
     */
    Watch(Screen screen, boolean isWhole, Jobs... pools) {
        this.screen = screen;
        this.isWhole = isWhole;
        this.pools = List.of(pools);
        if (screen.size().isPresent() || isWhole) {
            long every = screen.size().isPresent() ? FRAME_MILLIS : LINE_MILLIS;
            clock.scheduleAtFixedRate(this::show, every, every, TimeUnit.MILLISECONDS);
        }
    }

    /** Without a terminal the whole view has a line for each event. */
    void take(DispatcherEvent event) {
        if (isWhole && screen.size().isEmpty()) {
            screen.say("watch: " + event);
        }
    }

    private void show() {
        View view = look();
        Optional<Screen.Size> size = screen.size();
        if (size.isEmpty()) {
            screen.say("watch: " + Frame.line(view));
        } else {
            screen.show(isWhole ? Frame.lines(view, size.get()) : Frame.bars(view, size.get()));
        }
    }

    private View look() {
        double seconds = (System.nanoTime() - startNanos) / NANOS_IN_SECOND;
        Sample now = new Sample(seconds, pools.stream().map(Jobs::done).toList());
        samples.add(now);
        Sample first = samples.size() > RATE_SAMPLES ? samples.remove() : samples.element();
        List<View.Pool> views = new ArrayList<>();
        for (int i = 0; i < pools.size(); i++) {
            double lapse = now.seconds() - first.seconds();
            double perSecond = lapse > 0
                    ? (now.done().get(i) - first.done().get(i)) / lapse
                    : now.done().get(i) / seconds;
            views.add(View.Pool.of(pools.get(i), perSecond));
        }
        return new View(seconds, views);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
