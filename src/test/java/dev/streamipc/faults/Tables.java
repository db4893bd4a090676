package dev.streamipc.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of a document, each under its two headings and the first word of its head. */
final class Tables {

    private final Map<String, Table> tables = new LinkedHashMap<>();

    /** A table: its head, and its rows by their first cell, of which the name in backticks counts where there is one. */
    record Table(List<String> head, Map<String, List<String>> rows) {

        /** Returns a cell, empty if there is none. */
        String cell(String row, String column) {
            int at = head.indexOf(column);
            List<String> cells = rows.getOrDefault(row, List.of());
            return at < 0 || at >= cells.size() ? "" : cells.get(at);
        }
    }

    /** Reads a document. */
    static Tables of(List<String> document) {
        Tables tables = new Tables();
        String place = "";
        Table table = null;
        for (String line : document) {
            if (!line.startsWith("|")) {
                place = placeBehind(place, line);
                table = null;
            } else if (table == null) {
                table = new Table(cells(line), new LinkedHashMap<>());
                tables.tables.put(place + table.head.get(0), table);
            } else if (!line.startsWith("| ---")) {
                table.rows.put(name(cells(line)), cells(line));
            }
        }
        return tables;
    }

    /** Returns where the tables behind a line are. */
    static String placeBehind(String place, String line) {
        if (line.startsWith("## ")) {
            return line.substring(3) + "/";
        }
        return line.startsWith("### ") ? place.substring(0, place.indexOf('/') + 1) + line.substring(4) + "/" : place;
    }

    /** Returns the table at a place, empty if there is none. */
    Table table(String place, String first) {
        return tables.getOrDefault(place + first, new Table(List.of(), Map.of()));
    }

    static List<String> cells(String line) {
        return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("(?<!\\\\)\\|", -1))
                .map(String::strip)
                .toList();
    }

    static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    static String name(List<String> cells) {
        String first = cells.get(0);
        return first.startsWith("`") ? first.substring(0, first.indexOf('`', 1) + 1) : first;
    }

    /** Returns the cells of all rows, one behind the other. */
    static List<String> lines(Map<String, List<String>> rows) {
        List<String> lines = new ArrayList<>();
        rows.values().forEach(cells -> lines.add(line(cells)));
        return lines;
    }
}
