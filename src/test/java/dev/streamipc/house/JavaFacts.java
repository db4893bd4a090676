package dev.streamipc.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** What the parser of javac sees in source files: their types, methods, names and annotations. No types are resolved. */
final class JavaFacts extends TreePathScanner<Void, CompilationUnitTree> {

    /** A method or constructor; a line counts from the signature to the closing brace, without Javadoc and annotations. */
    record Method(String type, String name, int lines, int parameters) {
        @Override
        public String toString() {
            return type + "." + name;
        }
    }

    final List<String> types = new ArrayList<>();
    final List<Method> methods = new ArrayList<>();
    /** As in {@code Thread.sleep}. */
    final List<String> selections = new ArrayList<>();

    final List<String> annotations = new ArrayList<>();
    private final SourcePositions positions;

    private JavaFacts(SourcePositions positions) {
        this.positions = positions;
    }

    static JavaFacts of(List<? extends JavaFileObject> files) throws IOException {
        JavacTask task = (JavacTask)
                ToolProvider.getSystemJavaCompiler().getTask(null, null, null, List.of("-proc:none"), null, files);
        JavaFacts facts = new JavaFacts(Trees.instance(task).getSourcePositions());
        for (CompilationUnitTree unit : task.parse()) {
            facts.scan(unit, unit);
        }
        return facts;
    }

    @Override
    public Void visitClass(ClassTree type, CompilationUnitTree unit) {
        if (!type.getSimpleName().isEmpty()) {
            types.add(type.getSimpleName().toString());
        }
        return super.visitClass(type, unit);
    }

    @Override
    public Void visitMethod(MethodTree method, CompilationUnitTree unit) {
        if (positions.getEndPosition(unit, method) >= 0) {
            methods.add(
                    new Method(enclosingType(), method.getName().toString(), lines(method, unit), parameters(method)));
        }
        return super.visitMethod(method, unit);
    }

    @Override
    public Void visitMemberSelect(MemberSelectTree selection, CompilationUnitTree unit) {
        selections.add(selection.toString());
        return super.visitMemberSelect(selection, unit);
    }

    @Override
    public Void visitAnnotation(AnnotationTree annotation, CompilationUnitTree unit) {
        annotations.add(annotation.getAnnotationType().toString());
        return super.visitAnnotation(annotation, unit);
    }

    private String enclosingType() {
        TreePath path = getCurrentPath().getParentPath();
        return ((ClassTree) path.getLeaf()).getSimpleName().toString();
    }

    private int lines(MethodTree method, CompilationUnitTree unit) {
        LineMap map = unit.getLineMap();
        ModifiersTree modifiers = method.getModifiers();
        long start = positions.getStartPosition(unit, method);
        for (AnnotationTree annotation : modifiers.getAnnotations()) {
            start = Math.max(start, positions.getEndPosition(unit, annotation) + 1);
        }
        long end = positions.getEndPosition(unit, method);
        return Math.toIntExact(map.getLineNumber(end) - map.getLineNumber(start) + 1);
    }

    /** A record's own constructor repeats the header, and so has no length of its own choice. */
    private int parameters(MethodTree method) {
        ClassTree type = (ClassTree) getCurrentPath().getParentPath().getLeaf();
        List<String> own = types(method.getParameters());
        boolean canonical = type.getKind() == Tree.Kind.RECORD
                && method.getName().contentEquals("<init>")
                && own.equals(types(components(type)));
        return canonical ? 0 : own.size();
    }

    private static List<VariableTree> components(ClassTree record) {
        return record.getMembers().stream()
                .filter(VariableTree.class::isInstance)
                .map(VariableTree.class::cast)
                .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
                .toList();
    }

    private static List<String> types(List<? extends VariableTree> variables) {
        return variables.stream().map(variable -> variable.getType().toString()).toList();
    }
}
