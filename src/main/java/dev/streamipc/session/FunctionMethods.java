package dev.streamipc.session;

import dev.streamipc.message.FunctionCall;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of an object that are functions. All that can be found wrong with them is found before any is called. */
final class FunctionMethods {

    private FunctionMethods() {}

    /**
     * Returns them by name.
     *
     * @throws IllegalArgumentException if there is none, or one can't be called
     */
    static Map<String, ContextFunction> of(Object object) {
        Class<?> type = object.getClass();
        requirePublic(type);
        Map<String, Method> found = new LinkedHashMap<>();
        Map<String, ContextFunction> functions = new LinkedHashMap<>();
        for (Method method : type.getMethods()) {
            Function function = method.isBridge() ? null : method.getAnnotation(Function.class);
            if (function != null) {
                String name = function.value().isEmpty() ? method.getName() : function.value();
                Method before = found.put(name, method);
                if (before != null) {
                    throw new IllegalArgumentException("two functions have the same name: name=" + name + ", first="
                            + before + ", second=" + method + "; give one of them another, as in @Function(\"name\")");
                }
                functions.put(name, new Bound(name, object, method));
            }
        }
        if (functions.isEmpty()) {
            throw new IllegalArgumentException(
                    "no function in this class: class=" + type.getName() + "; annotate its public methods @Function");
        }
        return functions;
    }

    /** One that nobody could call would be missed only when somebody does. */
    private static void requirePublic(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Method method : each.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Function.class) && !Modifier.isPublic(method.getModifiers())) {
                    throw new IllegalArgumentException("function is not public: method=" + method + "; make it public");
                }
            }
        }
    }

    /** A method of an object, with the types of its parameters. */
    private static final class Bound implements ContextFunction {

        private final String name;
        private final MethodHandle handle;
        private final Type[] parameters;
        private final int contextAt;

        Bound(String name, Object object, Method method) {
            this.name = name;
            this.parameters = method.getGenericParameterTypes();
            this.contextAt = contextAt(method);
            this.handle = handle(object, method);
        }

        private static int contextAt(Method method) {
            List<Class<?>> types = Arrays.asList(method.getParameterTypes());
            int first = types.indexOf(RequestContext.class);
            boolean isAtAnEnd = first <= 0 || first == types.size() - 1;
            if (!isAtAnEnd || first != types.lastIndexOf(RequestContext.class)) {
                throw new IllegalArgumentException("context of a function is no first or last parameter: method="
                        + method + "; let it have one RequestContext, before or behind its arguments");
            }
            return first;
        }

        private static MethodHandle handle(Object object, Method method) {
            try {
                method.setAccessible(true);
                MethodHandle direct = MethodHandles.lookup().unreflect(method).asFixedArity();
                boolean isStatic = Modifier.isStatic(method.getModifiers());
                return (isStatic ? direct : direct.bindTo(object))
                        .asSpreader(Object[].class, method.getParameterCount())
                        .asType(MethodType.methodType(Object.class, Object[].class));
            } catch (IllegalAccessException | RuntimeException e) {
                throw new IllegalArgumentException(
                        "function can't be reached: method=" + method + "; open its package to this library", e);
            }
        }

        @Override
        public @Nullable Object handle(FunctionCall call, RequestContext context) throws Exception {
            @Nullable Object[] values = new Object[parameters.length];
            int taken = 0;
            requireCount(call);
            for (int i = 0; i < values.length; i++) {
                values[i] = i == contextAt ? context : converted(call, taken++, parameters[i]);
            }
            try {
                return (@Nullable Object) handle.invokeExact(values);
            } catch (Exception | Error thrown) {
                throw thrown;
            } catch (Throwable thrown) {
                throw new IllegalStateException(thrown);
            }
        }

        private void requireCount(FunctionCall call) {
            int expected = parameters.length - (contextAt < 0 ? 0 : 1);
            if (call.count() != expected) {
                throw new ArgumentsRefused("wrong number of arguments: function=" + name + ", expected=" + expected
                        + ", found=" + call.count());
            }
        }

        private @Nullable Object converted(FunctionCall call, int index, Type type) {
            try {
                return call.at(index, type);
            } catch (IllegalArgumentException unfit) {
                throw new ArgumentsRefused(unfit.getMessage() + ", function=" + name);
            }
        }
    }
}
