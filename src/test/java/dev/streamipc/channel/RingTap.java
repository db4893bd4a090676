package dev.streamipc.channel;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Gets at the shared memory below a session: holds back its reader, counts and alters what is under way. For any thread. */
public final class RingTap {

    private static final int LOOKED_AT = 200_000;

    private final SharedMemoryChannel channel;
    private final RingReader reader;
    private final SharedFile file;
    private final RingPlace in;
    private final RingPlace out;

    /** Which of the two rings, as this side sees them. */
    public enum Way {
        INCOMING,
        OUTGOING
    }

    /** A word that steers a ring. */
    public enum Word {
        WRITTEN,
        READ,
        READER_SLEEPS,
        READER_GONE,
        WRITER_SLEEPS,
        WRITER_GONE;

        private int in(RingPlace place) {
            return switch (this) {
                case WRITTEN -> place.written();
                case READ -> place.read();
                case READER_SLEEPS -> place.readerSleeps();
                case READER_GONE -> place.readerGone();
                case WRITER_SLEEPS -> place.writerSleeps();
                case WRITER_GONE -> place.writerGone();
            };
        }
    }

    /** Stands between a reader and its ring. */
    public interface Valve {

        /** Before each look, perhaps on a caller that polls; blocks for as long as it likes. If false, nothing new is seen. */
        boolean mayLook();

        /** Behind bytes that were taken. */
        void hasRead();
    }

    private RingTap(SharedMemoryChannel channel) {
        this.channel = channel;
        this.reader = (RingReader) value(channel, "in");
        RingWriter writer = (RingWriter) value(channel, "out");
        this.file = (SharedFile) value(writer, "words");
        this.in = (RingPlace) value(reader, "place");
        this.out = (RingPlace) value(writer, "place");
    }

    /** Finds the memory of a session whose other side has joined. */
    public static RingTap of(Object session) {
        return new RingTap(found(session));
    }

    /** Puts the valve in, for good. */
    public void put(Valve valve) {
        try {
            field(RingReader.class, "words").set(reader, new Watched(file, in, valve));
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns whether the channel was closed on this side. */
    public boolean isClosed() {
        return ((AtomicBoolean) value(channel, "closed")).get();
    }

    /** Returns how many bytes stand in a ring. */
    public int unreadBytes(Way way) {
        return (int) (word(way, Word.WRITTEN) - word(way, Word.READ));
    }

    /** Returns how many bytes a ring holds. */
    public int ringBytes() {
        return file.ringBytes();
    }

    /** Returns a word of a ring. */
    public long word(Way way, Word word) {
        return file.get(word.in(place(way)));
    }

    /** Overwrites a word of a ring, as neither side does. */
    public void overwrite(Way way, Word word, long value) {
        file.set(word.in(place(way)), value);
    }

    /** Turns bits of a byte that is unread; the oldest is number 0. */
    public void turn(Way way, int number, int bits) {
        byte[] one = new byte[1];
        int offset = place(way).at(word(way, Word.READ) + number);
        file.read(offset, one, 0, 1);
        one[0] ^= (byte) bits;
        file.write(offset, one, 0, 1);
    }

    /** Closes the connections below, so that the other side sees an end, and this one does not know. */
    public void cutBells() throws IOException {
        ((SocketChannel) value(value(channel, "bytes"), "socket")).close();
        ((SocketChannel) value(value(channel, "room"), "socket")).close();
    }

    private RingPlace place(Way way) {
        return way == Way.INCOMING ? in : out;
    }

    /** The words as a reader sees them. */
    private static final class Watched implements SharedWords {

        private final SharedWords words;
        private final RingPlace place;
        private final Valve valve;
        private volatile long last;

        Watched(SharedWords words, RingPlace place, Valve valve) {
            this.words = words;
            this.place = place;
            this.valve = valve;
            this.last = words.get(place.read());
        }

        @Override
        public long get(int offset) {
            if (offset != place.written()) {
                return words.get(offset);
            }
            if (valve.mayLook()) {
                last = words.get(offset);
            }
            return last;
        }

        @Override
        public void set(int offset, long value) {
            words.set(offset, value);
        }

        @Override
        public long swap(int offset, long value) {
            return words.swap(offset, value);
        }

        @Override
        public void fence() {
            words.fence();
        }

        @Override
        public void read(int offset, byte[] dst, int start, int count) {
            words.read(offset, dst, start, count);
            valve.hasRead();
        }

        @Override
        public void write(int offset, byte[] src, int start, int count) {
            words.write(offset, src, start, count);
        }
    }

    /** Looks at all that the session holds, nearest first. */
    private static SharedMemoryChannel found(Object root) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> next = new ArrayDeque<>();
        next.add(root);
        while (!next.isEmpty() && seen.size() < LOOKED_AT) {
            Object each = next.poll();
            if (each instanceof SharedMemoryChannel channel) {
                return channel;
            }
            if (each instanceof AtomicReference<?> reference && reference.get() != null) {
                next.add(reference.get());
            } else if (isOurs(each.getClass()) && seen.add(each)) {
                addFields(each, next);
            }
        }
        throw new AssertionError("no shared memory below the session");
    }

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("dev.streamipc.");
    }

    private static void addFields(Object each, Deque<Object> next) {
        for (Class<?> type = each.getClass(); isOurs(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    field.setAccessible(true);
                    Object value = valueOf(field, each);
                    if (value != null) {
                        next.add(value);
                    }
                }
            }
        }
    }

    private static Object value(Object owner, String name) {
        return valueOf(field(owner.getClass(), name), owner);
    }

    private static Field field(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new AssertionError(e);
        }
    }

    private static Object valueOf(Field field, Object owner) {
        try {
            return field.get(owner);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
