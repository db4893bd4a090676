package dev.streamipc.faults;

import dev.streamipc.dispatch.WorkerProgram;
import dev.streamipc.dispatch.WorkerSetup;
import dev.streamipc.message.FunctionCall;
import dev.streamipc.session.RequestContext;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A worker of a pool that writes down what it begins and ends. A line is one write, all lines are equally long, and none lies in two
 * pages of the file: Linux ends the write of a process that is killed between two pages.
 */
public final class PoolWorker implements WorkerProgram {

    private final FileOutputStream ledger;

    /** Opens the ledger that the environment names. */
    public PoolWorker() throws IOException {
        ledger = new FileOutputStream(System.getenv(PoolLedger.FILE), true);
    }

    @Override
    public void setUp(WorkerSetup worker) {
        worker.function("work", this::work);
    }

    private Object work(FunctionCall call, RequestContext context) throws Exception {
        int number = call.at(0, int.class);
        write("BEGIN " + number + " " + context.attempt() + " "
                + ProcessHandle.current().pid());
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(call.at(1, int.class)));
        write("END " + number);
        return number + " " + "x".repeat(call.at(2, int.class));
    }

    private void write(String line) throws IOException {
        String padded = line + " ".repeat(PoolLedger.LINE_BYTES - 1 - line.length()) + "\n";
        ledger.write(padded.getBytes(StandardCharsets.UTF_8));
    }
}
