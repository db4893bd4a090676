package dev.streamipc.faults;

import dev.streamipc.channel.Eventually;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A parent in a JVM of its own, its children and theirs, all found by an entry of their environment. */
final class Family implements AutoCloseable {

    private static final String NAME = "STREAMIPC_FAMILY";
    private static final String REPLIES = "replies";

    private final String name = UUID.randomUUID().toString();
    private final Combo combo;
    private final Path folder = Launchpad.caseFolder();
    private final Process parent;
    private int orders;

    /** Starts a parent with children of a combo, which do this work, and waits for all to be there. */
    Family(Combo combo, int children, String how, String fill) throws Exception {
        this.combo = combo;
        List<String> arguments =
                new ArrayList<>(List.of(combo.name(), folder.toString(), Integer.toString(children), how, fill));
        arguments.addAll(Launchpad.words(combo, folder, ""));
        ProcessBuilder builder = Launchpad.builder(parent(combo, arguments.toArray(String[]::new)), folder);
        builder.environment().put(NAME, name);
        parent = builder.redirectOutput(folder.resolve(REPLIES).toFile())
                .redirectError(folder.resolve("stderr").toFile())
                .start();
        awaitOrClose("family", 1);
    }

    private static List<String> parent(Combo combo, String[] arguments) {
        return combo.isOfPython()
                ? Launchpad.pythonParent(arguments)
                : Launchpad.jvm(FaultParent.class, List.of(), arguments);
    }

    /** Starts a parent with JVM children, each of which has a child of a combo. */
    static Family withGrandchildren(Combo combo, int children) throws Exception {
        Combo ofPythons = combo.isOfPython() ? Combo.PYTHON_JAVA_READER : Combo.JSON_JAVA_READER;
        Combo middle = combo.child().equals("java") ? combo : ofPythons;
        String words = String.join("\n", Launchpad.words(combo, Launchpad.caseFolder(), ""));
        Family family = new Family(middle, children, "raise", words);
        family.awaitOrClose("raised", children);
        return family;
    }

    private void awaitOrClose(String point, int count) throws Exception {
        try {
            awaitMarks(point, count);
        } catch (AssertionError e) {
            String stderr = Files.readString(folder.resolve("stderr"));
            close();
            throw new AssertionError(e.getMessage() + ", stderr=" + stderr, e);
        }
    }

    void awaitMarks(String point, int count) throws Exception {
        Eventually.await(
                count + " stand at " + point,
                () -> Files.exists(folder.resolve(Hook.MARKS))
                        && Files.readAllLines(folder.resolve(Hook.MARKS)).stream()
                                        .filter(line -> line.startsWith(point + " "))
                                        .count()
                                == count);
    }

    /** Returns what a figure of it is told apart by. */
    String parentName() {
        return combo.isOfPython() ? ", python parent" : "";
    }

    long parentPid() {
        return parent.pid();
    }

    Path folder() {
        return folder;
    }

    /** Returns those that live, but for the parent. */
    Set<Long> descendants() throws IOException {
        Set<Long> all = new TreeSet<>(Linux.processesWith(NAME + "=" + name));
        all.remove(parent.pid());
        return all;
    }

    /** Kills the parent and returns its exit code once it is dead. */
    int killParent() throws InterruptedException {
        parent.destroyForcibly();
        return parent.waitFor();
    }

    /** Waits for all to be gone; returns those that are not. */
    Set<Long> awaitGone(long limitNanos) throws IOException {
        long since = System.nanoTime();
        Set<Long> left = descendants();
        while (!left.isEmpty() && System.nanoTime() - since < limitNanos) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            left = left.stream().anyMatch(Linux::lives) ? left : descendants();
        }
        return left;
    }

    /** Gives the parent a word, and returns what it replies. */
    String order(String word) throws Exception {
        OutputStream stdin = parent.getOutputStream();
        orders++;
        String numbered = word + orders;
        stdin.write((numbered + "\n").getBytes(StandardCharsets.UTF_8));
        stdin.flush();
        Eventually.await("the parent replies to " + numbered, () -> reply(numbered) != null);
        return reply(numbered);
    }

    private String reply(String numbered) throws IOException {
        Path replies = folder.resolve(REPLIES);
        if (!Files.exists(replies)) {
            return null;
        }
        return Files.readAllLines(replies).stream()
                .filter(line -> line.startsWith(numbered + " "))
                .map(line -> line.substring(numbered.length() + 1))
                .findFirst()
                .orElse(null);
    }

    /** Ends what is left, by force. */
    @Override
    public void close() throws IOException {
        parent.destroyForcibly().onExit().join();
        for (long pid : descendants()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        awaitGone(TimeUnit.SECONDS.toNanos(5));
        parent.getOutputStream().close();
        Launchpad.delete(folder);
    }
}
