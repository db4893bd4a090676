package dev.streamipc.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the handlers of a child have written: which calls were entered, and which came to their end. */
record Ledger(Map<Integer, Integer> begun, Map<Integer, Integer> ended) {

    static Ledger read(Path folder) throws IOException {
        Map<Integer, Integer> begun = new HashMap<>();
        Map<Integer, Integer> ended = new HashMap<>();
        for (String line : lines(folder.resolve(Hook.LEDGER))) {
            String[] words = line.split(" ");
            (words[0].equals("begin") ? begun : ended).merge(Integer.parseInt(words[1]), 1, Integer::sum);
        }
        return new Ledger(begun, ended);
    }

    /** Returns the facts of the first mark with this name. */
    static Optional<Map<String, String>> mark(Path folder, String point) throws IOException {
        return lines(folder.resolve(Hook.MARKS)).stream()
                .filter(line -> line.startsWith(point + " "))
                .findFirst()
                .map(Ledger::facts);
    }

    private static Map<String, String> facts(String line) {
        Map<String, String> facts = new HashMap<>();
        for (String word : line.split(" ")) {
            String[] parts = word.split("=", 2);
            facts.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
        return facts;
    }

    /** A last line without its end is still being written. */
    private static List<String> lines(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    boolean hasBegun(int id) {
        return begun.containsKey(id);
    }

    boolean hasEnded(int id) {
        return ended.containsKey(id);
    }
}
