package dev.streamipc.serial.kryo;

import dev.streamipc.message.Attachment;
import dev.streamipc.serial.SharedTypes;
import java.lang.System.Logger.Level;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the forms of a codec: of the JDK's everyday classes and of the types that both sides share. */
final class Forms {

    /** The order is part of the format. */
    private static final List<Class<?>> JDK_ENUMS =
            List.of(Level.class, TimeUnit.class, DayOfWeek.class, Month.class, ChronoUnit.class, RoundingMode.class);

    private final ClassIds ids;
    private final @Nullable Form[] forms;
    private final @Nullable Class<?>[] classes;
    private final AnyForm any;
    private final Map<Class<?>, Form> scalars = new HashMap<>();
    private final Map<Class<?>, RecordForm> records = new HashMap<>();
    private int nextId = 1;

    Forms(SharedTypes types) {
        List<Class<?>> shared = types.inCommonOrder();
        ids = new ClassIds(types);
        forms = new Form[ClassIds.FIRST_SHARED + shared.size()];
        classes = new Class<?>[forms.length];
        any = new AnyForm(ids, Object.class, forms);
        addScalars();
        addContainers();
        // behind the others: the order is part of the format
        addScalar(Attachment.class, new AttachmentForm());
        nextId = ClassIds.FIRST_SHARED;
        for (Class<?> type : shared) {
            addShared(type);
        }
        for (Map.Entry<Class<?>, RecordForm> entry : records.entrySet()) {
            entry.getValue().bind(components(entry.getKey()));
        }
    }

    /** Returns the forms of all shared records: who keeps them, and not what made them, holds what they need and no more. */
    Map<Class<?>, RecordForm> ofRecords() {
        return records;
    }

    private void addScalars() {
        for (NumberForm.Kind kind : NumberForm.Kind.values()) {
            addScalar(kind.type, new NumberForm(kind));
        }
        for (TextForm.Kind kind : TextForm.Kind.values()) {
            addScalar(kind.type, new TextForm(kind));
        }
        for (TimeForm.Kind kind : TimeForm.Kind.values()) {
            addScalar(kind.type, new TimeForm(kind));
        }
        for (NumbersForm.Kind kind : NumbersForm.Kind.values()) {
            addScalar(kind.type, new NumbersForm(kind));
        }
        for (RareForm.Kind kind : RareForm.Kind.values()) {
            addScalar(kind.type, new RareForm(kind));
        }
        for (Class<?> type : JDK_ENUMS) {
            addScalar(type, new EnumNameForm(type));
        }
    }

    private void addContainers() {
        add(Object[].class, new ArrayForm(Object.class, any));
        add(String[].class, new ArrayForm(String.class, scalar(String.class)));
        for (OptionalForm.Kind kind : OptionalForm.Kind.values()) {
            add(kind.type, new OptionalForm(kind, inside(kind, any)));
        }
        for (CollectionForm.Kind kind : CollectionForm.Kind.values()) {
            add(kind.type, new CollectionForm(kind, any));
        }
        for (MapForm.Kind kind : MapForm.Kind.values()) {
            add(kind.type, new MapForm(kind, any, any));
        }
    }

    private void addShared(Class<?> type) {
        if (type.isRecord()) {
            RecordForm form = new RecordForm(type);
            records.put(type, form);
            add(type, form);
        } else {
            addScalar(type, new EnumForm(type));
        }
    }

    private void addScalar(Class<?> type, Form form) {
        scalars.put(type, form);
        add(type, form);
    }

    private void add(Class<?> type, Form form) {
        ids.put(type, nextId);
        classes[nextId] = type;
        forms[nextId++] = form;
    }

    private Component[] components(Class<?> type) {
        RecordComponent[] parts = type.getRecordComponents();
        Component[] components = new Component[parts.length];
        for (int i = 0; i < parts.length; i++) {
            Class<?> raw = parts[i].getType();
            Form form = raw.isPrimitive() ? boxed(raw) : of(parts[i].getGenericType());
            components[i] = new Component(parts[i], form);
        }
        return components;
    }

    private Form of(Type type) {
        if (type instanceof Class<?> raw) {
            return ofClass(raw);
        }
        if (type instanceof ParameterizedType generic) {
            return ofGeneric((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
        }
        if (type instanceof GenericArrayType array) {
            return new ArrayForm(erased(array.getGenericComponentType()), of(array.getGenericComponentType()));
        }
        return type instanceof WildcardType wildcard ? of(wildcard.getUpperBounds()[0]) : ofClass(erased(type));
    }

    private Form ofClass(Class<?> type) {
        Form known = scalars.getOrDefault(type, records.get(type));
        if (known != null) {
            return known;
        }
        if (type.isArray()) {
            return new ArrayForm(type.getComponentType(), of(type.getComponentType()));
        }
        boolean isJdkEnum = type.isEnum() && type.getModule() == Object.class.getModule();
        return isJdkEnum ? new EnumNameForm(type) : type == Object.class ? any : fitting(type, forms);
    }

    private Form ofGeneric(Class<?> raw, Type[] arguments) {
        for (OptionalForm.Kind kind : OptionalForm.Kind.values()) {
            if (raw == kind.type) {
                return new OptionalForm(kind, of(arguments[0]));
            }
        }
        if (raw == EnumSet.class) {
            return enumKeys(arguments[0], new CollectionForm(CollectionForm.Kind.LINKED_HASH_SET, of(arguments[0])));
        }
        if (raw == EnumMap.class) {
            Form plain = new MapForm(MapForm.Kind.LINKED_HASH_MAP, of(arguments[0]), of(arguments[1]));
            return enumKeys(arguments[0], plain);
        }
        if (arguments.length == 1 && (raw == Iterable.class || Collection.class.isAssignableFrom(raw))) {
            return collection(raw, of(arguments[0]));
        }
        if (arguments.length == 2 && Map.class.isAssignableFrom(raw)) {
            return map(raw, of(arguments[0]), of(arguments[1]));
        }
        return ofClass(raw);
    }

    private Form collection(Class<?> raw, Form element) {
        @Nullable Form[] made = new Form[forms.length];
        for (CollectionForm.Kind kind : CollectionForm.Kind.values()) {
            made[ids.idOf(kind.type)] = new CollectionForm(kind, element);
        }
        return fitting(raw, made);
    }

    @SuppressWarnings("unchecked") // the bound of both classes' parameter
    private static <E extends Enum<E>> Form enumKeys(Type key, Form plain) {
        Class<?> type = erased(key);
        if (!type.isEnum()) {
            throw new IllegalArgumentException("enum of an EnumSet or EnumMap is open: key=" + key
                    + "; declare the field with the enum, or as Set or Map");
        }
        return new EnumKeysForm<>((Class<E>) type, plain);
    }

    private Form map(Class<?> raw, Form key, Form value) {
        @Nullable Form[] made = new Form[forms.length];
        for (MapForm.Kind kind : MapForm.Kind.values()) {
            made[ids.idOf(kind.type)] = new MapForm(kind, key, value);
        }
        return fitting(raw, made);
    }

    /** Returns a form for all classes that may stand where the declared one is asked for. */
    private AnyForm fitting(Class<?> declared, @Nullable Form[] candidates) {
        @Nullable Form[] fit = new Form[candidates.length];
        for (int id = 1; id < fit.length; id++) {
            Class<?> type = classes[id];
            fit[id] = type != null && declared.isAssignableFrom(type) ? candidates[id] : null;
        }
        return new AnyForm(ids, declared, fit);
    }

    private Form inside(OptionalForm.Kind kind, Form other) {
        return switch (kind) {
            case ANY, REFERENCE -> other;
            case INT -> scalar(Integer.class);
            case LONG -> scalar(Long.class);
            case DOUBLE -> scalar(Double.class);
        };
    }

    private Form boxed(Class<?> primitive) {
        return scalar(Array.get(Array.newInstance(primitive, 1), 0).getClass());
    }

    private Form scalar(Class<?> type) {
        Form form = scalars.get(type);
        if (form == null) {
            throw new IllegalStateException("no form for a class of the JDK: class=" + type.getName());
        }
        return form;
    }

    private static Class<?> erased(Type type) {
        if (type instanceof Class<?> raw) {
            return raw;
        }
        if (type instanceof ParameterizedType generic) {
            return (Class<?>) generic.getRawType();
        }
        if (type instanceof GenericArrayType array) {
            return erased(array.getGenericComponentType()).arrayType();
        }
        return type instanceof TypeVariable<?> variable ? erased(variable.getBounds()[0]) : Object.class;
    }
}
