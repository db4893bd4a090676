package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.ResolvableDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a record from an object through its canonical constructor. Jackson's own finds other ways to make one. */
final class RecordReader extends StdDeserializer<Object> implements ResolvableDeserializer {

    private static final long serialVersionUID = 1L;

    private final transient JavaType type;
    private final transient Constructor<?> constructor;
    private final transient Map<String, Field> fields = new HashMap<>();

    RecordReader(JavaType type) {
        super(type);
        this.type = type;
        this.constructor = canonical(type.getRawClass());
    }

    @Override
    public void resolve(DeserializationContext context) throws JsonMappingException {
        RecordComponent[] components = type.getRawClass().getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            JavaType declared =
                    context.getTypeFactory().resolveMemberType(components[i].getGenericType(), type.getBindings());
            fields.put(components[i].getName(), new Field(i, declared, context.findRootValueDeserializer(declared)));
        }
    }

    @Override
    public boolean isCachable() {
        return true;
    }

    @Override
    public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
        if (!in.hasToken(JsonToken.START_OBJECT)) {
            return context.reportInputMismatch(this, "object expected: token=%s", in.currentToken());
        }
        Object[] values = new Object[fields.size()];
        boolean[] seen = new boolean[values.length];
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            JsonToken token = in.nextToken();
            Field field = fields.get(name);
            if (field == null) {
                in.skipChildren();
            } else if (token != JsonToken.VALUE_NULL) {
                values[field.index] = field.reader.deserialize(in, context);
                seen[field.index] = true;
            }
        }
        for (Map.Entry<String, Field> entry : fields.entrySet()) {
            if (!seen[entry.getValue().index]) {
                values[entry.getValue().index] = absent(entry.getKey(), entry.getValue(), context);
            }
        }
        return made(values, in);
    }

    private @Nullable Object absent(String name, Field field, DeserializationContext context) throws IOException {
        if (field.declared.isPrimitive()) {
            return context.reportInputMismatch(
                    this, "field is missing or null: name=%s, type=%s", name, field.declared);
        }
        return field.reader.getNullValue(context);
    }

    private Object made(Object[] values, JsonParser in) throws IOException {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw JsonMappingException.from(in, "constructor refused the values: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw JsonMappingException.from(in, "record can't be made: type=" + type, e);
        }
    }

    private static Constructor<?> canonical(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = components[i].getType();
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "record can't be reached: class=" + type.getName() + "; open its package to this library", e);
        }
    }

    private record Field(int index, JavaType declared, JsonDeserializer<Object> reader) {}
}
