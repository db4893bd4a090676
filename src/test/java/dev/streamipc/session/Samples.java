package dev.streamipc.session;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;

/** The messages of the session tests. */
final class Samples {

    private Samples() {}

    record Ask(String text) implements Request<Answer> {}

    record Answer(String text) implements Message {}

    record Note(int number) implements Message {}

    record Blob(byte[] bytes) implements Request<BlobBack> {}

    record BlobBack(byte[] bytes) implements Message {}

    record Big(byte[] bytes) implements Message {}

    record Scan(Attachment first, Attachment second) implements Request<ScanBack> {}

    record ScanBack(Attachment first, Attachment second) implements Message {}

    static final Class<?>[] ALL = {
        Ask.class, Answer.class, Note.class, Blob.class, BlobBack.class, Big.class, Scan.class, ScanBack.class
    };
}
