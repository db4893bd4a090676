package dev.streamipc.bench;

import java.util.ArrayList;
import java.util.List;

/** Text in columns: the first and those that hold no numbers are flush left. */
final class Table {

    private static final int FIRST_NUMBER = 1;
    private static final int LAST_NUMBER = 4;

    private final List<String[]> lines = new ArrayList<>();

    Table(String... heads) {
        lines.add(heads);
    }

    void line(String... cells) {
        lines.add(cells);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String[] line : lines) {
            StringBuilder row = new StringBuilder();
            for (int column = 0; column < line.length; column++) {
                row.append(column == 0 ? "" : "  ").append(padded(line[column], column));
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private String padded(String cell, int column) {
        int width = lines.stream().mapToInt(line -> line[column].length()).max().orElse(0);
        String space = " ".repeat(width - cell.length());
        return column >= FIRST_NUMBER && column <= LAST_NUMBER ? space + cell : cell + space;
    }
}
