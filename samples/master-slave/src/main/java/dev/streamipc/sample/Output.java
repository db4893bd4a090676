package dev.streamipc.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToIntFunction;

/** Writes the result to stdout, one row a line. */
final class Output {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHA256_CHARS = 64;

    private final List<Row> rows;
    private final int linesChars;
    private final int bytesChars;
    private final int slaveChars;

    Output(List<Row> rows) {
        this.rows = rows;
        this.linesChars = widest(answer -> digits(answer.lines()));
        this.bytesChars = widest(answer -> digits(answer.bytes()));
        this.slaveChars =
                rows.stream().mapToInt(row -> row.slave().length()).max().orElse(0);
    }

    private int widest(ToIntFunction<FileResponse> chars) {
        return rows.stream()
                .map(Row::answer)
                .filter(answer -> answer != null)
                .mapToInt(chars)
                .max()
                .orElse(1);
    }

    private static int digits(long number) {
        return Long.toString(number).length();
    }

    void print(boolean json) throws IOException {
        try (Writer out = new BufferedWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8))) {
            for (Row row : rows) {
                out.write(json ? json(row) : columns(row));
                out.write('\n');
            }
        }
    }

    private static String json(Row row) throws JsonProcessingException {
        return JSON.writeValueAsString(row.fields());
    }

    /** Returns digest, lines, bytes, slave and path; or in the place of the first four why there are none. */
    private String columns(Row row) {
        FileResponse answer = row.answer();
        String facts = answer == null
                ? "error: " + Escapes.controls(row.error())
                : answer.sha256() + "  " + right(linesChars, answer.lines()) + "  " + right(bytesChars, answer.bytes())
                        + "  " + row.slave();
        int width = SHA256_CHARS + linesChars + bytesChars + slaveChars + 6;
        return facts + " ".repeat(Math.max(0, width - facts.length())) + "  "
                + row.name().line();
    }

    private static String right(int width, long number) {
        String text = Long.toString(number);
        return " ".repeat(width - text.length()) + text;
    }
}
