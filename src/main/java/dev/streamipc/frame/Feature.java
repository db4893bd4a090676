package dev.streamipc.frame;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A part of the wire that is in force where both HELLOs name it (docs/PROTOCOL.md, sections 12 to 16). */
public enum Feature {
    /** Large messages travel in pieces. */
    CHUNKS("chunks", Kind.CHUNK.bit(), 0),
    /** Raw bytes stand behind a body. */
    ATTACHMENTS("attachments", 0, Flags.ATTACHMENTS),
    /** A call answers with many messages, or brings many along. */
    STREAMS("streams", Kind.PART.bit() | Kind.DEMAND.bit(), Flags.WANT_PARTS | Flags.BRINGS_PARTS),
    /** A request says which attempt it is, and the key of all of them. */
    ATTEMPTS("attempts", 0, Flags.ATTEMPT);

    private final String wireName;
    private final int kindBits;
    private final int flags;

    Feature(String wireName, int kindBits, int flags) {
        this.wireName = wireName;
        this.kindBits = kindBits;
        this.flags = flags;
    }

    /**
     * Returns the names of all features, as HELLO lists them.
     *
     * @return the names
     */
    public static List<String> wireNames() {
        return Arrays.stream(values()).map(feature -> feature.wireName).toList();
    }

    /**
     * Returns the features that are named.
     *
     * @param wireNames what HELLO lists; unknown ones are passed over
     * @return a set
     */
    public static Set<Feature> named(Collection<String> wireNames) {
        EnumSet<Feature> named = EnumSet.noneOf(Feature.class);
        for (Feature feature : values()) {
            if (wireNames.contains(feature.wireName)) {
                named.add(feature);
            }
        }
        return Collections.unmodifiableSet(named);
    }

    /** Returns the kinds that only features allow and these do not, a bit for each number. */
    static int kindBitsWithout(Set<Feature> features) {
        int bits = 0;
        for (Feature feature : values()) {
            bits |= features.contains(feature) ? 0 : feature.kindBits;
        }
        return bits;
    }

    /** Returns the flags that only features allow and these do not. */
    static int flagsWithout(Set<Feature> features) {
        int bits = 0;
        for (Feature feature : values()) {
            bits |= features.contains(feature) ? 0 : feature.flags;
        }
        return bits;
    }
}
