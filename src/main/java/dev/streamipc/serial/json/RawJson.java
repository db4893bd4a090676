package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import dev.streamipc.message.RawValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** A value that waits, as tokens, for somebody to say of which type it is; then it is read as a field of that type is. */
final class RawJson implements RawValue {

    private final TokenBuffer tokens;
    private final ObjectMapper mapper;
    private final AttachmentJson.Message message;

    /** Takes the value at which the parser stands. */
    RawJson(JsonParser in, ObjectMapper mapper, AttachmentJson.Message message) throws IOException {
        this.tokens = new TokenBuffer(in);
        this.mapper = mapper;
        this.message = message;
        tokens.copyCurrentStructure(in);
    }

    @Override
    public @Nullable Object as(Type type) {
        try {
            return mapper.readerFor(mapper.constructType(type))
                    .withAttribute(AttachmentJson.Message.KEY, message)
                    .readValue(tokens.asParserOnFirstToken());
        } catch (JsonProcessingException unfit) {
            throw unfit(type, unfit.getOriginalMessage(), unfit);
        } catch (IOException | RuntimeException unfit) {
            throw unfit(type, String.valueOf(unfit.getMessage()), unfit);
        }
    }

    private IllegalArgumentException unfit(Type type, String why, Exception cause) {
        return new IllegalArgumentException(
                "expected=" + type.getTypeName() + ", found=" + found(tokens.firstToken()) + ", cause=" + why, cause);
    }

    private static String found(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> "text";
            case VALUE_NUMBER_INT -> "integer";
            case VALUE_NUMBER_FLOAT -> "float";
            case VALUE_TRUE, VALUE_FALSE -> "boolean";
            case START_ARRAY -> "list";
            default -> "object";
        };
    }

    void write(JsonGenerator out) throws IOException {
        tokens.serialize(out);
    }

    private Object natural() {
        try {
            return mapper.readValue(tokens.asParserOnFirstToken(), Object.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawJson that && natural().equals(that.natural());
    }

    @Override
    public int hashCode() {
        return natural().hashCode();
    }

    @Override
    public String toString() {
        return natural().toString();
    }
}
