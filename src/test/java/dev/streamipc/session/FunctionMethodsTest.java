package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.FunctionValue;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is said of an object's functions when they are registered, and not when somebody calls them. */
class FunctionMethodsTest {

    interface Doubling {
        @Function
        default int doubled(int number) {
            return 2 * number;
        }
    }

    static class Base<T> {
        @Function("same")
        public T same(T value) {
            return value;
        }
    }

    static final class Derived extends Base<String> implements Doubling {
        @Override
        @Function("mine")
        public String same(String value) {
            return value + "!";
        }

        @Function
        public String joined(String... words) {
            return String.join(" ", words);
        }
    }

    static final class Overloaded {
        @Function
        public int size(String text) {
            return text.length();
        }

        @Function
        public int size(int number) {
            return number;
        }
    }

    static final class Hidden {
        @Function
        int size() {
            return 0;
        }
    }

    static final class Middle {
        @Function
        public int size(int one, RequestContext context, int two) {
            return one + two;
        }
    }

    static final class Twice {
        @Function
        public int size(RequestContext one, RequestContext two) {
            return 0;
        }
    }

    static final class Badly {
        @Function("a\nb")
        public int size() {
            return 0;
        }
    }

    static final class Wild {
        @Function
        public int size() throws Throwable {
            throw new Throwable("wild");
        }
    }

    private static Object call(Object object, String name, Object... arguments) throws Exception {
        ContextFunction function = FunctionMethods.of(object).get(name);
        return function.handle(FunctionCall.of(name, arguments), new UnaskedContext());
    }

    @Test
    void methodsOfParentsAndInterfacesAreFunctions() throws Exception {
        assertEquals(
                Set.of("mine", "joined", "doubled"),
                FunctionMethods.of(new Derived()).keySet());
        assertEquals("a!", call(new Derived(), "mine", "a"));
        assertEquals("a b", call(new Derived(), "joined", (Object) new String[] {"a", "b"}));
        assertEquals(4, call(new Derived(), "doubled", 2));
        assertEquals(4, call(new Base<Integer>(), "same", 4));
    }

    @Test
    void whatCanNotBeCalledIsRefusedAtOnce() {
        assertRefused("two functions have the same name: name=size", new Overloaded());
        assertRefused(
                "function is not public: method=int dev.streamipc.session.FunctionMethodsTest$Hidden.size()",
                new Hidden());
        assertRefused("context of a function is no first or last parameter", new Middle());
        assertRefused("context of a function is no first or last parameter", new Twice());
        assertRefused("no function in this class: class=java.lang.Object", new Object());
    }

    private static void assertRefused(String expected, Object object) {
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> FunctionMethods.of(object));

        assertTrue(String.valueOf(failure.getMessage()).contains(expected), failure.getMessage());
    }

    @Test
    void whatIsNoExceptionIsWrapped() {
        Throwable failure = assertThrows(IllegalStateException.class, () -> call(new Wild(), "size"));

        assertEquals("wild", failure.getCause().getMessage());
    }

    @Test
    void namesAreCheckedAndTakenAllOrNone() throws Exception {
        Functions functions = new Functions();
        functions.add(Map.of("size", (call, context) -> 1));

        assertThrows(IllegalArgumentException.class, () -> functions.add(FunctionMethods.of(new Badly())));
        assertThrows(IllegalArgumentException.class, () -> functions.add(Map.of("", (call, context) -> 2)));
        assertThrows(
                IllegalArgumentException.class, () -> functions.add(Map.of("x".repeat(201), (call, context) -> 2)));
        IllegalArgumentException taken = assertThrows(
                IllegalArgumentException.class,
                () -> functions.add(Map.of("other", (call, context) -> 2, "size", (call, context) -> 2)));

        assertTrue(String.valueOf(taken.getMessage()).contains("name of a function is taken: name=size"));
        assertEquals(new FunctionValue(1), functions.answer(FunctionCall.of("size"), new UnaskedContext()));
        assertEquals(null, functions.answer(FunctionCall.of("other"), new UnaskedContext()));
    }
}
