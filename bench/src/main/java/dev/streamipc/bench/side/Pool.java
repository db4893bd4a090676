package dev.streamipc.bench.side;

import dev.streamipc.dispatch.Dispatcher;
import java.util.Arrays;

/** No-op tasks on two workers. */
public final class Pool {

    private static final int QUEUE = 4_096;

    private Pool() {}

    /** Takes the prefetch, and for Python workers a script and its interpreter. */
    public static void main(String[] words) throws Exception {
        String[] python = Arrays.copyOfRange(words, 1, words.length);
        try (Dispatcher pool = Noop.pool(python)
                .prefetch(Integer.parseInt(words[0]))
                .queueCapacity(QUEUE)
                .build()) {
            Turns.answerOneOfMany(() -> Noop.tasksPerSecond(pool));
        }
    }
}
