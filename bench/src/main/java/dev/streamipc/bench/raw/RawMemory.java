package dev.streamipc.bench.raw;

import dev.streamipc.bench.side.Pin;
import dev.streamipc.bench.side.Spinning;
import dev.streamipc.bench.side.Timing;
import dev.streamipc.bench.side.Turns;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Two processes that spin on two words of a mapped file: the quickest that a word can go there and back. */
public final class RawMemory {

    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int MINE_AT = 0;
    private static final int YOURS_AT = 128;
    private static final int BYTES = 4_096;

    private RawMemory() {}

    /** Takes nothing; as the child, the file. */
    public static void main(String[] words) throws Exception {
        if (words.length > 0) {
            echo(map(Path.of(words[0])));
            return;
        }
        Path folder = Files.isDirectory(Path.of("/dev/shm"))
                ? Path.of("/dev/shm")
                : Path.of(System.getProperty("java.io.tmpdir"));
        Path file = Files.createTempFile(folder, "raw", ".ring");
        ByteBuffer memory = map(file);
        Process child = Jvm.start(RawMemory.class, file.toString());
        Pin.child(child.pid());
        Turns.answerOne(() -> Timing.p50Micros(() -> roundTrip(memory)));
        WORD.setRelease(memory, MINE_AT, -1L);
        Files.delete(file);
    }

    private static ByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, 0, BYTES).order(ByteOrder.nativeOrder());
        }
    }

    private static long roundTrip(ByteBuffer memory) {
        long next = (long) WORD.getAcquire(memory, YOURS_AT) + 1;
        WORD.setRelease(memory, MINE_AT, next);
        while ((long) WORD.getAcquire(memory, YOURS_AT) != next) {
            Thread.onSpinWait();
        }
        return next;
    }

    private static void echo(ByteBuffer memory) {
        Spinning spinning = new Spinning();
        long last = 0;
        do {
            long word = (long) WORD.getAcquire(memory, MINE_AT);
            if (word < 0) {
                return;
            }
            if (word != last) {
                WORD.setRelease(memory, YOURS_AT, word);
                last = word;
                spinning.found();
            }
        } while (spinning.goesOn());
    }
}
