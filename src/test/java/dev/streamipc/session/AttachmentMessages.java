package dev.streamipc.session;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Messages with attachments, and who answers them. */
final class AttachmentMessages {

    static final Class<?>[] ALL = {
        Image.class, ImageBack.class, Fetch.class, Album.class, AlbumBack.class, Note.class, Plain.class
    };

    record Image(String name, Attachment pixels) implements Request<ImageBack> {}

    record ImageBack(String name, Attachment pixels) implements Message {}

    /** Asks for an answer with so many bytes. */
    record Fetch(int bytes, int seed) implements Request<ImageBack> {}

    record Note(Attachment bytes) implements Message {}

    record Plain(int number) implements Request<Note> {}

    sealed interface Page {}

    record Sheet(Attachment scan, int number) implements Page {}

    /** Everywhere where one may stand. */
    record Album(
            List<Attachment> pages,
            Optional<Attachment> cover,
            Map<String, Attachment> named,
            Page first,
            Sheet second,
            Attachment missing)
            implements Request<AlbumBack> {}

    record AlbumBack(
            List<Attachment> pages,
            Optional<Attachment> cover,
            Map<String, Attachment> named,
            Page first,
            Sheet second,
            Attachment missing)
            implements Message {}

    private AttachmentMessages() {}

    static void answer(IpcSession session) {
        session.onRequest(Image.class, image -> new ImageBack(image.name(), image.pixels()));
        session.onRequest(
                Fetch.class, fetch -> new ImageBack("fetched", Attachment.of(random(fetch.bytes(), fetch.seed()))));
        session.onRequest(
                Album.class,
                album -> new AlbumBack(
                        album.pages(), album.cover(), album.named(), album.first(), album.second(), album.missing()));
    }

    static byte[] random(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
