package dev.streamipc.process;

import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where Python finds the {@code streamipc} package that travels with these classes: in their directory, inside their
 * jar (Python imports from a folder of a zip), or unpacked where neither can stand on PYTHONPATH.
 */
final class PythonHelper {

    private static final Logger LOG = LoggerFactory.getLogger(PythonHelper.class);
    private static final String FOLDER = "python";
    private static final String PACKAGE = FOLDER + "/streamipc/";
    private static final PythonHelper OWN = new PythonHelper(PythonHelper.class);

    private final Class<?> anchor;
    // guarded by this
    private boolean located;
    // guarded by this
    private Optional<String> entry = Optional.empty();

    PythonHelper(Class<?> anchor) {
        this.anchor = anchor;
    }

    static PythonHelper own() {
        return OWN;
    }

    /** Returns the entry for PYTHONPATH, empty if these classes came without the package. */
    synchronized Optional<String> entry() throws IOException {
        if (!located) {
            entry = locate();
            located = true;
            if (entry.isEmpty()) {
                LOG.warn("python package streamipc is not beside {}; a script has to bring its own", anchor.getName());
            }
        }
        return entry;
    }

    private Optional<String> locate() throws IOException {
        Optional<Path> source = codeSource();
        if (source.isPresent() && Files.isDirectory(source.get())) {
            Path folder = source.get().resolve(FOLDER);
            return Files.isDirectory(folder) ? Optional.of(fit(folder)) : Optional.empty();
        }
        if (source.isPresent() && isFit(source.get())) {
            try (JarFile jar = new JarFile(source.get().toFile())) {
                boolean inside = jar.stream().anyMatch(PythonHelper::isOurs);
                return inside ? Optional.of(source.get().resolve(FOLDER).toString()) : Optional.empty();
            }
        }
        return unpackJar();
    }

    private Optional<Path> codeSource() {
        CodeSource source = anchor.getProtectionDomain().getCodeSource();
        if (source == null || !"file".equals(source.getLocation().getProtocol())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException e) {
            LOG.debug("code source is no path, location={}", source.getLocation(), e);
            return Optional.empty();
        }
    }

    /** PYTHONPATH has no way to quote its separator. */
    private static boolean isFit(Path path) {
        return !path.toString().contains(File.pathSeparator);
    }

    private static String fit(Path folder) throws IOException {
        if (isFit(folder)) {
            return folder.toString();
        }
        Path target = TempFiles.directory(FOLDER);
        try (Stream<Path> tree = Files.walk(folder)) {
            List<Path> files = tree.filter(Files::isRegularFile).toList();
            for (Path file : files) {
                Path copy = target.resolve(folder.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        return target.toString();
    }

    private Optional<String> unpackJar() throws IOException {
        URL self = anchor.getResource(anchor.getSimpleName() + ".class");
        URLConnection connection = self == null ? null : self.openConnection();
        if (!(connection instanceof JarURLConnection inJar)) {
            return Optional.empty();
        }
        inJar.setUseCaches(false);
        try (JarFile jar = inJar.getJarFile()) {
            List<JarEntry> entries = jar.stream().filter(PythonHelper::isOurs).toList();
            return entries.isEmpty() ? Optional.empty() : Optional.of(unpack(jar, entries));
        }
    }

    private static boolean isOurs(JarEntry entry) {
        return !entry.isDirectory() && entry.getName().startsWith(PACKAGE);
    }

    private static String unpack(JarFile jar, List<JarEntry> entries) throws IOException {
        Path target = TempFiles.directory(FOLDER);
        for (JarEntry entry : entries) {
            Path copy = target.resolve(entry.getName().substring(FOLDER.length() + 1));
            Files.createDirectories(copy.getParent());
            Files.copy(jar.getInputStream(entry), copy);
        }
        return target.toString();
    }
}
