package dev.streamipc.faults;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What a child writes for the test to see: its ledger, and where it stands. Each line is one append, safe from a kill. */
record Hook(Path folder) {

    static final String LEDGER = "ledger";
    static final String MARKS = "marks";
    static final String GO = "go";

    void begin(int id) {
        append(LEDGER, "begin " + id);
    }

    void end(int id) {
        append(LEDGER, "end " + id);
    }

    /** Says that this process stands at a point, and how many bytes wait in its stdin. */
    void mark(String point) {
        try {
            int unread = new FileInputStream(FileDescriptor.in).available();
            append(MARKS, point + " pid=" + ProcessHandle.current().pid() + " unreadBytes=" + unread);
        } catch (IOException e) {
            append(MARKS, point + " pid=" + ProcessHandle.current().pid() + " unreadBytes=-1");
        }
    }

    /** Stands at a point until this process is killed. */
    void hold(String point) {
        mark(point);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stands at a point, awake, until this process is killed. */
    void spin(String point) {
        mark(point);
        long since = System.nanoTime();
        while (System.nanoTime() - since < TimeUnit.MINUTES.toNanos(2)) {
            Thread.onSpinWait();
        }
    }

    /** Stands at a point until the test says go. */
    void awaitGo(String point) {
        mark(point);
        while (!Files.exists(folder.resolve(GO))) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    void append(String file, String line) {
        try {
            Files.writeString(folder.resolve(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
