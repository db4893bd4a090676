package dev.streamipc.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;

/**
 * A run as a file.
 *
 * @param date day of the run
 * @param command that made it
 * @param machine facts of it, by name
 * @param report what was measured
 */
record Results(String date, String command, Map<String, String> machine, Report report) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Results of(Plan plan, Report report) {
        String command = ("bench/run " + plan.name() + " " + plan.filter()).strip();
        return new Results(LocalDate.now().toString(), command, Machine.facts(), report);
    }

    static Results read(Path file) throws IOException {
        JsonNode root = JSON.readTree(file.toFile());
        Report report = new Report();
        for (JsonNode node : root.path("figures")) {
            report.figures.add(figure(node));
        }
        for (JsonNode node : root.path("missing")) {
            report.missing.add(new Missing(
                    node.path("id").asText(),
                    node.path("against").asText(),
                    node.path("why").asText()));
        }
        Map<String, String> machine = new java.util.LinkedHashMap<>();
        root.path("machine")
                .properties()
                .forEach(fact -> machine.put(fact.getKey(), fact.getValue().asText()));
        return new Results(root.path("date").asText(), root.path("command").asText(), machine, report);
    }

    private static Figure figure(JsonNode node) {
        Figure figure = new Figure(
                node.path("id").asText(),
                node.path("ours").asDouble(),
                node.path("baseline").asDouble(),
                node.path("unit").asText(),
                node.path("against").asText());
        node.path("words")
                .properties()
                .forEach(word -> figure.word(word.getKey(), word.getValue().asText()));
        figure.values(doubles(node.path("oursRounds")), doubles(node.path("baselineRounds")));
        return figure;
    }

    private static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        for (int at = 0; at < values.length; at++) {
            values[at] = array.get(at).asDouble();
        }
        return values;
    }

    /** Whether a row should be in this run: all are, unless the run had a filter. */
    boolean isAbout(String id) {
        String[] words = command.split(" ");
        return words.length < 3 || id.startsWith(words[2]);
    }

    /** Keeps a whole run by its day, and a part of one where nobody takes it for more. */
    Path write() throws IOException {
        String[] words = command.split(" ");
        String name = words.length > 2
                ? "target/part.json"
                : "results/" + date + (words[1].equals("full") ? "" : "-quick") + ".json";
        Path file = Path.of(Command.file(name));
        Files.createDirectories(file.getParent());
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json()) + "\n");
        return file;
    }

    private ObjectNode json() {
        ObjectNode root = JSON.createObjectNode().put("date", date).put("command", command);
        machine.forEach(root.putObject("machine")::put);
        ArrayNode figures = root.putArray("figures");
        for (Figure figure : report.figures) {
            ObjectNode node = figures.addObject()
                    .put("id", figure.id)
                    .put("ours", figure.ours)
                    .put("baseline", figure.baseline)
                    .put("ratio", figure.ratio())
                    .put("unit", figure.unit)
                    .put("against", figure.against);
            figure.words.forEach(node.putObject("words")::put);
            add(node.putArray("oursRounds"), figure.oursValues);
            add(node.putArray("baselineRounds"), figure.baselineValues);
        }
        ArrayNode missing = root.putArray("missing");
        report.missing.forEach(row -> missing.addObject()
                .put("id", row.id())
                .put("against", row.against())
                .put("why", row.why()));
        return root;
    }

    private static void add(ArrayNode array, double[] values) {
        for (double value : values) {
            array.add(value);
        }
    }
}
