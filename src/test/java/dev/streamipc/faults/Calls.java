package dev.streamipc.faults;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.Message;
import dev.streamipc.message.MessageName;
import dev.streamipc.message.Request;
import dev.streamipc.message.StreamRequest;
import dev.streamipc.message.UploadRequest;

/** The messages of the matrix, known to the children in both languages. */
final class Calls {

    static final Class<?>[] ALL = {
        Work.class, Done.class, Note.class, Heard.class, HeardSoFar.class, Flow.class, Brought.class, Cargo.class
    };

    private Calls() {}

    /**
     * Asks the child to behave.
     *
     * @param id written into the ledger when the handler is entered and when it has come to its end
     * @param how what to do
     * @param fill comes back in the answer
     */
    @MessageName("Work")
    record Work(int id, String how, String fill) implements Request<Done> {}

    @MessageName("Done")
    record Done(int id, String fill) implements Message {}

    /** A notification, numbered from 0. */
    @MessageName("Note")
    record Note(int number, String fill) implements Message {}

    /** Asks for a stream of notes, which stands still behind the tenth. */
    @MessageName("Flow")
    record Flow(int id) implements StreamRequest<Note> {}

    /** Brings a stream of notes; its handler stands still behind the tenth. */
    @MessageName("Brought")
    record Brought(int id) implements UploadRequest<Note, Done> {}

    /** Brings raw bytes along. */
    @MessageName("Cargo")
    record Cargo(int id, Attachment bytes) implements Request<Done> {}

    /** Asks for the notes that came in. */
    @MessageName("Heard")
    record Heard(int id) implements Request<HeardSoFar> {}

    @MessageName("HeardSoFar")
    record HeardSoFar(int notes, boolean inOrder) implements Message {}
}
