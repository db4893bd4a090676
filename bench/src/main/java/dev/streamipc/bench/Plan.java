package dev.streamipc.bench;

/**
 * How much is measured.
 *
 * @param isFull whether there are enough rounds for a spread
 * @param filter what the ids of the wanted rows start with
 */
record Plan(boolean isFull, String filter) {

    static Plan of(String[] words) {
        String depth = words.length > 0 ? words[0] : "quick";
        if (words.length > 2 || !(depth.equals("quick") || depth.equals("full"))) {
            throw new IllegalArgumentException(
                    "usage: bench/run [quick|full] [filter], a filter is the begin of an id: P1.reader");
        }
        return new Plan(depth.equals("full"), words.length > 1 ? words[1] : "");
    }

    String name() {
        return isFull ? "full" : "quick";
    }

    int rounds() {
        return isFull ? 11 : 5;
    }

    /** How long one side measures in one round, where it can choose. */
    int roundMillis() {
        return isFull ? 800 : 200;
    }

    boolean wants(String id) {
        return id.startsWith(filter);
    }
}
