package dev.streamipc.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The Python that all sides run on: what python3 on the path is in truth, since a shim of it takes long to start. */
final class Python {

    private static final String PROGRAM = find();

    private Python() {}

    static String program() {
        return PROGRAM;
    }

    private static String find() {
        try {
            Process process = new ProcessBuilder("python3", "-c", "import sys; print(sys.executable)").start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return said.isEmpty() ? "python3" : said;
        } catch (IOException e) {
            return "python3";
        }
    }
}
