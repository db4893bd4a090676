package dev.streamipc.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/**
 * The texts of several words in source files, each with what is fixed about it: the words by which a reader finds it.
 * Values that are known only when the program runs count as gaps.
 */
final class MessageTexts extends TreeScanner<Void, Void> {

    private static final String GAP = "{}";

    /** Calls whose texts nobody gets to see as an error: quiet levels of a log, patterns, parts of a longer text. */
    private static final Set<String> QUIET =
            Set.of("append", "compile", "debug", "format", "info", "replaceFirst", "split", "startsWith", "trace");

    /** A gap, or a fact as {@code name=value}. */
    private static final Pattern NOT_FIXED =
            Pattern.compile("\\{\\}|%[a-z]|[,;:]? ?\\b[\\w.]+=(\\{\\}|%[a-z]|[^\\s,;]*)|\\w*\\{\\}=\\{\\}");

    private static final Pattern EDGES = Pattern.compile("^[\\s,;:)]+|[\\s,;:(]+$");

    /** What is fixed about each text, with the file where it stands. */
    final Map<String, String> files = new TreeMap<>();

    private String file = "";

    private MessageTexts() {}

    static MessageTexts of(List<? extends JavaFileObject> sources) throws IOException {
        JavacTask task = (JavacTask)
                ToolProvider.getSystemJavaCompiler().getTask(null, null, null, List.of("-proc:none"), null, sources);
        MessageTexts texts = new MessageTexts();
        for (CompilationUnitTree unit : task.parse()) {
            texts.file = unit.getSourceFile().getName().replaceAll(".*/", "");
            texts.scan(unit, null);
        }
        return texts;
    }

    /** Returns the first words that are the same whatever happens; at least two, if the text has two in a row. */
    static String fixedWords(String text) {
        List<String> pieces = new ArrayList<>();
        for (String piece : NOT_FIXED.split(text.strip())) {
            String words = EDGES.matcher(piece).replaceAll("");
            if (!words.isEmpty()) {
                pieces.add(words);
            }
        }
        return pieces.stream()
                .filter(words -> words.contains(" "))
                .findFirst()
                .orElse(pieces.isEmpty() ? "" : pieces.get(0));
    }

    @Override
    public Void visitAnnotation(AnnotationTree annotation, Void nothing) {
        return null;
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
        boolean quiet = call.getMethodSelect() instanceof MemberSelectTree select
                && QUIET.contains(select.getIdentifier().toString());
        return quiet ? scan(call.getMethodSelect(), null) : super.visitMethodInvocation(call, nothing);
    }

    @Override
    public Void visitLiteral(LiteralTree literal, Void nothing) {
        if (literal.getValue() instanceof String text) {
            take(text);
        }
        return null;
    }

    @Override
    public Void visitBinary(BinaryTree binary, Void nothing) {
        StringBuilder text = new StringBuilder();
        if (binary.getKind() == Tree.Kind.PLUS && join(binary, text)) {
            take(text.toString());
            return null;
        }
        return super.visitBinary(binary, nothing);
    }

    /** Puts the parts of a sum one behind the other; true if one of them is a text. What stands inside a gap is looked at by itself. */
    private boolean join(ExpressionTree part, StringBuilder text) {
        if (part instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
            boolean left = join(sum.getLeftOperand(), text);
            return join(sum.getRightOperand(), text) || left;
        }
        if (part instanceof LiteralTree literal && literal.getValue() instanceof String value) {
            text.append(value);
            return true;
        }
        text.append(GAP);
        scan(part, null);
        return false;
    }

    private void take(String text) {
        if (text.strip().contains(" ")) {
            files.putIfAbsent(fixedWords(text), file);
        }
    }
}
