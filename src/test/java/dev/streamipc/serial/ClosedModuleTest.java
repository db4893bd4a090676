package dev.streamipc.serial;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.session.IpcPeer;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages in a named module, as a user has them who writes a {@code module-info.java}. */
class ClosedModuleTest {

    @TempDir
    Path folder;

    @Test
    void recordOfAClosedPackageIsRefusedBeforeAnySession() throws Exception {
        Class<?> secret = message("exports app;", "record Secret(String text) implements Message {}");

        String text = assertThrows(IllegalArgumentException.class, () -> build(secret))
                .getMessage();

        assertEquals("record can't be reached: class=app.Secret; open its package to this library", text);
    }

    @Test
    void recordOfAnOpenPackageIsTaken() throws Exception {
        assertTakes(message("opens app;", "record Secret(String text) implements Message {}"));
    }

    @Test
    void publicRecordOfAnExportedPackageIsTaken() throws Exception {
        String record = "public record Secret(String text) implements Message { Secret(int other) { this(\"\"); } }";

        assertTakes(message("exports app;", record));
    }

    private static void build(Class<?> message) {
        IpcPeer.builder().messages(message).build().close();
    }

    private static void assertTakes(Class<?> message) {
        assertTrue(message.getModule().isNamed());
        assertDoesNotThrow(() -> build(message));
    }

    private Class<?> message(String directive, String record) throws IOException, ReflectiveOperationException {
        Path source = Files.createDirectories(folder.resolve("app")).resolve("Secret.java");
        Files.writeString(source, "package app; import dev.streamipc.message.Message; " + record);
        Path info = Files.writeString(folder.resolve("module-info.java"), "module app { " + directive + " }");
        String classPath = System.getProperty("java.class.path");
        List<String> words =
                List.of("-d", folder + "", "-cp", classPath, "--add-reads", "app=ALL-UNNAMED", info + "", source + "");
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, words.toArray(new String[0])));
        return load();
    }

    private Class<?> load() throws ClassNotFoundException {
        ModuleLayer boot = ModuleLayer.boot();
        Configuration app = boot.configuration().resolve(ModuleFinder.of(folder), ModuleFinder.of(), Set.of("app"));
        ClassLoader library = ClosedModuleTest.class.getClassLoader();
        ModuleLayer.Controller made = ModuleLayer.defineModulesWithOneLoader(app, List.of(boot), library);
        Module module = made.layer().findModule("app").orElseThrow();
        made.addReads(module, ClosedModuleTest.class.getModule());
        return Class.forName("app.Secret", true, made.layer().findLoader("app"));
    }
}
