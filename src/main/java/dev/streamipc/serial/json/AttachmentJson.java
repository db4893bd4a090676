package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import dev.streamipc.message.Attachment;
import dev.streamipc.serial.AttachmentsIn;
import dev.streamipc.serial.AttachmentsOut;
import java.io.IOException;
import java.util.List;

/** An attachment in JSON: its position, a number. */
final class AttachmentJson {

    private AttachmentJson() {}

    /** Where the attachments of the message at hand come from and go to; Jackson hands it through as an attribute. */
    static final class Message {

        static final Object KEY = Message.class;

        AttachmentsOut out = AttachmentsOut.NONE;
        AttachmentsIn in = AttachmentsIn.of(List.of());
    }

    /** Writes the position. */
    static final class Writer extends StdScalarSerializer<Attachment> {

        private static final long serialVersionUID = 1L;

        Writer() {
            super(Attachment.class);
        }

        @Override
        public void serialize(Attachment value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeNumber(((Message) provider.getAttribute(Message.KEY)).out.add(value));
        }
    }

    /** Finds the attachment at a position. */
    static final class Reader extends StdScalarDeserializer<Attachment> {

        private static final long serialVersionUID = 1L;

        Reader() {
            super(Attachment.class);
        }

        @Override
        public Attachment deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (!in.hasToken(JsonToken.VALUE_NUMBER_INT) || in.getNumberType() != JsonParser.NumberType.INT) {
                return context.reportInputMismatch(
                        this, "position of an attachment expected: token=%s", in.currentToken());
            }
            return ((Message) context.getAttribute(Message.KEY)).in.take(in.getIntValue());
        }
    }
}
