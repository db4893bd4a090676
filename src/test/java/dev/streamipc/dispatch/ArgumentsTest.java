package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.streamipc.message.Rejected;
import dev.streamipc.process.Child;
import dev.streamipc.session.CallOptions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What dispatchers and their builders say to arguments that make no sense: at once, and which one it is. */
class ArgumentsTest {

    private static final List<Object> ODD = List.of(
            0,
            -1,
            Integer.MIN_VALUE,
            Integer.MAX_VALUE,
            0L,
            -1L,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            "",
            " ",
            Duration.ZERO,
            Duration.ofNanos(-1),
            Duration.ofSeconds(Long.MIN_VALUE),
            Duration.ofSeconds(Long.MAX_VALUE));

    /** A method of a builder, and of which. */
    record Setter(Supplier<DispatcherBuilder<?>> fresh, Method method) {

        @Override
        public String toString() {
            return method.getDeclaringClass().getSimpleName() + "." + method.getName()
                    + Arrays.toString(method.getParameterTypes());
        }

        @Nullable
        Throwable call(DispatcherBuilder<?> builder, @Nullable Object[] arguments) throws IllegalAccessException {
            try {
                method.invoke(builder, arguments);
                return null;
            } catch (InvocationTargetException thrown) {
                return thrown.getCause();
            }
        }
    }

    static List<Setter> setters() {
        Supplier<DispatcherBuilder<?>> threads = ThreadTasks::builder;
        Supplier<DispatcherBuilder<?>> processes = () -> ProcessDispatcher.builder(Child.command("true"));
        return Stream.of(threads, processes)
                .flatMap(fresh -> Arrays.stream(fresh.get().getClass().getMethods())
                        .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isBridge())
                        .filter(method -> method.getDeclaringClass() != Object.class && method.getParameterCount() > 0)
                        .map(method -> new Setter(fresh, method)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("setters")
    void whatIsMissingIsNamedAtOnce(Setter setter) throws IllegalAccessException {
        Class<?>[] types = setter.method().getParameterTypes();
        for (int missing = 0; missing < types.length; missing++) {
            if (!types[missing].isPrimitive()) {
                @Nullable Object[] arguments = new Object[types.length];
                for (int at = 0; at < types.length; at++) {
                    arguments[at] = at == missing ? null : sample(types[at]);
                }

                Throwable thrown = setter.call(setter.fresh().get(), arguments);

                assertInstanceOf(NullPointerException.class, thrown, setter::toString);
                assertNotNull(thrown.getMessage(), setter::toString);
            }
        }
    }

    private static Object sample(Class<?> type) {
        if (type == Class.class) {
            return ThreadTasks.Unknown.class;
        }
        if (type.isInterface()) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> null);
        }
        return type == Duration.class ? Duration.ofSeconds(1) : 1;
    }

    @ParameterizedTest
    @MethodSource("setters")
    void whatMakesNoSenseIsRefusedAndAllElseWorks(Setter setter) throws Exception {
        Class<?>[] types = setter.method().getParameterTypes();
        for (Object odd : ODD) {
            if (Arrays.stream(types).allMatch(type -> fits(type, odd))) {
                DispatcherBuilder<?> builder = setter.fresh().get();
                Object[] arguments = new Object[types.length];
                Arrays.fill(arguments, odd);
                Throwable thrown = setter.call(builder, arguments);
                check(thrown == null ? tried(builder) : thrown, setter + " " + odd);
            }
        }
    }

    private static boolean fits(Class<?> type, Object value) {
        return type.isInstance(value)
                || type == int.class && value instanceof Integer
                || type == long.class && value instanceof Long;
    }

    /** Of processes only the settings are looked at: none is started. */
    private static @Nullable Throwable tried(DispatcherBuilder<?> builder) throws Exception {
        try {
            builder.settings();
            if (builder instanceof ThreadDispatcher.Builder) {
                try (Dispatcher pool = builder.build()) {
                    assertEquals("done", ThreadTasks.get(ThreadTasks.call(pool, context -> "done")));
                }
            }
            return null;
        } catch (IllegalArgumentException refused) {
            return refused;
        }
    }

    private static void check(@Nullable Throwable thrown, String what) {
        if (thrown != null) {
            assertInstanceOf(IllegalArgumentException.class, thrown, what);
            assertNotNull(thrown.getMessage(), what);
        }
    }

    @Test
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // that is what it is about
    void aDispatcherNamesWhatIsMissing() {
        try (Dispatcher pool = ThreadTasks.builder().build()) {
            List<org.junit.jupiter.api.function.Executable> calls = List.of(
                    () -> pool.call((ThreadTasks.Unknown) null),
                    () -> pool.call(new ThreadTasks.Unknown(), (TaskOptions) null),
                    () -> pool.call(new ThreadTasks.Unknown(), (CallOptions) null),
                    () -> pool.call(null, String.class),
                    () -> pool.call("f", null),
                    () -> pool.call("f", String.class, (TaskOptions) null),
                    () -> pool.events(null),
                    () -> pool.pardon(null),
                    () -> pool.awaitIdle(null),
                    () -> pool.drain(null),
                    () -> pool.asExecutor().submit((Runnable) null));
            for (int at = 0; at < calls.size(); at++) {
                String what = "call " + at;
                assertNotNull(
                        assertThrows(NullPointerException.class, calls.get(at), what)
                                .getMessage(),
                        what);
            }
        }
    }

    @Test
    void aClosedDispatcherAnswersAllTheSame() throws Exception {
        Dispatcher pool = ThreadTasks.builder().build();
        Executor late = pool.asExecutor();
        pool.close();
        pool.close();

        Throwable refused = assertThrows(
                CompletionException.class,
                () -> pool.call(new ThreadTasks.Unknown()).join());
        assertInstanceOf(Rejected.class, refused.getCause());
        assertThrows(java.util.concurrent.RejectedExecutionException.class, () -> late.execute(() -> {}));
        assertEquals(List.of(), pool.workers());
        assertEquals(0, pool.stats().queued());
        for (Duration limit : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertEquals(true, pool.awaitIdle(limit));
            assertEquals(true, pool.drain(limit));
        }
        assertEquals(false, pool.pardon("nobody"));
        pool.events(event -> {}).close();
    }
}
