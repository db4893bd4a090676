package dev.streamipc.process;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** All jars that a class path stands for: those that it names, and those that their manifests name. */
final class ClassPathFiles {

    private static final int MAX_FILES = 10_000;

    private ClassPathFiles() {}

    /**
     * Reads the manifest of each jar.
     *
     * @throws IOException if there is a folder among them, or a file that is no jar
     */
    static List<FileStamp> all(List<Path> classPath) throws IOException {
        Map<Path, FileStamp> found = new LinkedHashMap<>();
        Deque<Path> open = new ArrayDeque<>(classPath);
        while (!open.isEmpty()) {
            Path next = open.remove();
            if (!found.containsKey(next)) {
                FileStamp stamp = FileStamp.of(next);
                found.put(next, stamp);
                if (stamp.exists()) {
                    open.addAll(named(next));
                }
            }
            if (found.size() > MAX_FILES) {
                throw new IOException("more jars than an archive is made for: maxFiles=" + MAX_FILES);
            }
        }
        return new ArrayList<>(found.values());
    }

    /** One that is no path of this machine is none of the JVM's either. */
    private static List<Path> named(Path jar) throws IOException {
        List<Path> named = new ArrayList<>();
        try (JarFile open = new JarFile(jar.toFile())) {
            Manifest manifest = open.getManifest();
            String text = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            for (String word : text == null ? new String[0] : text.strip().split("\\s+")) {
                if (!word.isEmpty()) {
                    named.add(Path.of(URI.create(jar.toUri().toString()).resolve(word)));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("a jar names what is no file: jar=" + jar, e);
        }
        return named;
    }
}
