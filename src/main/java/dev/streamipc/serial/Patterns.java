package dev.streamipc.serial;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Bounds on regular expressions that travel. Compiling one that came from the other side costs time that grows with its
 * length; what matching with it costs, nobody can bound: do not match with the patterns of a side that you do not trust.
 */
public final class Patterns {

    /** Most characters of a pattern that travels. */
    public static final int MAX_CHARS = 4_000;

    /** Unless {@link Pattern#CANON_EQ}: with it, a few letters with accents take years to compile. */
    private static final int ALLOWED = Pattern.UNIX_LINES
            | Pattern.CASE_INSENSITIVE
            | Pattern.COMMENTS
            | Pattern.MULTILINE
            | Pattern.LITERAL
            | Pattern.DOTALL
            | Pattern.UNICODE_CASE
            | Pattern.UNICODE_CHARACTER_CLASS;

    /** The flags that a pattern can switch in its own text. */
    private static final int[] SWITCHES = {
        Pattern.UNIX_LINES,
        Pattern.CASE_INSENSITIVE,
        Pattern.COMMENTS,
        Pattern.MULTILINE,
        Pattern.DOTALL,
        Pattern.UNICODE_CASE,
        Pattern.UNICODE_CHARACTER_CLASS
    };

    private static final Pattern LEADING_SWITCHES = Pattern.compile("(?:\\(\\?[a-zA-Z]*(?:-[a-zA-Z]*)?\\))*");

    private Patterns() {}

    /**
     * Compiles what came in.
     *
     * @param text the pattern
     * @param flags of {@link Pattern}
     * @return the pattern
     * @throws IllegalArgumentException if it is longer than {@link #MAX_CHARS}, has flags that can't travel, is no regular
     *     expression, or is not what {@link #checked} lets out
     */
    public static Pattern compile(String text, int flags) {
        checkBounds(text, flags);
        return checked(Pattern.compile(text, flags));
    }

    /**
     * Finds out whether a pattern, compiled anew from its text and flags, would match the same.
     *
     * @param pattern one that is to be sent
     * @return the same
     * @throws IllegalArgumentException if it is over the bounds, or switches a flag in the middle of its text: such a
     *     flag looks as if the whole were compiled with it
     */
    public static Pattern checked(Pattern pattern) {
        checkBounds(pattern.pattern(), pattern.flags());
        if ((pattern.flags() & Pattern.LITERAL) == 0 && hasSwitchInside(pattern)) {
            throw new IllegalArgumentException(
                    "pattern switches a flag in the middle, which its flags do not tell: chars="
                            + pattern.pattern().length() + ", flags=" + pattern.flags()
                            + "; switch it at the start, or in a group such as (?i:...)");
        }
        return pattern;
    }

    /**
     * Returns whether a pattern is the same without its flags, because its text switches them.
     *
     * @param pattern one that was {@link #checked}
     * @return false if its text alone would match something else
     */
    public static boolean isWholeInItsText(Pattern pattern) {
        try {
            return pattern.flags() == Pattern.compile(pattern.pattern()).flags();
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static boolean hasSwitchInside(Pattern pattern) {
        String text = pattern.pattern();
        var leading = LEADING_SWITCHES.matcher(text);
        String rest = leading.lookingAt() ? text.substring(leading.end()) : text;
        if (!rest.contains("?")) {
            return false;
        }
        for (int bit : SWITCHES) {
            boolean isForced = bit == Pattern.UNICODE_CASE && (pattern.flags() & Pattern.UNICODE_CHARACTER_CLASS) != 0;
            if (!isForced && ignores(rest, pattern.flags() ^ bit, bit)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a text ends with another setting of one flag than it was given. */
    private static boolean ignores(String text, int given, int bit) {
        try {
            return ((Pattern.compile(text, given).flags() ^ given) & bit) != 0;
        } catch (PatternSyntaxException e) {
            // It only compiles with its own flags, so whether it switches this one can't be told.
            return true;
        }
    }

    private static void checkBounds(String text, int flags) {
        if (text.length() > MAX_CHARS) {
            throw new IllegalArgumentException(
                    "pattern is too long: chars=" + text.length() + ", maxChars=" + MAX_CHARS + "; send a shorter one");
        }
        if ((flags & ~ALLOWED) != 0) {
            throw new IllegalArgumentException("pattern has flags that can't travel: flags=" + flags + ", allowed="
                    + ALLOWED + "; leave them out");
        }
    }
}
