package dev.streamipc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Who may name whom: every package has a floor and names lower floors only, no two files reach each other, and each
 * library has one room. The rules are checked against what {@code jdeps -verbose:class -filter:none} says.
 *
 * <p>Limit: a constant that the compiler copies leaves no arrow.
 */
final class Floors {

    static final String ROOT = "dev.streamipc";

    /** A new package is listed here first, with its floor, the packages that it may name, and its libraries. */
    static final List<Floor> HOUSE = List.of(
            new Floor(1, "message", Set.of(), Set.of()),
            new Floor(1, "frame", Set.of(), Set.of()),
            new Floor(1, "channel", Set.of(), Set.of("jdk.net")),
            new Floor(1, "flight", Set.of(), Set.of("jdk.jfr")),
            new Floor(1, "clock", Set.of(), Set.of("org.slf4j")),
            new Floor(2, "callback", Set.of("clock", "message"), Set.of("org.slf4j", "org.jctools")),
            new Floor(2, "supervise", Set.of("clock"), Set.of("org.slf4j")),
            new Floor(2, "serial", Set.of("message"), Set.of()),
            new Floor(2, "process", Set.of("message", "channel", "flight"), Set.of("org.slf4j", "com.sun.management")),
            new Floor(3, "serial.kryo", Set.of("message", "serial"), Set.of("com.esotericsoftware")),
            new Floor(3, "serial.json", Set.of("message", "serial"), Set.of("com.fasterxml")),
            new Floor(
                    4,
                    "session",
                    Set.of(
                            "message",
                            "frame",
                            "channel",
                            "flight",
                            "clock",
                            "callback",
                            "serial",
                            "process",
                            "serial.kryo",
                            "serial.json"),
                    Set.of("org.slf4j")),
            new Floor(
                    5,
                    "dispatch",
                    Set.of("message", "process", "flight", "clock", "callback", "supervise", "session"),
                    Set.of("org.slf4j")));

    private static final Set<String> FREE_TO_ALL = Set.of("java", "javax", "org.jspecify");
    private static final String IN_ONE_FILE = "org.jctools";
    private static final Pattern JDEPS_ARROW = Pattern.compile("^ +(\\S+) +-> (\\S+) .*$", Pattern.MULTILINE);

    private Floors() {}

    record Floor(int number, String name, Set<String> mayName, Set<String> libraries) {
        boolean allows(Arrow arrow) {
            String target = packageOf(arrow.to());
            return isOurs(arrow.to())
                    ? mayName.contains(shortName(target)) || target.equals(packageOf(arrow.from()))
                    : isIn(target, FREE_TO_ALL) || isIn(target, libraries);
        }
    }

    /** One class names another. */
    record Arrow(String from, String to) {}

    static List<Arrow> arrows(String jdepsOutput) {
        return JDEPS_ARROW
                .matcher(jdepsOutput)
                .results()
                .filter(found -> isOurs(found.group(1)))
                .map(found -> new Arrow(found.group(1), found.group(2)))
                .toList();
    }

    /** Returns one line for each broken rule; none if the house stands. */
    static List<String> violations(List<Arrow> arrows) {
        if (arrows.isEmpty()) {
            return List.of("no arrows: the classes or the output of jdeps were not read");
        }
        List<String> found = new ArrayList<>();
        arrows.forEach(arrow -> forbidden(arrow).ifPresent(found::add));
        Set<String> users = filesThatName(IN_ONE_FILE, arrows);
        if (users.size() > 1) {
            found.add(IN_ONE_FILE + " has more than one file: " + users);
        }
        found.addAll(cycles(fileGraph(arrows)));
        return found;
    }

    private static Optional<String> forbidden(Arrow arrow) {
        String name = shortName(packageOf(arrow.from()));
        if (name.isEmpty() && arrow.from().endsWith(".package-info")) {
            return Optional.empty();
        }
        Optional<Floor> floor =
                HOUSE.stream().filter(each -> each.name().equals(name)).findFirst();
        if (floor.isEmpty()) {
            return Optional.of("unlisted package: " + arrow.from());
        }
        return floor.get().allows(arrow) ? Optional.empty() : Optional.of("forbidden: " + arrow);
    }

    private static Set<String> filesThatName(String library, List<Arrow> arrows) {
        Set<String> files = new TreeSet<>();
        arrows.stream()
                .filter(arrow -> isIn(packageOf(arrow.to()), Set.of(library)))
                .forEach(arrow -> files.add(fileOf(arrow.from())));
        return files;
    }

    private static NavigableMap<String, Set<String>> fileGraph(List<Arrow> arrows) {
        NavigableMap<String, Set<String>> graph = new TreeMap<>();
        for (Arrow arrow : arrows) {
            String from = fileOf(arrow.from());
            String to = fileOf(arrow.to());
            if (isOurs(to) && !from.equals(to)) {
                graph.computeIfAbsent(from, file -> new TreeSet<>()).add(to);
            }
        }
        return graph;
    }

    /** Returns the shortest way of each file back to itself; a circle is told once, from its first file on. */
    private static List<String> cycles(NavigableMap<String, Set<String>> graph) {
        return graph.keySet().stream()
                .map(file -> wayBack(file, graph))
                .filter(way -> !way.isEmpty() && way.get(0).equals(Collections.min(way)))
                .map(way -> "files in a circle: " + String.join(" -> ", way))
                .toList();
    }

    private static List<String> wayBack(String start, Map<String, Set<String>> graph) {
        Map<String, List<String>> ways = new HashMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty() && !ways.containsKey(start)) {
            String file = open.remove();
            List<String> way = ways.getOrDefault(file, List.of(start));
            for (String next : graph.getOrDefault(file, Set.of())) {
                if (ways.putIfAbsent(next, append(way, next)) == null) {
                    open.add(next);
                }
            }
        }
        return ways.getOrDefault(start, List.of());
    }

    private static List<String> append(List<String> way, String file) {
        List<String> longer = new ArrayList<>(way);
        longer.add(file);
        return List.copyOf(longer);
    }

    private static boolean isOurs(String className) {
        return className.startsWith(ROOT + ".");
    }

    private static boolean isIn(String packageName, Set<String> roots) {
        return roots.stream().anyMatch(root -> (packageName + ".").startsWith(root + "."));
    }

    private static String packageOf(String className) {
        return className.substring(0, Math.max(0, className.lastIndexOf('.')));
    }

    private static String shortName(String packageName) {
        return packageName.equals(ROOT) ? "" : packageName.substring(Math.min(packageName.length(), ROOT.length() + 1));
    }

    private static String fileOf(String className) {
        int nested = className.indexOf('$');
        return nested < 0 ? className : className.substring(0, nested);
    }
}
