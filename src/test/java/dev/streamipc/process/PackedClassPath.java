package dev.streamipc.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Class paths of jars alone, as programs have them that are not under test. While one is open, children get it. */
public final class PackedClassPath implements AutoCloseable {

    private static final String PROPERTY = "java.class.path";

    private final String before = System.getProperty(PROPERTY);

    private PackedClassPath(List<Path> entries) {
        set(entries);
    }

    static PackedClassPath of(Path... entries) {
        return new PackedClassPath(List.of(entries));
    }

    /** Packs the folders of this JVM's class path into a jar. */
    public static PackedClassPath ofThisJvm(Path folder) throws IOException {
        return new PackedClassPath(packed(folder.resolve("classes.jar"), name -> name.endsWith(".class")));
    }

    /** Packs what has such a name in the folders of this JVM's class path into a jar; returns it and the other jars. */
    public static List<Path> packed(Path target, Predicate<String> names) throws IOException {
        List<Path> path = new ArrayList<>(List.of(target));
        Set<String> seen = new HashSet<>();
        try (OutputStream file = Files.newOutputStream(target);
                JarOutputStream jar = new JarOutputStream(file)) {
            for (Path entry : entries()) {
                if (Files.isDirectory(entry)) {
                    pack(entry, jar, name -> names.test(name) && seen.add(name));
                } else if (Files.exists(entry)) {
                    path.add(entry);
                }
            }
        }
        return path;
    }

    /** Returns a jar with these classes. */
    static Path jar(Path target, Class<?>... classes) throws IOException {
        return jar(target, "", classes);
    }

    /** Returns a jar with these classes, whose manifest names other jars, unless that is empty. */
    static Path jar(Path target, String others, Class<?>... classes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (!others.isEmpty()) {
            manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, others);
        }
        try (OutputStream file = Files.newOutputStream(target);
                JarOutputStream jar = new JarOutputStream(file, manifest)) {
            for (Class<?> type : classes) {
                String name = type.getName().replace('.', '/') + ".class";
                try (InputStream in = ClassLoader.getSystemResourceAsStream(name)) {
                    jar.putNextEntry(new JarEntry(name));
                    in.transferTo(jar);
                }
            }
        }
        return target;
    }

    void set(List<Path> entries) {
        System.setProperty(
                PROPERTY,
                String.join(
                        File.pathSeparator, entries.stream().map(Path::toString).toList()));
    }

    void add(Path entry) {
        System.setProperty(PROPERTY, System.getProperty(PROPERTY) + File.pathSeparator + entry);
    }

    @Override
    public void close() {
        System.setProperty(PROPERTY, before);
    }

    /** A class path may be a single jar that names the others in its manifest. */
    private static List<Path> entries() throws IOException {
        List<Path> entries = Arrays.stream(System.getProperty(PROPERTY).split(File.pathSeparator))
                .map(Path::of)
                .toList();
        if (entries.size() > 1) {
            return entries;
        }
        try (JarFile jar = new JarFile(entries.get(0).toFile())) {
            URI base = entries.get(0).toUri();
            String named = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return Arrays.stream(named.split(" "))
                    .map(base::resolve)
                    .map(Path::of)
                    .toList();
        }
    }

    private static void pack(Path folder, JarOutputStream jar, Predicate<String> isWanted) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (isWanted.test(name)) {
                    jar.putNextEntry(new JarEntry(name));
                    Files.copy(file, jar);
                }
            }
        }
    }
}
