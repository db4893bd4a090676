package dev.streamipc.serial;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PatternsTest {

    @Test
    void textAndFlagsAreBounded() {
        String longest = "a".repeat(Patterns.MAX_CHARS);

        assertEquals(longest, Patterns.compile(longest, Pattern.DOTALL).pattern());
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            int flags = 1 << bit;
            boolean isAllowed = flags <= Pattern.UNICODE_CHARACTER_CLASS && flags > 0 && flags != Pattern.CANON_EQ;
            assertEquals(isAllowed, isAccepted("a", flags), "flags=" + flags);
        }
        assertFalse(isAccepted(longest + "a", 0));
        assertFalse(isAccepted("(", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "(?:", "(?<=", "a?", ".*", "(.*)*", "[a&&", "(a|", "\\1", "x{9}", "(?i)"})
    void whatCameInIsCompiledOrRefusedInTime(String part) {
        String text = part.repeat(Patterns.MAX_CHARS / part.length());

        assertTimeout(Duration.ofSeconds(10), () -> isAccepted(text, 0));
        String nested = part.repeat(400) + "a" + (part.startsWith("[") ? "]" : ")*").repeat(400);
        assertTimeout(Duration.ofSeconds(10), () -> isAccepted(nested, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "a(?i)b,0",
        "a(?i)b,2",
        "a(?-i)b,2",
        "a(?-i)b,0",
        "a(?i)b(?-i),2",
        "(?i)a(?m)b,0",
        "a(?U)b,0",
        "a(?u)b,0",
        "a(?x)b,0",
        "a ( ? i ) b,4",
        "a(?d-s:x)(?s)b,0"
    })
    void flagThatIsSwitchedInTheMiddleIsRefused(String text, int flags) {
        Pattern pattern = Pattern.compile(text, flags);

        assertThrows(IllegalArgumentException.class, () -> Patterns.checked(pattern));
    }

    @ParameterizedTest
    @CsvSource({
        "(?i)ab,0",
        "(?i)ab,2",
        "(?-i)ab,2",
        "(?i)(?m-s)ab,32",
        "a(?i:b)c,0",
        "a(?i:b)c,8",
        "((?i)a)b,0",
        "a?(?=b),256",
        "a?b,320",
        "a # ? b,4",
        "a(?i)b,16",
        "a?b,383"
    })
    void otherPatternsMatchTheSameWhenCompiledAnew(String text, int flags) {
        Pattern pattern = Pattern.compile(text, flags);

        assertSame(pattern, Patterns.checked(pattern));
        Pattern again = Patterns.compile(pattern.pattern(), pattern.flags());
        assertEquals(pattern.flags(), again.flags());
        for (String input : new String[] {"ab", "AB", "aB", "abc", "aBc", "ABC", "a(?i)b", "b", ""}) {
            assertEquals(pattern.matcher(input).matches(), again.matcher(input).matches(), input);
        }
    }

    @Test
    void patternIsWholeInItsTextIfThatSwitchesItsFlags() {
        assertTrue(Patterns.isWholeInItsText(Pattern.compile("a.b")));
        assertTrue(Patterns.isWholeInItsText(Pattern.compile("(?im)a.b", Pattern.MULTILINE)));
        assertFalse(Patterns.isWholeInItsText(Pattern.compile("a.b", Pattern.DOTALL)));
        assertFalse(Patterns.isWholeInItsText(Pattern.compile("(", Pattern.LITERAL)));
    }

    @Test
    void patternThatIsTooLongOrHasAForbiddenFlagIsNotSent() {
        Pattern equivalent = Pattern.compile("a", Pattern.CANON_EQ);
        Pattern tooLong = Pattern.compile("a".repeat(Patterns.MAX_CHARS + 1));

        assertThrows(IllegalArgumentException.class, () -> Patterns.checked(equivalent));
        assertThrows(IllegalArgumentException.class, () -> Patterns.checked(tooLong));
        assertDoesNotThrow(() -> Patterns.checked(Pattern.compile("")));
    }

    /** An error, such as a stack that is used up, passes through. */
    private static boolean isAccepted(String text, int flags) {
        try {
            Patterns.compile(text, flags);
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }
}
