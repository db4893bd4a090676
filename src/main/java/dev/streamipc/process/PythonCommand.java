package dev.streamipc.process;

import dev.streamipc.message.StartFailed;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The words that run a script, and the module path that goes with them. */
final class PythonCommand {

    private static final String MODULE_PATH = "PYTHONPATH";

    private PythonCommand() {}

    static List<String> of(Program.Python program, Child.Spec spec, Path directory) {
        Path script = directory.resolve(program.script()).normalize();
        if (!Files.isReadable(script) || Files.isDirectory(script)) {
            throw new StartFailed("no such script, tried=" + script, List.of(), null, null);
        }
        List<String> words = new ArrayList<>();
        Interpreters interpreters = Interpreters.chosenBy(spec.environment().added());
        words.add(interpreters.find(program.interpreter()).toString());
        words.addAll(List.of("-X", "utf8", script.toString()));
        words.addAll(spec.arguments());
        return words;
    }

    /** Puts the helper before the user's own modules, so that parent and child are of one version. */
    static void addHelper(Map<String, String> environment) {
        try {
            PythonHelper.own().entry().ifPresent(entry -> prepend(environment, entry));
        } catch (IOException e) {
            throw new StartFailed("the python package streamipc could not be unpacked", List.of(), null, e);
        }
    }

    static void prepend(Map<String, String> environment, String entry) {
        environment.merge(
                MODULE_PATH, entry, (users, ours) -> users.isEmpty() ? ours : ours + File.pathSeparator + users);
    }
}
