package dev.streamipc.session;

import dev.streamipc.frame.Frame;
import dev.streamipc.frame.Kind;
import dev.streamipc.serial.json.ControlJson;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The first two steps of a session: HELLO and READY, each way. */
final class Opening {

    private static final String READER = "reader";
    private static final String PUMP = "pump";

    private final Handshake handshake;
    private final Admission admission;
    private final Outbound outbound;
    private volatile boolean admitted;
    private final AtomicBoolean readySaid = new AtomicBoolean();
    private final CompletableFuture<Agreement> agreed = new CompletableFuture<>();
    private volatile boolean readyHeard;

    Opening(Handshake handshake, Admission admission, Outbound outbound) {
        this.handshake = handshake;
        this.admission = admission;
        this.admitted = !admission.isDemanded();
        this.outbound = outbound;
    }

    /** Says HELLO, but where the other side has to show a token: then once it has. */
    void sayHelloUnlessDemanding() throws IOException {
        if (!admission.isDemanded()) {
            sayHello();
        }
    }

    private void sayHello() throws IOException {
        outbound.opening(Kind.HELLO, 0, handshake.ours().toJson());
    }

    /** Says READY, once. */
    void sayReady(boolean withReader) {
        if (readySaid.compareAndSet(false, true)) {
            outbound.opening(Kind.READY, 0, ControlJson.write(Map.of("reads", withReader ? READER : PUMP)));
        }
    }

    /**
     * Takes HELLO.
     *
     * @throws IOException if the sides can't talk; its text names both. {@link Admission.Refused} if the other side may
     *     not even hear why
     */
    Agreement hello(Frame frame) throws IOException {
        if (!admission.isDemanded()) {
            return handshake.agree(Hello.fromJson(frame.payload(), frame.payloadOffset(), frame.payloadLength()));
        }
        Hello theirs = admitted(frame);
        sayHello();
        return handshake.agree(theirs);
    }

    private Hello admitted(Frame frame) throws IOException {
        try {
            Hello theirs = Hello.fromJson(frame.payload(), frame.payloadOffset(), frame.payloadLength());
            admission.check(theirs.token());
            admitted = true;
            return theirs;
        } catch (Admission.Refused refused) {
            throw refused;
        } catch (IOException malformed) {
            throw new Admission.Refused(String.valueOf(malformed.getMessage()));
        }
    }

    /** From now on messages can be encoded and decoded. */
    void complete(Agreement agreement) {
        agreed.complete(agreement);
    }

    /** No HELLO will come any more. */
    void fail(Throwable why) {
        agreed.completeExceptionally(why);
    }

    /** Takes READY, and returns whether the other side has a thread that only reads. */
    boolean ready(Frame frame) throws IOException {
        readyHeard = true;
        JsonFields fields =
                new JsonFields(ControlJson.read(frame.payload(), frame.payloadOffset(), frame.payloadLength()));
        return READER.equals(fields.text("reads"));
    }

    CompletableFuture<Agreement> agreed() {
        return agreed;
    }

    @Nullable
    Agreement agreement() {
        return agreed.isDone() && !agreed.isCompletedExceptionally() ? agreed.join() : null;
    }

    /** Returns whether the other side may hear anything of this one. */
    boolean isAdmitted() {
        return admitted;
    }

    boolean isReadyHeard() {
        return readyHeard;
    }

    boolean isReadySaid() {
        return readySaid.get();
    }
}
