package dev.streamipc.session;

import dev.streamipc.frame.AttachmentTable;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Frame;
import dev.streamipc.message.Undecodable;
import dev.streamipc.session.Work.Asked;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sends PART and DEMAND where they belong, on the thread that reads. */
final class PartRouting {
    /*
     * PART                                DEMAND
     *    0        8      10                  0       8
     *    +--------+------+------ ...         +-------+
     *    | number | type | body              | total |
     *    +--------+------+------ ...         +-------+
     *    with LAST_PART: the number alone
     */

    private static final int NUMBER_BYTES = Long.BYTES;
    private static final long NO_NUMBER = -1;

    private final OutboundSide out;
    private final InboundSide in;
    private final long ownDirection;

    PartRouting(Role role, OutboundSide out, InboundSide in) {
        this.out = out;
        this.in = in;
        this.ownDirection = role == Role.CHILD ? Long.MIN_VALUE : 0;
    }

    private boolean isOurs(Frame frame) {
        return (frame.id() & Long.MIN_VALUE) == ownDirection;
    }

    /** Takes DEMAND, and returns which rule it breaks, null if none. */
    @Nullable
    String demand(Frame frame) {
        if (frame.payloadLength() != NUMBER_BYTES) {
            return "demand of a wrong length: lengthBytes=" + frame.payloadLength();
        }
        PartFlows flows = isOurs(frame) ? flowsOf(out.pending.find(frame.id())) : flowsOf(in.calls.find(frame.id()));
        if (flows != null && flows.out() != null) {
            flows.out().raise(number(frame));
        }
        return null;
    }

    private static @Nullable PartFlows flowsOf(@Nullable PendingCall<?> call) {
        return call == null ? null : call.flows;
    }

    private static @Nullable PartFlows flowsOf(@Nullable Asked asked) {
        return asked == null ? null : asked.flows;
    }

    private static long number(Frame frame) {
        int at = AttachmentTable.fieldsOffset(frame);
        boolean isThere = at + NUMBER_BYTES <= frame.payloadOffset() + frame.payloadLength();
        return isThere ? ByteBuffer.wrap(frame.payload()).getLong(at) : NO_NUMBER;
    }

    /** Takes PART, and returns which rule it breaks, null if none. */
    @Nullable
    String part(Frame frame) {
        if (frame.payloadLength() < NUMBER_BYTES) {
            return "part too short: lengthBytes=" + frame.payloadLength();
        }
        Receiver receiver = isOurs(frame) ? ofCall(out.answers.running(frame)) : ofRequest(in.calls.find(frame.id()));
        if (receiver == null) {
            return null;
        }
        PartQueue<?> queue = receiver.queue();
        if (queue == null) {
            return "part of a call that wants none: requestId=" + Long.toHexString(frame.id());
        }
        return (frame.flags() & Flags.LAST_PART) != 0 ? last(frame, queue, receiver) : next(frame, queue, receiver);
    }

    /** Who takes the parts: a call of this side, or a request of the other. */
    private interface Receiver {

        @Nullable
        PartQueue<?> queue();

        void whole();

        void broken(Undecodable why);
    }

    private @Nullable Receiver ofCall(@Nullable PendingCall<?> call) {
        return call == null ? null : new CallReceiver(call);
    }

    private static @Nullable Receiver ofRequest(@Nullable Asked asked) {
        return asked == null ? null : new RequestReceiver(asked);
    }

    private final class CallReceiver implements Receiver {

        private final PendingCall<?> call;

        CallReceiver(PendingCall<?> call) {
            this.call = call;
        }

        @Override
        public @Nullable PartQueue<?> queue() {
            return call.flows == null ? null : call.flows.in();
        }

        @Override
        public void whole() {
            out.answers.reply(call.id, Decoded.of(StreamEnd.ANSWER));
        }

        @Override
        public void broken(Undecodable why) {
            out.asking.giveUp(call, why);
        }
    }

    private record RequestReceiver(Asked asked) implements Receiver {

        @Override
        public @Nullable PartQueue<?> queue() {
            return asked.flows == null ? null : asked.flows.in();
        }

        @Override
        public void whole() {
            end(null);
        }

        @Override
        public void broken(Undecodable why) {
            end(why);
        }

        private void end(@Nullable Undecodable why) {
            PartQueue<?> queue = queue();
            if (queue != null) {
                queue.end(why);
            }
        }
    }

    private @Nullable String last(Frame frame, PartQueue<?> queue, Receiver receiver) {
        if (frame.payloadLength() != NUMBER_BYTES) {
            return "last part with a body: lengthBytes=" + frame.payloadLength();
        }
        if (queue.hasAll(number(frame))) {
            receiver.whole();
        } else {
            receiver.broken(lost("last=" + number(frame)));
        }
        return null;
    }

    private @Nullable String next(Frame frame, PartQueue<?> queue, Receiver receiver) {
        // a large frame is empty behind the decoder
        long number = number(frame);
        Arrived part = in.serving.part(frame, NUMBER_BYTES, failed -> receiver.broken(failed.asAnswer()));
        if (part == null) {
            return null;
        }
        if (!queue.type().isAssignableFrom(part.type())) {
            receiver.broken(unexpected(part, queue));
            return null;
        }
        PartQueue.Taken taken = queue.take(number, part);
        if (taken == PartQueue.Taken.NOT_NEXT) {
            receiver.broken(lost("number=" + number));
        }
        return taken == PartQueue.Taken.BEYOND_DEMAND
                ? "part beyond the demand: requestId=" + Long.toHexString(frame.id()) + ", number=" + number
                : null;
    }

    /** A damaged part is a lost one. */
    void damaged(Frame head) {
        Receiver receiver = isOurs(head) ? ofCall(out.pending.find(head.id())) : ofRequest(in.calls.find(head.id()));
        if (receiver != null && receiver.queue() != null) {
            receiver.broken(lost("payload damaged on the way"));
        }
    }

    /** Without it the sender might wait until the deadline. */
    void damagedDemand(Frame head) {
        PendingCall<?> call = isOurs(head) ? out.pending.find(head.id()) : null;
        PartFlows flows = call != null ? call.flows : flowsOf(in.calls.find(head.id()));
        if (flows == null || flows.out() == null) {
            return;
        }
        if (call != null) {
            out.asking.cancelSoon(call, "demand damaged on the way");
        } else {
            flows.out().lose();
        }
    }

    private static Undecodable lost(String facts) {
        return broken(null, "a part was lost on the way: " + facts, null);
    }

    private static Undecodable unexpected(Arrived part, PartQueue<?> queue) {
        return broken(
                part.type().getSimpleName(),
                "expected a part of type " + queue.type().getSimpleName(),
                null);
    }

    private static Undecodable broken(@Nullable String typeName, String problem, @Nullable Throwable cause) {
        return new Undecodable(Undecodable.Subject.ANSWER, Undecodable.Side.HERE, typeName, problem, cause);
    }
}
