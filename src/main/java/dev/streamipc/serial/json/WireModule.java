package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.module.SimpleDeserializers;
import com.fasterxml.jackson.databind.ser.Serializers;
import dev.streamipc.message.Attachment;
import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.FunctionValue;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Tells Jackson which readers and writers of ours stand for which classes; the rest are its own. */
final class WireModule extends Module {

    @Override
    public String getModuleName() {
        return "stream-ipc";
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    @Override
    public void setupModule(SetupContext context) {
        context.addSerializers(new Writers());
        context.addKeySerializers(new KeyWriters());
        context.addDeserializers(new Readers());
        context.addKeyDeserializers((type, config, description) -> key(type.getRawClass()));
    }

    private static @Nullable KeyDeserializer key(Class<?> type) {
        TextValue value = TextValue.of(type);
        return value == null ? null : new TextJson.KeyReader(value);
    }

    private static final class Writers extends Serializers.Base {

        @Override
        public @Nullable JsonSerializer<?> findSerializer(
                SerializationConfig config, JavaType type, BeanDescription description) {
            TextValue value = TextValue.of(type.getRawClass());
            if (value != null) {
                return new TextJson.Writer(value);
            }
            if (type.hasRawClass(Attachment.class)) {
                return new AttachmentJson.Writer();
            }
            if (type.hasRawClass(RawJson.class)) {
                return new FunctionJson.RawWriter();
            }
            return type.isRecordType() ? new RecordWriter(type) : BytesWriter.of(type.getRawClass());
        }
    }

    private static final class KeyWriters extends Serializers.Base {

        @Override
        public @Nullable JsonSerializer<?> findSerializer(
                SerializationConfig config, JavaType type, BeanDescription description) {
            TextValue value = TextValue.of(type.getRawClass());
            return value == null ? null : new TextJson.KeyWriter(value);
        }
    }

    private static final class Readers extends SimpleDeserializers {

        private static final long serialVersionUID = 1L;

        Readers() {
            super(Map.of(
                    byte[].class,
                    Objects.requireNonNull(BytesReader.of(byte[].class)),
                    double[].class,
                    new NumberArrayReader<>(double[].class),
                    float[].class,
                    new NumberArrayReader<>(float[].class),
                    OptionalDouble.class,
                    Objects.requireNonNull(NumberReader.of(OptionalDouble.class))));
        }

        @Override
        public @Nullable JsonDeserializer<?> findBeanDeserializer(
                JavaType type, DeserializationConfig config, BeanDescription description) {
            TextValue value = TextValue.of(type.getRawClass());
            if (value != null) {
                return new TextJson.Reader(value);
            }
            NumberReader number = NumberReader.of(type.getRawClass());
            if (number != null) {
                return number;
            }
            if (type.hasRawClass(Attachment.class)) {
                return new AttachmentJson.Reader();
            }
            if (type.hasRawClass(FunctionCall.class)) {
                return new FunctionJson.CallReader();
            }
            if (type.hasRawClass(FunctionValue.class)) {
                return new FunctionJson.ValueReader();
            }
            return type.isRecordType() ? new RecordReader(type) : BytesReader.of(type.getRawClass());
        }

        @Override
        public JsonDeserializer<?> findEnumDeserializer(
                Class<?> type, DeserializationConfig config, BeanDescription description) {
            return new EnumReader(type);
        }
    }
}
