package dev.streamipc.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the document of the matrix, and says where it does not fit the plan. */
public final class ReliabilityCheck {

    private static final Pattern PROFILE = Pattern.compile("\\| profile \\| (\\w+) \\|");
    private static final Pattern VERSION = Pattern.compile("## (Java \\d+)");
    private static final Pattern ROW = Pattern.compile("\\| `([\\w.-]+)`: .*?\\| (\\d+)/(\\d+) \\|.*\\| (\\d+) \\|");

    private ReliabilityCheck() {}

    /** Returns what is wrong, in words: a row that is missing, a case that was not run, a violation. */
    public static List<String> faults(List<String> document) {
        List<String> faults = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i < document.size(); i++) {
            if (VERSION.matcher(document.get(i)).matches()) {
                starts.add(i);
            }
        }
        if (starts.isEmpty()) {
            faults.add("no version of Java");
        }
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : document.size();
            faults.addAll(faultsOfVersion(document.subList(starts.get(i), end)));
        }
        return faults;
    }

    private static List<String> faultsOfVersion(List<String> section) {
        String version = section.get(0).substring("## ".length());
        List<String> faults = new ArrayList<>();
        Profile profile = section.stream()
                .map(PROFILE::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(found -> Profile.of(found.group(1)))
                .orElseThrow(() -> new AssertionError("no profile: " + version));
        for (Row row : Plan.rows()) {
            faultOf(row, profile, section).ifPresent(fault -> faults.add(version + ", " + row.id() + ": " + fault));
        }
        return faults;
    }

    private static Optional<String> faultOf(Row row, Profile profile, List<String> section) {
        List<Matcher> found = section.stream()
                .map(ROW::matcher)
                .filter(line -> line.matches() && line.group(1).equals(row.id()))
                .toList();
        if (found.size() != 1) {
            return Optional.of("rows=" + found.size());
        }
        int expected = Integer.parseInt(found.get(0).group(2));
        int run = Integer.parseInt(found.get(0).group(3));
        int violations = Integer.parseInt(found.get(0).group(4));
        if (expected == row.allCases(profile) && run == expected && violations == 0) {
            return Optional.empty();
        }
        return Optional.of("planned=" + row.allCases(profile) + ", expected=" + expected + ", run=" + run
                + ", violations=" + violations);
    }
}
