package dev.streamipc.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A process whose stdout can be held back from its reader, so that a parent seems to read slowly, or not at all. */
final class GatedProcess extends Process {

    private final Process process;
    private final Held gate;

    GatedProcess(Process process) {
        this.process = process;
        this.gate = new Held(process.getInputStream());
    }

    Gate gate() {
        return gate;
    }

    @Override
    public InputStream getInputStream() {
        return gate;
    }

    @Override
    public OutputStream getOutputStream() {
        return process.getOutputStream();
    }

    @Override
    public InputStream getErrorStream() {
        return process.getErrorStream();
    }

    @Override
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        return process.waitFor(timeout, unit);
    }

    @Override
    public int exitValue() {
        return process.exitValue();
    }

    @Override
    public void destroy() {
        process.destroy();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public ProcessHandle toHandle() {
        return process.toHandle();
    }

    @Override
    public CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    /** Lets bytes through while it is open; what was read before it closed stays here until it opens. */
    static final class Held extends InputStream implements Gate {

        private final InputStream in;
        private boolean closed; // guarded by this
        private boolean holds; // guarded by this

        Held(InputStream in) {
            this.in = in;
        }

        @Override
        public synchronized void shut() {
            closed = true;
        }

        @Override
        public synchronized void open() {
            closed = false;
            notifyAll();
        }

        /** Returns whether a reader stands before the gate with bytes in hand, so that the rest stays in the pipe. */
        @Override
        public synchronized boolean holds() {
            return holds;
        }

        @Override
        public int read() throws IOException {
            throw new UnsupportedOperationException("read in bulk");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            pass();
            return count;
        }

        private synchronized void pass() throws IOException {
            holds = true;
            try {
                while (closed) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            } finally {
                holds = false;
            }
        }

        @Override
        public int waiting() throws IOException {
            return in.available();
        }

        /** Who only looks sees nothing new while it is shut. */
        @Override
        public int available() throws IOException {
            return isShut() ? 0 : in.available();
        }

        private synchronized boolean isShut() {
            return closed;
        }

        @Override
        public void close() throws IOException {
            open();
            in.close();
        }
    }
}
