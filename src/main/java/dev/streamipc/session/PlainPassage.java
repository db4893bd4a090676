package dev.streamipc.session;

/** The place of a frame that has no other object to stand in, as of a ping. Guarded by the lock of the {@link Outbox}. */
final class PlainPassage implements Passage {

    private final long id;
    private final boolean isCall;
    private long startBytes = NOT_APPENDED;
    private long endBytes = NOT_APPENDED;
    private boolean withdrawn;

    PlainPassage(long id, boolean isCall) {
        this.id = id;
        this.isCall = isCall;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public boolean isCall() {
        return isCall;
    }

    @Override
    public long startBytes() {
        return startBytes;
    }

    @Override
    public long endBytes() {
        return endBytes;
    }

    @Override
    public void standsAt(long atBytes, int lengthBytes) {
        startBytes = atBytes;
        endBytes = atBytes + lengthBytes;
    }

    @Override
    public boolean isWithdrawn() {
        return withdrawn;
    }

    @Override
    public void withdraw() {
        withdrawn = true;
    }
}
