package dev.streamipc.session;

import dev.streamipc.frame.Frame;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.FrameSink;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Undecodable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends every frame that comes in where it belongs, on the thread that reads. */
final class Inbound implements FrameSink {

    /** Each damaged frame is searched again from behind its header: nested ones would cost time without end. */
    private static final int MAX_DAMAGED_IN_A_ROW = 1_000;

    private static final int MAX_REASON_BYTES = 1_024;

    private final String sessionName;
    private final Opening opening;
    private final Ending ending;
    private final OutboundSide out;
    private final InboundSide in;
    private final Junk junk;
    private final Observers observers;
    private final PartRouting parts;
    private final long ownDirection;
    private final Steps steps;
    private final long maxLaneBytes;
    private int damagedInARow;

    /** What the two opening steps lead to, and how what was queued is handed over before an answer completes. */
    record Steps(Consumer<Agreement> agreed, Consumer<Boolean> ready, Runnable handOver) {}

    /** What routing needs of its session. */
    record Parts(Opening opening, Ending ending, OutboundSide out, InboundSide in, Observers observers) {}

    Inbound(Facts facts, Parts session, Steps steps) {
        this.sessionName = facts.name();
        this.opening = session.opening();
        this.ending = session.ending();
        this.out = session.out();
        this.in = session.in();
        this.observers = session.observers();
        this.junk = new Junk(facts.name(), session.observers());
        this.parts = new PartRouting(facts.role(), out, in);
        this.ownDirection = facts.role() == Role.CHILD ? Long.MIN_VALUE : 0;
        this.steps = steps;
        this.maxLaneBytes = facts.settings().limits().maxInboundBytes();
    }

    @Override
    public void frame(Frame frame) {
        damagedInARow = 0;
        switch (frame.kind()) {
            case HELLO -> hello(frame);
            case READY -> ready(frame);
            case REQUEST -> request(frame);
            case NOTIFY -> notification(frame);
            case REPLY -> reply(frame);
            case FAILURE -> failure(frame);
            case STARTED -> out.answers.running(frame);
            case PROGRESS -> progress(frame);
            case CANCEL -> in.calls.cancel(frame.id(), reasonOf(frame));
            case PING -> ping(frame);
            case PONG -> out.pings.pong(frame.id());
            case GOODBYE -> goodbye(frame);
            // a large message comes as what it is, behind its last chunk
            case VOID, CHUNK -> {}
            case PART -> checked(frame, parts.part(frame));
            case DEMAND -> checked(frame, parts.demand(frame));
        }
    }

    private void checked(Frame frame, @Nullable String brokenRule) {
        if (brokenRule != null) {
            violation(frame, brokenRule);
        }
    }

    private void violation(Frame frame, String rule) {
        int headerAt = frame.payloadOffset() - FrameHeader.LENGTH_BYTES;
        String header = HexFormat.of().formatHex(frame.payload(), headerAt, frame.payloadOffset());
        violation(rule, frame.offsetBytes(), header);
    }

    private void hello(Frame frame) {
        if (opening.agreement() != null) {
            violation(frame, "second hello");
            return;
        }
        try {
            steps.agreed().accept(opening.hello(frame));
        } catch (Admission.Refused stranger) {
            ending.turnAway(String.valueOf(stranger.getMessage()));
        } catch (IOException refused) {
            ending.refuse(String.valueOf(refused.getMessage()));
        } catch (RuntimeException | LinkageError defect) {
            // the serializer makes its codecs now; without a word of why, the other side would look dead
            SessionLog.LOG.error("{} serializer failed before its first message", sessionName, defect);
            ending.refuse("serializer failed before its first message: cause=" + defect + "; mend it, or use another");
        }
    }

    private void ready(Frame frame) {
        if (opening.isReadyHeard()) {
            violation(frame, "second ready");
            return;
        }
        try {
            steps.ready().accept(opening.ready(frame));
        } catch (IOException malformed) {
            violation(frame, String.valueOf(malformed.getMessage()));
        }
    }

    private void request(Frame frame) {
        if (isFrom(frame, ownDirection)) {
            violation(frame, "request id of this side: requestId=" + Long.toHexString(frame.id()));
        } else if (!opening.isReadySaid()) {
            violation(frame, "request before ready");
        } else if (!in.serving.asked(frame)) {
            violation(frame, "request id in flight: requestId=" + Long.toHexString(frame.id()));
        }
    }

    private static boolean isFrom(Frame frame, long direction) {
        return (frame.id() & Long.MIN_VALUE) == direction;
    }

    private void notification(Frame frame) {
        if (opening.isReadySaid()) {
            in.serving.noted(frame);
        } else {
            violation(frame, "notification before ready");
        }
    }

    private void reply(Frame frame) {
        steps.handOver().run();
        if (isForLane(frame)) {
            Frame kept = frame.kept();
            in.lane.add(frame.id(), frame.payloadLength(), () -> takeReply(kept, false));
        } else {
            takeReply(frame, true);
        }
    }

    /** Large messages are decoded elsewhere, and what comes behind them of the same call waits for that. */
    private boolean isForLane(Frame frame) {
        return frame.pieces() != null || in.lane.holds(frame.id());
    }

    private void takeReply(Frame frame, boolean onReader) {
        boolean isLate = !onReader && out.pending.find(frame.id()) == null;
        Decoded decoded = isLate ? Decoded.failed("late") : in.serving.decodeAnswer(frame, onReader, out.pending);
        boolean taken = out.answers.reply(frame.id(), decoded);
        tellIfLate(taken);
    }

    private static String reasonOf(Frame cancel) {
        int lengthBytes = Math.min(cancel.payloadLength(), MAX_REASON_BYTES);
        return new String(cancel.payload(), cancel.payloadOffset(), lengthBytes, StandardCharsets.UTF_8);
    }

    private void failure(Frame frame) {
        steps.handOver().run();
        if (isForLane(frame)) {
            Frame kept = frame.kept();
            in.lane.add(frame.id(), frame.payloadLength(), () -> takeFailure(kept));
        } else {
            takeFailure(frame);
        }
    }

    private void takeFailure(Frame frame) {
        tellIfLate(out.answers.failure(frame.id(), limit -> readFailure(frame, limit)));
    }

    private static IpcFailure readFailure(Frame frame, Duration limit) {
        ByteBuffer json = frame.stretch(0, frame.payloadLength());
        try {
            return FailureJson.read(json.array(), json.arrayOffset() + json.position(), json.remaining(), limit);
        } catch (IOException malformed) {
            return damagedAnswer(String.valueOf(malformed.getMessage()));
        }
    }

    private static Undecodable damagedAnswer(String problem) {
        return new Undecodable(Undecodable.Subject.ANSWER, Undecodable.Side.HERE, null, problem);
    }

    private void progress(Frame frame) {
        PendingCall<?> call = out.answers.running(frame);
        if (call == null) {
            observers.tell(new SessionEvent.LateProgress(out.answers.lateProgress()));
        } else if (call.progress != null) {
            takeProgress(frame, call.progress);
        }
    }

    private void takeProgress(Frame frame, ProgressPublisher<?> publisher) {
        if (!isForLane(frame)) {
            in.serving.progress(frame, publisher, true);
        } else if (in.lane.bytes() > maxLaneBytes) {
            // counted in its place, behind those that wait there
            long leftOut = Serving.leftOut(frame) + 1;
            in.lane.add(frame.id(), 0, () -> publisher.skip(leftOut));
        } else {
            Frame kept = frame.kept();
            in.lane.add(frame.id(), frame.payloadLength(), () -> in.serving.progress(kept, publisher, false));
        }
    }

    private void tellIfLate(boolean taken) {
        if (!taken) {
            observers.tell(new SessionEvent.LateAnswer(out.answers.late()));
        }
    }

    private void ping(Frame frame) {
        if (isFrom(frame, ownDirection)) {
            violation(frame, "ping id of this side: id=" + Long.toHexString(frame.id()));
        } else {
            out.outbound.opening(Kind.PONG, frame.id(), new byte[0]);
        }
    }

    private void goodbye(Frame frame) {
        steps.handOver().run();
        try {
            ending.heard(Goodbye.fromJson(frame.payload(), frame.payloadOffset(), frame.payloadLength()));
        } catch (IOException malformed) {
            violation(frame, String.valueOf(malformed.getMessage()));
        }
    }

    @Override
    public void damaged(Frame head) {
        if (++damagedInARow > MAX_DAMAGED_IN_A_ROW) {
            violation(head, "damaged frames in a row: count=" + damagedInARow);
            return;
        }
        SessionLog.LOG.warn("payload damaged: kind={}, requestId={}", head.kind(), Long.toHexString(head.id()));
        observers.tell(new SessionEvent.Damaged(head.kind().name()));
        switch (head.kind()) {
            case REQUEST -> in.serving.refuseUndecodable(head.id(), null, "payload damaged on the way");
            case REPLY, FAILURE -> out.answers.failure(head.id(), limit -> damagedAnswer("payload damaged on the way"));
            case HELLO -> violation(head, "hello damaged");
            case READY -> steps.ready().accept(false);
            case GOODBYE -> ending.heard(Goodbye.damaged());
            case PART -> parts.damaged(head);
            case DEMAND -> parts.damagedDemand(head);
            default -> {}
        }
    }

    @Override
    public void junk(byte[] bytes, int offset, int length) {
        junk.take(bytes, offset, length);
    }

    @Override
    public void violation(String rule, long offsetBytes, String hexNear) {
        if (opening.isAdmitted()) {
            ending.violation(rule, offsetBytes, hexNear);
        } else {
            ending.turnAway(rule);
        }
    }

    @Override
    public void cutOff(String rule, long offsetBytes, String hexNear) {
        if (opening.isAdmitted()) {
            ending.cutOff(rule, offsetBytes, hexNear);
        } else {
            ending.turnAway(rule);
        }
    }
}
