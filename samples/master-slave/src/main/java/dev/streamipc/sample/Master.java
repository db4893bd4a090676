package dev.streamipc.sample;

import dev.streamipc.message.LogMessage;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.RequestIdGenerator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Starts the slaves, gives each job to whichever is free, and ends them. */
public final class Master {

    private final BlockingQueue<Runnable> outcomes = new LinkedBlockingQueue<>();
    private final Queue<IpcSession> free = new ArrayDeque<>();
    private final Jobs jobs;

    private Master(Jobs jobs) {
        this.jobs = jobs;
    }

    /** Exits with 1 if a file could not be read, and with 3 if no slave was left to read one. */
    public static void main(String[] words) throws Exception {
        Arguments arguments = Arguments.orExit(words);
        Jobs jobs = Jobs.orExit(arguments);
        new Master(jobs).run(arguments);
        System.exit(jobs.print());
    }

    private void run(Arguments arguments) throws Exception {
        try (IpcPeer peer = IpcPeer.builder()
                .messages(FileRequest.class) // its answer comes with it
                .serializers(new KryoMessageSerializer(), new JsonMessageSerializer()) // the first that both know
                .requestIds(RequestIdGenerator::pidAndTime) // or counter, or random, or your own
                .build()) {
            if (arguments.slaves() > 0) { // one process that we start ourselves, the others through the library
                greet(peer.createProcessSession(new ProcessBuilder(arguments.slaveCommand()).start()));
            }
            Child java = Child.java(Slave.class).jvmOptions(Arguments.SLAVE_HEAP);
            start(peer, arguments.slaves() - 1, "java", java);
            start(peer, arguments.python(), "python", Child.python(arguments.script("slave.py")));
            start(peer, arguments.node(), "node", Child.command("node", arguments.script("slave.js")));
            handOut();
            peer.broadcast(new LogMessage("shutdown"));
            for (IpcSession slave : free) {
                jobs.awaitEnd(slave.name(), slave.exited());
            }
        }
    }

    private void start(IpcPeer peer, int count, String name, Child child) {
        for (int i = 0; i < count; i++) {
            try {
                greet(peer.spawn(child.name(name)));
            } catch (StartFailed failure) {
                jobs.say(failure.getMessage());
            }
        }
    }

    private void greet(IpcSession slave) {
        slave.onMessage(LogMessage.class, log -> jobs.say(slave.name() + " says: " + log.message()));
        jobs.expect(slave.name());
        free.add(slave);
    }

    private void handOut() throws InterruptedException {
        for (int open = 0; open > 0 || !(free.isEmpty() || jobs.isEmpty()); open--) {
            for (; !(free.isEmpty() || jobs.isEmpty()); open++) {
                ask(free.remove(), jobs.next());
            }
            outcomes.take().run(); // every call ends, so this does
        }
    }

    private void ask(IpcSession slave, FileRequest job) {
        slave.request(job, CallOptions.deadline(Duration.ofHours(6)))
                .whenComplete((answer, failure) -> outcomes.add(() -> settle(slave, job, answer, failure)));
    }

    private void settle(IpcSession slave, FileRequest job, FileResponse answer, Throwable failure) {
        if (failure == null) {
            jobs.found(slave.name(), answer);
            free.add(slave);
        } else if (failure instanceof RemoteFailure remote) { // the file is bad, the slave is not
            jobs.failed(job, remote.remoteType() + ": " + remote.remoteMessage());
            free.add(slave);
        } else { // to read a file twice does no harm, so another slave gets it
            jobs.again(job, slave.name() + " is lost: " + failure.getMessage());
        }
    }
}
