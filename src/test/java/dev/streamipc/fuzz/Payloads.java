package dev.streamipc.fuzz;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.Message;
import dev.streamipc.serial.AttachmentsIn;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.MessageSerializer.Codec;
import dev.streamipc.serial.SharedTypes;
import dev.streamipc.serial.TypeRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Payloads of one serializer: the first byte of an input says of which type, the rest is the payload. */
final class Payloads {

    private static final int LONGEST_SEED_BYTES = 512;

    /** What comes beside each input. */
    private static final List<Attachment> ATTACHMENTS = List.of(
            Attachment.of(new byte[] {1}), Attachment.of(new byte[0]), Attachment.of(new byte[] {1, 2, 3, 4, 5}));

    private final Codec codec;
    private final Class<? extends Exception> refusal;
    private final List<Class<? extends Message>> types;

    /**
     * Takes a serializer.
     *
     * @param refusal what it throws for a payload that is none
     * @param without what it can't carry
     */
    Payloads(MessageSerializer serializer, Class<? extends Exception> refusal, Class<?>... without) {
        this.refusal = refusal;
        List<Class<?>> left = RichMessages.TYPES.stream()
                .filter(type -> !List.of(without).contains(type))
                .toList();
        TypeRegistry registry = TypeRegistry.of(left);
        SharedTypes shared = registry.agree(registry.entries(), true);
        codec = serializer.codec(shared);
        types = shared.inCommonOrder().stream()
                .filter(Message.class::isAssignableFrom)
                .<Class<? extends Message>>map(type -> type.asSubclass(Message.class))
                .toList();
    }

    /** A payload may be refused. What is read can be written, and means the same when read again. */
    void take(byte[] input) {
        Budget.hold(() -> {
            Message message = decoded(input);
            if (message != null) {
                List<Attachment> attachments = new ArrayList<>();
                byte[] first = encode(message, attachments);
                List<Attachment> again = new ArrayList<>();
                byte[] second = encode(decode(message.getClass(), first, attachments), again);
                boolean isSame = Arrays.equals(inAnyOrder(first), inAnyOrder(second))
                        && attachments.size() == again.size()
                        && attachments.containsAll(again);
                if (!isSame) {
                    throw new AssertionError("written and read again it is another message: " + message);
                }
            }
        });
    }

    /** The order of a set of enums, or of arrays, is another each time. */
    private static byte[] inAnyOrder(byte[] payload) {
        byte[] sorted = payload.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private Message decoded(byte[] input) {
        if (input.length == 0) {
            return null;
        }
        Class<? extends Message> type = types.get((input[0] & 0xFF) % types.size());
        try {
            return codec.decode(
                    type,
                    new MessageSerializer.Body(
                            ByteBuffer.wrap(input, 1, input.length - 1), AttachmentsIn.of(ATTACHMENTS)));
        } catch (Exception refused) {
            if (!refusal.isInstance(refused)) {
                throw new AssertionError("refused by other than " + refusal.getName(), refused);
            }
            return null;
        }
    }

    private Message decode(Class<? extends Message> type, byte[] payload, List<Attachment> attachments) {
        try {
            return codec.decode(
                    type, new MessageSerializer.Body(ByteBuffer.wrap(payload), AttachmentsIn.of(attachments)));
        } catch (IOException e) {
            throw new UncheckedIOException("what was written can't be read", e);
        }
    }

    private byte[] encode(Message message, List<Attachment> attachments) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            codec.encode(message, out, attachment -> {
                attachments.add(attachment);
                return attachments.size() - 1;
            });
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("what was read can't be written: " + message, e);
        }
    }

    /** Returns an input for each message that is not long. */
    Stream<byte[]> seeds() {
        return RichMessages.all().stream()
                .filter(message -> types.contains(message.getClass()))
                .map(this::seed)
                .filter(seed -> seed.length <= LONGEST_SEED_BYTES);
    }

    private byte[] seed(Message message) {
        byte[] payload = encode(message, new ArrayList<>());
        byte[] seed = new byte[1 + payload.length];
        seed[0] = (byte) types.indexOf(message.getClass());
        System.arraycopy(payload, 0, seed, 1, payload.length);
        return seed;
    }
}
