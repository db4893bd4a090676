package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * No order of steps of the two sides of a ring loses a byte or a wake-up: the code of the channel, on a ring of four bytes,
 * in every order. What a test takes away from the code on purpose is found.
 */
@Timeout(60)
class RingExplorerTest {

    private static final RingPlace PLACE = new RingPlace(0, 1_024, 4);
    private static final int BYTES = 0;
    private static final int ROOM = 1;
    private static final int WRITING = 0;
    private static final int READING = 1;
    private static final String ALL = "0102030405";

    private static RingWriter writer(SharedWords words, RingScript script) {
        return new RingWriter(words, PLACE, new Bell.Pair(script.bell(BYTES), script.bell(ROOM)), 0);
    }

    private static RingReader reader(SharedWords words, RingScript script) {
        return new RingReader(words, PLACE, new Bell.Pair(script.bell(BYTES), script.bell(ROOM)), 0);
    }

    /** Writes the numbers from 1 to 5 in two messages, and goes. */
    private static RingExplorer.Thread writing(Words words) {
        return new RingExplorer.Thread(WRITING, script -> {
            RingWriter writer = writer(words.of(script), script);
            script.knowing(writer::toString);
            writer.put(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            writer.put(ByteBuffer.wrap(new byte[] {4, 5}));
            writer.leave();
            script.hangUp();
            return "written";
        });
    }

    /** Reads to the end, or to at least so many bytes, and goes. */
    private static RingExplorer.Thread reading(Words words, int most) {
        return new RingExplorer.Thread(READING, script -> {
            RingReader reader = reader(words.of(script), script);
            String text = read(script, reader, most);
            reader.leave();
            script.hangUp();
            return text;
        });
    }

    private static String read(RingScript script, RingReader reader, int most) throws IOException {
        ByteBuffer dst = ByteBuffer.allocate(3);
        StringBuilder text = new StringBuilder();
        script.knowing(() -> reader + " " + text);
        while (text.length() < 2 * most && reader.take(dst.clear()) > 0) {
            text.append(HexFormat.of().formatHex(dst.array(), 0, dst.position()));
        }
        return text.toString();
    }

    /** What the code believes to be the memory. */
    private interface Words {
        SharedWords of(RingScript script);
    }

    @Test
    void everythingArrivesInEveryOrder() {
        RingExplorer explorer = new RingExplorer(false, writing(script -> script), reading(script -> script, 99));

        assertEquals(Set.of(List.of("written", ALL)), explorer.ends());
        assertTrue(explorer.worlds() > 10_000, "worlds=" + explorer.worlds());
    }

    @Test
    void deathOfEitherEndsTheOther() {
        RingExplorer explorer = new RingExplorer(true, writing(script -> script), reading(script -> script, 99));

        Set<String> ends = texts(explorer);

        assertEquals(Set.of(), stuck(ends));
        for (String end : ends) {
            assertTrue(isWhole(end), end);
        }
        assertTrue(ends.contains("dead | 010203"), ends.toString());
        assertTrue(ends.contains("channel is closed on the other side | dead"), ends.toString());
    }

    private static boolean isWhole(String end) {
        String[] both = end.split(" \\| ", -1);
        boolean wrote =
                Set.of("written", "dead", "channel is closed on the other side").contains(both[0]);
        return wrote
                && (both[1].equals("dead")
                        || ALL.startsWith(both[1]) && (both[0].equals("dead") || both[1].equals(ALL)));
    }

    @Test
    void readerThatGoesEndsTheWriter() {
        RingExplorer explorer = new RingExplorer(false, writing(script -> script), reading(script -> script, 1));

        Set<String> ends = texts(explorer);

        assertEquals(Set.of(), stuck(ends));
        assertTrue(ends.contains("channel is closed on the other side | 01"), ends.toString());
    }

    @Test
    void closeHereEndsTheReadThatWaits() {
        RingExplorer.Thread closing = new RingExplorer.Thread(READING, script -> {
            reader(script, script).leave();
            script.hangUp();
            return "closed";
        });
        RingExplorer.Thread silent = new RingExplorer.Thread(WRITING, script -> {
            RingWriter writer = writer(script, script);
            writer.put(ByteBuffer.wrap(new byte[] {1, 2}));
            return "written";
        });
        RingExplorer explorer = new RingExplorer(false, silent, reading(script -> script, 99), closing);

        assertEquals(Set.of(), stuck(texts(explorer)));
    }

    @Test
    void codeWithoutItsFencesIsFoundOut() {
        Words unfenced = script -> new Unfenced(script);

        Set<String> ends = texts(new RingExplorer(false, writing(unfenced), reading(unfenced, 99)));

        assertTrue(!stuck(ends).isEmpty(), ends.toString());
    }

    @Test
    void sleeperThatLooksBeforeItSaysSoIsFoundOut() {
        RingExplorer.Thread hasty = new RingExplorer.Thread(READING, script -> {
            RingReader reader = reader(script, script);
            while (reader.look() == 0) {
                script.set(PLACE.readerSleeps(), 1);
                script.fence();
                script.bell(BYTES).await();
            }
            return "read";
        });

        assertTrue(!stuck(texts(new RingExplorer(false, silentWriter(), hasty))).isEmpty());
    }

    @Test
    void wakerThatLooksForSleepersBeforeItPublishesIsFoundOut() {
        RingExplorer.Thread hasty = new RingExplorer.Thread(WRITING, script -> {
            RingWait.wake(script, PLACE.readerSleeps(), script.bell(BYTES));
            script.set(PLACE.written(), 1);
            return "written";
        });

        assertTrue(!stuck(texts(new RingExplorer(false, hasty, reading(script -> script, 1))))
                .isEmpty());
    }

    private static RingExplorer.Thread silentWriter() {
        return new RingExplorer.Thread(WRITING, script -> {
            writer(script, script).put(ByteBuffer.wrap(new byte[] {1}));
            return "written";
        });
    }

    private static Set<String> texts(RingExplorer explorer) {
        Set<String> texts = new TreeSet<>();
        explorer.ends().forEach(end -> texts.add(String.join(" | ", end)));
        return texts;
    }

    private static Set<String> stuck(Set<String> ends) {
        Set<String> stuck = new TreeSet<>(ends);
        stuck.removeIf(end -> !end.contains("stuck"));
        return stuck;
    }

    /** Leaves the fences out. */
    private record Unfenced(RingScript script) implements SharedWords {

        @Override
        public long get(int offset) {
            return script.get(offset);
        }

        @Override
        public void set(int offset, long value) {
            script.set(offset, value);
        }

        @Override
        public long swap(int offset, long value) {
            return script.swap(offset, value);
        }

        @Override
        public void fence() {
            // the fault
        }

        @Override
        public void read(int offset, byte[] dst, int start, int count) {
            script.read(offset, dst, start, count);
        }

        @Override
        public void write(int offset, byte[] src, int start, int count) {
            script.write(offset, src, start, count);
        }
    }
}
