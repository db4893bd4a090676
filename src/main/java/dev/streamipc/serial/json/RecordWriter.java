package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.type.WritableTypeId;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.ResolvableSerializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** Writes a record as an object of exactly its components. Jackson's own adds what looks like a getter. */
final class RecordWriter extends StdSerializer<Object> implements ResolvableSerializer {

    private static final long serialVersionUID = 1L;

    private final transient JavaType type;
    private transient Field[] fields = {};

    RecordWriter(JavaType type) {
        super(type);
        this.type = type;
    }

    @Override
    public void resolve(SerializerProvider provider) throws JsonMappingException {
        RecordComponent[] components = type.getRawClass().getRecordComponents();
        Field[] resolved = new Field[components.length];
        for (int i = 0; i < components.length; i++) {
            JavaType declared =
                    provider.getTypeFactory().resolveMemberType(components[i].getGenericType(), type.getBindings());
            resolved[i] = Field.of(components[i], declared, provider);
        }
        fields = resolved;
    }

    @Override
    public void serialize(Object value, JsonGenerator out, SerializerProvider provider) throws IOException {
        out.writeStartObject(value);
        writeFields(value, out, provider);
        out.writeEndObject();
    }

    @Override
    public void serializeWithType(Object value, JsonGenerator out, SerializerProvider provider, TypeSerializer types)
            throws IOException {
        WritableTypeId id = types.writeTypePrefix(out, types.typeId(value, JsonToken.START_OBJECT));
        writeFields(value, out, provider);
        types.writeTypeSuffix(out, id);
    }

    private void writeFields(Object value, JsonGenerator out, SerializerProvider provider) throws IOException {
        for (Field field : fields) {
            out.writeFieldName(field.name);
            field.write(value, out, provider);
        }
    }

    /** The writer is known beforehand where the declared type says all, else it is that of the value's class. */
    private record Field(
            SerializableString name,
            Method accessor,
            @Nullable JsonSerializer<Object> writer,
            @Nullable TypeSerializer family) {

        static Field of(RecordComponent component, JavaType declared, SerializerProvider provider)
                throws JsonMappingException {
            boolean isKnown = declared.isFinal() || declared.isContainerType() || declared.isReferenceType();
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return new Field(
                    new SerializedString(component.getName()),
                    accessor,
                    isKnown ? provider.findValueSerializer(declared, null) : null,
                    provider.findTypeSerializer(declared));
        }

        void write(Object owner, JsonGenerator out, SerializerProvider provider) throws IOException {
            Object value = value(owner, out);
            if (value == null) {
                out.writeNull();
                return;
            }
            JsonSerializer<Object> known = writer;
            JsonSerializer<Object> used = known != null ? known : provider.findValueSerializer(value.getClass(), null);
            if (family == null) {
                used.serialize(value, out, provider);
            } else {
                used.serializeWithType(value, out, provider, family);
            }
        }

        private @Nullable Object value(Object owner, JsonGenerator out) throws IOException {
            try {
                return accessor.invoke(owner);
            } catch (InvocationTargetException | IllegalAccessException e) {
                throw JsonMappingException.from(out, "accessor failed: method=" + accessor, e);
            }
        }
    }
}
