package dev.streamipc.process;

import dev.streamipc.channel.SharedMemoryChannel;

/**
 * What carries the bytes to a child, and how much of it.
 *
 * @param ringBytes what each direction of shared memory holds; means nothing elsewhere
 */
record Route(ChildChannel channel, int ringBytes) {

    static final Route STDIO = of(ChildChannel.STDIO);

    static Route of(ChildChannel channel) {
        return new Route(channel, SharedMemoryChannel.DEFAULT_RING_BYTES);
    }

    boolean isStdio() {
        return channel == ChildChannel.STDIO;
    }

    /** Returns it as it stands in the text of a child. */
    @Override
    public String toString() {
        return channel == ChildChannel.SHARED_MEMORY ? channel + ", ringBytes=" + ringBytes : channel.toString();
    }
}
