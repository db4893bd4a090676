package dev.streamipc.faults;

import dev.streamipc.channel.RingTap;
import dev.streamipc.channel.RingTap.Way;
import dev.streamipc.channel.RingTap.Word;
import java.util.Random;

/** What is done to a ring while a request, or its answer, stands in it unread. */
enum RingDamage {
    /** A bit of the header of what comes first. */
    HEADER {
        @Override
        void befall(RingTap tap, Way way, Random chance) {
            tap.turn(way, chance.nextInt(24), 1 << chance.nextInt(8));
        }
    },
    /** Many bytes at once. */
    BYTES {
        @Override
        void befall(RingTap tap, Way way, Random chance) {
            for (int i = 0; i < 24; i++) {
                tap.turn(way, i, 1 + chance.nextInt(255));
            }
        }
    },
    /** Bytes seem to have been taken back. */
    WRITTEN_BACK {
        @Override
        void befall(RingTap tap, Way way, Random chance) {
            tap.overwrite(way, Word.WRITTEN, chance.nextInt((int) tap.word(way, Word.READ)));
        }
    },
    /** More seems to be there than the ring holds. */
    WRITTEN_BEYOND {
        @Override
        void befall(RingTap tap, Way way, Random chance) {
            tap.overwrite(way, Word.WRITTEN, tap.word(way, Word.READ) + tap.ringBytes() + 1 + chance.nextInt(1 << 30));
        }
    },
    /** Anything at all. */
    WRITTEN_RANDOM {
        @Override
        void befall(RingTap tap, Way way, Random chance) {
            tap.overwrite(way, Word.WRITTEN, chance.nextLong());
        }
    },
    /** More seems to have been read than was written. */
    READ_BEYOND {
        @Override
        void befall(RingTap tap, Way way, Random chance) {
            tap.overwrite(way, Word.READ, tap.word(way, Word.WRITTEN) + 1 + chance.nextInt(1 << 30));
        }
    },
    /** The other side seems to write, or to read, no more. */
    GONE {
        @Override
        void befall(RingTap tap, Way way, Random chance) {
            tap.overwrite(way, chance.nextBoolean() ? Word.WRITER_GONE : Word.READER_GONE, 1);
        }
    },
    /** Who sleeps seems to be awake, or the other way round: nothing but time may depend on it. */
    SLEEPS {
        @Override
        void befall(RingTap tap, Way way, Random chance) {
            tap.overwrite(way, Word.READER_SLEEPS, chance.nextInt(2) * chance.nextLong());
            tap.overwrite(way, Word.WRITER_SLEEPS, chance.nextInt(2) * chance.nextLong());
        }
    };

    abstract void befall(RingTap tap, Way way, Random chance);

    /** Returns whether who reads can't but see it, and end the session. */
    boolean isSeen() {
        return ordinal() <= WRITTEN_RANDOM.ordinal();
    }

    static RingDamage of(int number) {
        return values()[number % values().length];
    }
}
