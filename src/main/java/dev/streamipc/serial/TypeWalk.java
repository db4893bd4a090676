package dev.streamipc.serial;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.message.StreamRequest;
import dev.streamipc.message.UploadRequest;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Walks from message types to all records and enums that can stand inside them. */
final class TypeWalk {

    private final Set<Class<?>> found = new LinkedHashSet<>();
    private final Set<Class<?>> families = new LinkedHashSet<>();
    private final Deque<Type> todo = new ArrayDeque<>();
    private final boolean withAnswers;
    private boolean attachments;

    private TypeWalk(boolean withAnswers) {
        this.withAnswers = withAnswers;
    }

    /**
     * Returns the records and enums that a type reaches, itself included.
     *
     * @throws IllegalArgumentException if a sealed interface on the way permits anything but records and enums
     */
    static Set<Class<?>> from(Class<?> type) {
        TypeWalk walk = new TypeWalk(true);
        walk.walk(type);
        return walk.found;
    }

    /** Returns whether an attachment can stand in a message of this type, its answer aside. */
    static boolean reachesAttachments(Class<?> type) {
        TypeWalk walk = new TypeWalk(false);
        walk.walk(type);
        return walk.attachments;
    }

    private void walk(Type type) {
        todo.add(type);
        while (!todo.isEmpty()) {
            visit(todo.remove());
        }
    }

    private void visit(Type type) {
        if (type instanceof Class<?> raw) {
            visitClass(raw);
        } else if (type instanceof ParameterizedType generic) {
            todo.add(generic.getRawType());
            todo.addAll(Arrays.asList(generic.getActualTypeArguments()));
        } else if (type instanceof GenericArrayType array) {
            todo.add(array.getGenericComponentType());
        } else if (type instanceof WildcardType wildcard) {
            todo.addAll(Arrays.asList(wildcard.getUpperBounds()));
        } else if (type instanceof TypeVariable<?> variable) {
            visitBounds(variable);
        }
    }

    /** A bound may name its own variable, {@code T extends Comparable<T>}: only its class is followed. */
    private void visitBounds(TypeVariable<?> variable) {
        for (Type bound : variable.getBounds()) {
            todo.add(bound instanceof ParameterizedType generic ? generic.getRawType() : bound);
        }
    }

    private void visitClass(Class<?> type) {
        if (type.isArray()) {
            todo.add(type.getComponentType());
        } else if (type == Attachment.class) {
            attachments = true;
        } else if (isOfJdk(type)) {
            return;
        } else if (type.isRecord() && found.add(type)) {
            visitRecord(type);
        } else if (type.isEnum()) {
            found.add(type);
        } else if (type.isSealed() && families.add(type)) {
            visitFamily(type);
        }
    }

    private void visitRecord(Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            todo.add(component.getGenericType());
        }
        if (!withAnswers) {
            return;
        }
        for (Class<?> asks : List.of(Request.class, StreamRequest.class, UploadRequest.class)) {
            Type argument = firstArgument(asks, type, null);
            if (argument != null) {
                todo.add(argument);
            }
        }
    }

    private void visitFamily(Class<?> type) {
        for (Class<?> member : type.getPermittedSubclasses()) {
            if (!member.isRecord() && !member.isEnum() && !member.isSealed()) {
                throw new IllegalArgumentException("sealed type permits a class that can't travel: sealed="
                        + type.getName() + ", class=" + member.getName() + "; permit records and enums only");
            }
            todo.add(member);
        }
    }

    /** Returns the class that a request's type says its answer is of; {@link Message} where it does not say. */
    static Class<?> answerClassOf(Class<?> requestType) {
        return classOf(firstArgument(Request.class, requestType, null));
    }

    /** Returns the class that a request's type says its parts are of; {@link Message} where it does not say. */
    static Class<?> partClassOf(Class<?> requestType) {
        Type ofStream = firstArgument(StreamRequest.class, requestType, null);
        return classOf(ofStream != null ? ofStream : firstArgument(UploadRequest.class, requestType, null));
    }

    private static Class<?> classOf(@Nullable Type type) {
        Type raw = type instanceof ParameterizedType generic ? generic.getRawType() : type;
        return raw instanceof Class<?> known ? known : Message.class;
    }

    /** Returns what a type fills the first variable of one of its interfaces with; null if it does not implement it. */
    private static @Nullable Type firstArgument(Class<?> wanted, Class<?> type, @Nullable ParameterizedType as) {
        for (Type parent : type.getGenericInterfaces()) {
            Type found = argumentThrough(wanted, parent);
            if (found != null) {
                return found instanceof TypeVariable<?> variable ? filled(variable, type, as) : found;
            }
        }
        return null;
    }

    private static @Nullable Type argumentThrough(Class<?> wanted, Type parent) {
        if (parent instanceof ParameterizedType generic) {
            Class<?> raw = (Class<?>) generic.getRawType();
            return raw == wanted ? generic.getActualTypeArguments()[0] : firstArgument(wanted, raw, generic);
        }
        return parent == wanted ? Message.class : firstArgument(wanted, (Class<?>) parent, null);
    }

    private static Type filled(TypeVariable<?> variable, Class<?> type, @Nullable ParameterizedType as) {
        int at = List.of(type.getTypeParameters()).indexOf(variable);
        return as == null || at < 0 ? variable : as.getActualTypeArguments()[at];
    }

    /** Returns whether a class is one of the JDK's, which both sides know and nobody registers. */
    static boolean isOfJdk(Class<?> type) {
        Module module = type.getModule();
        return type.isPrimitive()
                || module.isNamed()
                        && (module.getName().startsWith("java.")
                                || module.getName().startsWith("jdk."));
    }
}
