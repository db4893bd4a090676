package dev.streamipc.process;

import dev.streamipc.message.StartFailed;
import java.io.File;
import java.nio.charset.Charset;
import java.util.Collection;
import java.util.List;

/** The encoding in which the JDK hands words to a process; what does not fit becomes a question mark, unseen. */
final class WordEncoding {

    private static final int FIRST_WITH_JNU = 18;
    private static final boolean UTF_16 = File.separatorChar == '\\';

    /** JDK 17 encodes words by its default charset, later ones by that of the operating system. */
    static final Charset CHARSET = Runtime.version().feature() < FIRST_WITH_JNU
            ? Charset.defaultCharset()
            : Charset.forName(System.getProperty("sun.jnu.encoding"));

    private WordEncoding() {}

    /** Returns a copy; a NUL would end the word where nobody sees it. The word is not shown: it may be a secret. */
    static List<String> withoutNul(String what, List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            int at = words.get(i).indexOf('\0');
            if (at >= 0) {
                throw new IllegalArgumentException(what + " contains NUL, word=" + i + ", position=" + at);
            }
        }
        return List.copyOf(words);
    }

    /** Throws if a word would not arrive as it is. The word itself is not shown: it may be a secret. */
    static void check(String what, Collection<String> words, List<String> command) {
        check(what, words, command, CHARSET);
    }

    static void check(String what, Collection<String> words, List<String> command, Charset charset) {
        if (UTF_16 || words.stream().allMatch(word -> charset.newEncoder().canEncode(word))) {
            return;
        }
        throw new StartFailed(
                what + " has a character that the encoding for processes can't carry, encoding=" + charset
                        + "; start this JVM under a UTF-8 locale such as LC_ALL=C.UTF-8",
                command,
                null,
                null);
    }
}
