package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.math.BigDecimal;

/**
 * The strict form of JSON in which messages travel.
 *
 * @param names the shared classes and their names
 * @param mapper reads and writes them; safe for all threads
 */
record JsonFormat(SharedNames names, ObjectMapper mapper) {

    private static final int MAX_DEPTH = 64;

    /** Reading a number takes time that grows with the square of its digits. */
    private static final int MAX_NUMBER_DIGITS = 10_000;

    static JsonFormat of(SharedNames names) {
        JsonMapper.Builder builder = JsonMapper.builder(factory())
                .annotationIntrospector(new FamilyIntrospector(names))
                .addModule(new Jdk8Module())
                .addModule(new WireModule())
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(SerializationFeature.WRITE_CHAR_ARRAYS_AS_JSON_ARRAYS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
                .withCoercionConfigDefaults(JsonFormat::refuseAll)
                // a decimal without a fraction is written as an integer
                .withCoercionConfig(
                        BigDecimal.class,
                        coercions -> coercions.setCoercion(CoercionInputShape.Integer, CoercionAction.TryConvert));
        return new JsonFormat(names, builder.build());
    }

    private static JsonFactory factory() {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNumberLength(MAX_NUMBER_DIGITS)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build())
                .streamWriteConstraints(StreamWriteConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
                .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                // Keys of maps come from outside: a table of them would keep up to 6,000, each as long as a payload.
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build();
    }

    private static void refuseAll(MutableCoercionConfig coercions) {
        for (CoercionInputShape shape : CoercionInputShape.values()) {
            boolean exact = shape == CoercionInputShape.Array || shape == CoercionInputShape.Object;
            if (!exact) {
                coercions.setCoercion(shape, CoercionAction.Fail);
            }
        }
    }
}
