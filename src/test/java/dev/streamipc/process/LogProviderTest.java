package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.simple.SimpleServiceProvider;

class LogProviderTest {

    private static final String QUIET = "-Dslf4j.internal.verbosity=WARN";

    @TempDir
    Path folder;

    @Test
    void childGetsTheProviderOfItsParent() {
        assertEquals(
                List.of("-Dslf4j.provider=" + SimpleServiceProvider.class.getName(), QUIET), LogProvider.options());
    }

    @Test
    void classPathWithoutProviderMeansTheOneThatLogsNothing() throws IOException {
        try (URLClassLoader none = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
            assertEquals(List.of("-Dslf4j.provider=" + LogProvider.NONE, QUIET), LogProvider.search(none));
        }
    }

    @Test
    void providerThatCanNotBeReadIsLeftToTheChild() throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve("org.slf4j.spi.SLF4JServiceProvider"), "no.such.Provider\n");
        URL[] broken = {folder.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(broken, ClassLoader.getPlatformClassLoader())) {
            assertTrue(LogProvider.search(loader).isEmpty());
        }
    }

    @Test
    void whatTheUserNamesIsLast() {
        List<String> words = JavaCommand.of(
                        new Program.Java(EchoMain.class, List.of("-Dslf4j.provider=mine"), null),
                        List.of(),
                        java.util.Map.of())
                .words();

        assertTrue(words.indexOf("-Dslf4j.provider=mine")
                > words.indexOf(LogProvider.options().get(0)));
    }
}
