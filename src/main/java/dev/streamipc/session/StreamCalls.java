package dev.streamipc.session;

import dev.streamipc.callback.Callbacks;
import dev.streamipc.frame.Flags;
import dev.streamipc.message.Message;
import dev.streamipc.message.StreamRequest;
import dev.streamipc.message.UploadRequest;
import java.util.Objects;

/** The calls of this side that are answered by a stream, or bring one along. */
final class StreamCalls {

    private final Asking asking;
    private final PartSender.Parts sending;
    private final Callbacks callbacks;
    private final DemandNotes notes;

    StreamCalls(Asking asking, PartSender.Parts sending, Callbacks callbacks) {
        this.asking = asking;
        this.sending = sending;
        this.callbacks = callbacks;
        this.notes = new DemandNotes(sending.outbound(), sending.scheduler());
    }

    <P extends Message> PartStream<P> stream(StreamRequest<P> request, CallOptions options) {
        Class<P> type = AnswerTypes.partsOf(request.getClass());
        PendingCall<StreamEnd> call = asking.request(
                request,
                options,
                new Asking.Extra(Flags.WANT_PARTS, id -> new PartFlows(new PartQueue<>(type, new CallFeed(id)), null)));
        @SuppressWarnings("unchecked") // made right above
        PartQueue<P> queue = (PartQueue<P>) Objects.requireNonNull(flowsOf(call).in());
        return new PartStream<>(queue, callbacks.executor());
    }

    <P extends Message, R extends Message> Upload<P, R> upload(UploadRequest<P, R> request, CallOptions options) {
        PendingCall<R> call = asking.request(
                request, options, new Asking.Extra(Flags.BRINGS_PARTS, id -> new PartFlows(null, new Demand())));
        Demand demand = Objects.requireNonNull(flowsOf(call).out());
        PartSender sender = new PartSender(new PartSender.Facts(call.id, demand, call.deadlineNanos), sending);
        return new Upload<>(call, sender, callbacks.executor());
    }

    private static PartFlows flowsOf(PendingCall<?> call) {
        return Objects.requireNonNull(call.flows);
    }

    /** What the parts of a call of ours need. */
    private final class CallFeed implements PartQueue.Feed {

        private final long id;

        CallFeed(long id) {
            this.id = id;
        }

        @Override
        public void demand(long total) {
            notes.tell(id, total);
        }

        @Override
        public void cancel() {
            asking.cancel(id);
        }

        @Override
        public void beforeWaiting() {
            sending.beforeWaiting().run();
        }
    }
}
