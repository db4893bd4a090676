package dev.streamipc.channel;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Runs the code of one thread against a model of memory and bells, one question at a time: what it was answered so far is
 * given to it again, and its next question stops it. The code is that of the channel itself.
 */
final class RingScript implements SharedWords {

    private final List<Long> answers;
    private int next;
    private Supplier<String> local = () -> "";

    /** What a thread may ask of the world in one step. */
    enum Kind {
        GET,
        SET,
        SWAP,
        FENCE,
        READ,
        WRITE,
        RING,
        AWAIT,
        FORGET,
        IS_OVER,
        HANG_UP
    }

    /**
     * A question: where, with which value, over how many bytes.
     *
     * @param local all that the thread's future depends on, if that is known here; else empty
     */
    record Step(Kind kind, int at, long value, int count, String local) {}

    /** Work of a thread; returns what came of it. */
    interface Work {
        String run(RingScript script) throws IOException;
    }

    /** Where a thread stands: before a step, or behind its end. */
    record Stand(Step step, String result) {}

    private static final class Asked extends Error {
        private static final long serialVersionUID = 1;
        private final transient Step step;

        Asked(Step step) {
            super(null, null, false, false);
            this.step = step;
        }
    }

    private RingScript(List<Long> answers) {
        this.answers = answers;
    }

    static Stand replay(Work work, List<Long> answers) {
        try {
            return new Stand(null, work.run(new RingScript(answers)));
        } catch (IOException ended) {
            return new Stand(null, ended.getMessage());
        } catch (Asked asked) {
            return new Stand(asked.step, null);
        }
    }

    private long ask(Kind kind, int at, long value, int count) {
        if (next < answers.size()) {
            return answers.get(next++);
        }
        boolean known = kind == Kind.READ || kind == Kind.WRITE || kind == Kind.AWAIT;
        throw new Asked(new Step(kind, at, value, count, known ? local.get() : ""));
    }

    @Override
    public long get(int offset) {
        return ask(Kind.GET, offset, 0, 0);
    }

    @Override
    public void set(int offset, long value) {
        ask(Kind.SET, offset, value, 0);
    }

    @Override
    public long swap(int offset, long value) {
        return ask(Kind.SWAP, offset, value, 0);
    }

    @Override
    public void fence() {
        ask(Kind.FENCE, 0, 0, 0);
    }

    @Override
    public void read(int offset, byte[] dst, int start, int count) {
        long packed = ask(Kind.READ, offset, 0, count);
        for (int i = 0; i < count; i++) {
            dst[start + i] = (byte) (packed >> (8 * i));
        }
    }

    @Override
    public void write(int offset, byte[] src, int start, int count) {
        long packed = 0;
        for (int i = 0; i < count; i++) {
            packed |= (src[start + i] & 0xffL) << (8 * i);
        }
        ask(Kind.WRITE, offset, packed, count);
    }

    /** Says what a thread knows when it copies bytes, or waits. */
    void knowing(Supplier<String> all) {
        local = all;
    }

    /** Closes the bells of this thread's side. */
    void hangUp() {
        ask(Kind.HANG_UP, 0, 0, 0);
    }

    /** Returns the end of a bell on this thread's side. */
    Bell bell(int number) {
        return new Bell() {
            @Override
            public void ring() {
                ask(Kind.RING, number, 0, 0);
            }

            @Override
            public boolean await() throws IOException {
                if (ask(Kind.AWAIT, number, 0, 0) < 0) {
                    throw new IOException("channel is closed on this side");
                }
                return true;
            }

            @Override
            public void forget() {
                ask(Kind.FORGET, number, 0, 0);
            }

            @Override
            public boolean isOver() {
                return ask(Kind.IS_OVER, number, 0, 0) != 0;
            }

            @Override
            public void close() {
                hangUp();
            }
        };
    }
}
