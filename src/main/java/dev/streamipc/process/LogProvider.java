package dev.streamipc.process;

import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * What spares a child JVM the search for its slf4j provider in every jar of its class path, which is that of this JVM: 8 of
 * the 50 ms between its main method and its HELLO, measured with 12 jars.
 */
final class LogProvider {

    static final String NONE = "org.slf4j.helpers.NOP_FallbackServiceProvider";
    private static final String PROPERTY = "slf4j.provider";

    private LogProvider() {}

    /** Returns the options that name the provider of this JVM; none if that can't be told. */
    static List<String> options() {
        return Found.OPTIONS;
    }

    static List<String> search(ClassLoader classPath) {
        String given = System.getProperty(PROPERTY);
        try {
            return named(given == null ? first(classPath) : given);
        } catch (ServiceConfigurationError e) {
            LoggerFactory.getLogger(LogProvider.class).debug("the slf4j provider can't be told", e);
            return List.of();
        }
    }

    private static String first(ClassLoader classPath) {
        return ServiceLoader.load(SLF4JServiceProvider.class, classPath).stream()
                .findFirst()
                .map(provider -> provider.type().getName())
                .orElse(NONE);
    }

    /** slf4j would print a line on stderr that somebody has named its provider. */
    private static List<String> named(String provider) {
        return List.of("-D" + PROPERTY + "=" + provider, "-Dslf4j.internal.verbosity=WARN");
    }

    /** The search takes place once. */
    private static final class Found {
        static final List<String> OPTIONS = search(ClassLoader.getSystemClassLoader());
    }
}
