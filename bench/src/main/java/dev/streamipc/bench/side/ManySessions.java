package dev.streamipc.bench.side;

import dev.streamipc.bench.side.Echo.Ask;
import dev.streamipc.session.IpcSession;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The same work for one session or for many: all that they carry, and how long a request takes at the same load. */
public final class ManySessions {

    private static final int WINDOW = 256;
    private static final int BURST = 32;
    private static final int PACED_PER_MILLI = 10;

    private ManySessions() {}

    /** Takes the number of sessions, and throughput or p99. */
    public static void main(String[] words) throws Exception {
        try (Visitors visitors = Visitors.of(Integer.parseInt(words[0]))) {
            if (words[1].equals("throughput")) {
                Turns.answerOneOfMany(() -> perSecond(visitors.sessions));
            } else {
                Turns.answerOne(() -> p99Micros(visitors.sessions));
            }
        }
    }

    /** One thread goes round and gives each session, as long as it has room, a burst; 256 are open a session at the most. */
    static double perSecond(List<IpcSession> sessions) throws InterruptedException {
        List<Semaphore> rooms =
                sessions.stream().map(session -> new Semaphore(WINDOW)).toList();
        long start = System.nanoTime();
        int count = 0;
        while (System.nanoTime() - start < Turns.ROUND_NANOS) {
            boolean isFull = true;
            for (int at = 0; at < sessions.size(); at++) {
                int sent = burst(sessions.get(at), rooms.get(at));
                count += sent;
                isFull &= sent == 0;
            }
            if (isFull) {
                Semaphore room = rooms.get(count % rooms.size());
                room.acquire();
                room.release();
            }
        }
        for (Semaphore room : rooms) {
            room.acquire(WINDOW);
        }
        return count * 1e9 / (System.nanoTime() - start);
    }

    private static int burst(IpcSession session, Semaphore room) {
        int sent = 0;
        while (sent < BURST && room.tryAcquire()) {
            session.request(new Ask(sent++)).whenComplete((answer, failed) -> room.release());
        }
        return sent;
    }

    /** Each millisecond ten requests, for the sessions in turn, whatever became of the last ones. */
    private static double p99Micros(List<IpcSession> sessions) throws InterruptedException {
        int count = (int) (Turns.ROUND_NANOS / 1_000_000 * PACED_PER_MILLI) * 2;
        long[] nanos = new long[count];
        AtomicInteger done = new AtomicInteger();
        long start = System.nanoTime();
        for (int number = 0; number < count; number++) {
            long due = start + number / PACED_PER_MILLI * 1_000_000L;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            int at = number;
            long sent = System.nanoTime();
            sessions.get(number % sessions.size()).request(new Ask(number)).whenComplete((answer, failed) -> {
                nanos[at] = System.nanoTime() - sent;
                done.incrementAndGet();
            });
        }
        while (done.get() < count) {
            LockSupport.parkNanos(1_000_000);
        }
        Arrays.sort(nanos);
        return nanos[count * 99 / 100] / 1e3;
    }
}
