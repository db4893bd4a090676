package dev.streamipc.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a class archive means to one start: the archive that it uses, or the training of one, or nothing.
 *
 * @param words for the JVM
 */
record ClassArchive(List<String> words, @Nullable ArchiveTraining training) {

    static final ClassArchive NONE = new ClassArchive(List.of(), null);

    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);
    private static final int FIRST_WITH_AOT_LOG = 25;
    private static final int MAX_REMEMBERED = 64;
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    /** Never fails. Reads an archive the first time that this JVM uses it; else it looks at the files of the class path. */
    static ClassArchive of(Program.Java program, Map<String, String> environment) {
        Path wanted = program.archives();
        if (wanted == null) {
            return NONE;
        }
        Optional<String> hindrance = ArchiveRules.hindrance(program, environment);
        if (hindrance.isPresent()) {
            return without(program, hindrance.get());
        }
        try {
            return in(new ArchiveStore(ArchiveFolder.open(wanted)), ArchiveKey.of(program));
        } catch (ArchiveFolder.Unsafe e) {
            if (isNews(e.toString())) {
                LOG.warn("children start without class archives: {}", e.getMessage());
            }
            return NONE;
        } catch (IOException | RuntimeException e) {
            return without(program, e.toString());
        }
    }

    private static ClassArchive in(ArchiveStore store, ArchiveKey key) throws IOException {
        Optional<Path> archive = store.find(key);
        if (archive.isPresent()) {
            List<String> words = new ArrayList<>(quiet());
            words.add("-XX:SharedArchiveFile=" + archive.get());
            return new ClassArchive(words, null);
        }
        for (Path entry : key.classPath()) {
            FileStamp.of(entry);
        }
        return ArchiveTraining.begin(store, key, quiet())
                .map(training -> new ClassArchive(training.words(), training))
                .orElse(NONE);
    }

    /** A JVM that finds an archive unfit goes without; nobody has to hear of it. */
    private static List<String> quiet() {
        List<String> options = new ArrayList<>(List.of("-Xlog:cds*=off:stderr"));
        if (Runtime.version().feature() >= FIRST_WITH_AOT_LOG) {
            options.add("-Xlog:aot*=off:stderr");
        }
        return options;
    }

    private static ClassArchive without(Program.Java program, String why) {
        String main = program.main().getName();
        if (isNews(main + " " + why)) {
            LOG.debug("child starts without a class archive, main={}: {}", main, why);
        }
        return NONE;
    }

    private static boolean isNews(String text) {
        return SAID.size() < MAX_REMEMBERED && SAID.add(text);
    }

    void started(Process process) {
        if (training != null) {
            training.started(process);
        }
    }

    /** The child is ready, or has ended. */
    void settled(Process process) {
        if (training != null) {
            training.settled(process);
        }
    }

    /** There is no child. */
    void abandon() {
        if (training != null) {
            training.abandon();
        }
    }
}
