package dev.streamipc.house;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles the Java blocks of a document. A block with a class at its margin is a file and stays as it is. Any other is
 * the body of a method of its own, with {@code peer} and {@code session} in scope, the API and the JDK's everyday packages
 * imported, and the types of the document's files at hand.
 */
final class JavaBlocks {

    private static final String BEFORE = "import dev.streamipc.channel.*; import dev.streamipc.message.*;"
            + " import dev.streamipc.process.*; import dev.streamipc.serial.*; import dev.streamipc.serial.json.*;"
            + " import dev.streamipc.serial.kryo.*; import dev.streamipc.session.*; import java.nio.file.*;"
            + " import java.time.*; import java.util.*; import java.util.concurrent.*;"
            + " class %s { void run(IpcPeer peer, IpcSession session) throws Exception {\n";
    private static final String BEHIND = "}}\n";

    private JavaBlocks() {}

    /**
     * Compiles all blocks at once.
     *
     * @param classes takes the classes, and is made if need be; classes that are there already can be named
     * @return what the compiler has to say, with document and line; empty if all is well
     */
    static List<String> compile(List<Markdown.Block> blocks, Path classes) throws IOException {
        Files.createDirectories(classes);
        if (blocks.isEmpty()) {
            return List.of();
        }
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        List<String> options = List.of(
                "-proc:none",
                "-Xlint:deprecation,rawtypes,removal,unchecked",
                "-d",
                classes.toString(),
                "-cp",
                classes + File.pathSeparator + System.getProperty("java.class.path"));
        List<Source> sources = blocks.stream().map(Source::new).toList();
        ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, said, options, null, sources)
                .call();
        return said.getDiagnostics().stream().map(JavaBlocks::text).toList();
    }

    private static String text(Diagnostic<? extends JavaFileObject> diagnostic) {
        String message = diagnostic.getMessage(Locale.ROOT);
        return diagnostic.getSource() instanceof Source source
                ? source.place(diagnostic.getLineNumber()) + " " + message
                : message;
    }

    /** A block as the compiler sees it. */
    private static final class Source extends SimpleJavaFileObject {

        private final Markdown.Block block;

        Source(Markdown.Block block) {
            super(URI.create("string:///" + nameOf(block) + ".java"), Kind.SOURCE);
            this.block = block;
        }

        private static String nameOf(Markdown.Block block) {
            return block.isFile() ? block.className() : "Line" + block.line();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return block.isFile() ? block.text() : BEFORE.formatted(nameOf(block)) + block.text() + BEHIND;
        }

        String place(long lineHere) {
            long linesBefore = block.isFile() ? 1 : 2;
            return Repository.ROOT.relativize(block.document()) + ":" + (block.line() + lineHere - linesBefore);
        }
    }
}
