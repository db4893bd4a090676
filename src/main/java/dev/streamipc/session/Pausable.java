package dev.streamipc.session;

/** What the handles of handlers and observers share: being left out for a while. */
abstract class Pausable implements Subscription {

    private volatile boolean paused;

    final boolean isPaused() {
        return paused;
    }

    @Override
    public final void pause() {
        paused = true;
    }

    @Override
    public final void resume() {
        paused = false;
    }
}
