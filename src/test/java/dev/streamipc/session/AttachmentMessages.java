package dev.streamipc.session;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.Message;
import dev.streamipc.message.NDArray;
import dev.streamipc.message.Request;
import dev.streamipc.message.StreamRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Messages with attachments, and who answers them. */
final class AttachmentMessages {

    static final Class<?>[] ALL = {
        Image.class,
        ImageBack.class,
        Fetch.class,
        Album.class,
        AlbumBack.class,
        Note.class,
        Plain.class,
        Pages.class,
        Scans.class
    };

    record Image(String name, Attachment pixels) implements Request<ImageBack> {}

    record ImageBack(String name, Attachment pixels) implements Message {}

    /** Asks for an answer with so many bytes. */
    record Fetch(int bytes, int seed) implements Request<ImageBack> {}

    record Note(Attachment bytes) implements Message {}

    record Plain(int number) implements Request<Note> {}

    /** Asks for so many notes, each longer than the one before. */
    record Pages(int count) implements StreamRequest<Note> {}

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

    /** Arrays everywhere where one may stand, beside an attachment. */
    record Scans(
            NDArray first,
            Attachment raw,
            List<NDArray> more,
            Map<String, NDArray> named,
            Optional<NDArray> maybe,
            NDArray missing)
            implements Request<ScansBack> {}

    record ScansBack(
            NDArray first,
            Attachment raw,
            List<NDArray> more,
            Map<String, NDArray> named,
            Optional<NDArray> maybe,
            NDArray missing)
            implements Message {}

    private AttachmentMessages() {}

    static void answer(IpcSession session) {
        session.onStream(Pages.class, AttachmentMessages::send);
        session.onRequest(Image.class, image -> new ImageBack(image.name(), image.pixels()));
        session.onRequest(Scans.class, AttachmentMessages::back);
        session.onRequest(
                Fetch.class, fetch -> new ImageBack("fetched", Attachment.of(random(fetch.bytes(), fetch.seed()))));
        session.onRequest(
                Album.class,
                album -> new AlbumBack(
                        album.pages(), album.cover(), album.named(), album.first(), album.second(), album.missing()));
    }

    private static ScansBack back(Scans scans) {
        return new ScansBack(scans.first(), scans.raw(), scans.more(), scans.named(), scans.maybe(), scans.missing());
    }

    private static void send(Pages pages, PartSink<Note> notes) {
        for (int i = 0; i < pages.count(); i++) {
            notes.send(new Note(Attachment.of(random(i * 30_000, i))));
        }
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
