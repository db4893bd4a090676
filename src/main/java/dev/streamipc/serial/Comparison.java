package dev.streamipc.serial;

import java.util.Map;

/**
 * How an entry of this side compares with the other side's table.
 *
 * @param there the other side's entries by name
 * @param equalShapes whether the hashes must be equal too
 */
record Comparison(Map<String, TypeEntry> there, boolean equalShapes) {

    Comparison {
        there = Map.copyOf(there);
    }

    boolean isShared(TypeEntry here) {
        TypeEntry match = there.get(here.name());
        return match != null
                && (!equalShapes || here.hash() != null && here.hash().equals(match.hash()));
    }

    String whyNotShared(TypeEntry here) {
        TypeEntry match = there.get(here.name());
        if (match == null) {
            return "not registered on the other side: type=" + here.name() + "; register it there too";
        }
        if (isShared(here)) {
            return "shared by both sides: type=" + here.name();
        }
        return "declared differently on the two sides: type=" + here.name() + ", here=" + described(here) + ", there="
                + described(match) + "; build both sides from the same classes";
    }

    private static String described(TypeEntry entry) {
        return (entry.shape() == null ? "(not told)" : entry.shape()) + " hash " + entry.hash();
    }
}
