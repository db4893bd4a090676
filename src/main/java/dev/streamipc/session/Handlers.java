package dev.streamipc.session;

import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.message.StreamRequest;
import dev.streamipc.message.UploadRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The user's handlers of a session, in the order of their registration. For all threads. */
final class Handlers {

    private final List<Registration> registrations = new CopyOnWriteArrayList<>();
    private final ConcurrentHashMap<Class<?>, List<Registration>> byType = new ConcurrentHashMap<>();
    private final Functions functions = new Functions();
    private boolean hasFunctions; // guarded by this

    /** A handler of either kind behind one shape: an answer or null. */
    @FunctionalInterface
    interface Body {
        @Nullable
        Message handle(Message message, RequestContext context) throws Exception;
    }

    <T extends Request<R>, R extends Message> Subscription onRequest(Class<T> type, ContextHandler<T, R> handler) {
        return add(new Registration(this, type, (message, context) -> handler.handle(type.cast(message), context)));
    }

    <M extends Message> Subscription onMessage(Class<M> type, MessageHandler<M> handler) {
        return add(new Registration(this, type, (message, context) -> {
            handler.handle(type.cast(message));
            return null;
        }));
    }

    <T extends StreamRequest<P>, P extends Message> Subscription onStream(Class<T> type, StreamHandler<T, P> handler) {
        return add(new Registration(this, type, (message, context) -> {
            RequestStreams streams = streamsOf(context);
            PartSink<P> sink = streams == null ? null : streams.sink();
            if (sink == null) {
                return null;
            }
            handler.handle(type.cast(message), sink);
            return StreamEnd.ANSWER;
        }));
    }

    <T extends UploadRequest<P, R>, P extends Message, R extends Message> Subscription onUpload(
            Class<T> type, UploadHandler<T, P, R> handler) {
        return add(new Registration(this, type, (message, context) -> {
            RequestStreams streams = streamsOf(context);
            PartStream<P> parts = streams == null ? null : streams.stream();
            return parts == null ? null : handler.handle(type.cast(message), parts, context);
        }));
    }

    /** Registers functions, all of them or none. The first ones take their place in the order of the handlers. */
    synchronized Subscription onFunctions(Map<String, ContextFunction> byName) {
        Subscription added = functions.add(byName);
        if (!hasFunctions) {
            hasFunctions = true;
            onRequest(FunctionCall.class, functions::answer);
        }
        return added;
    }

    /** Says why nobody answers a request. */
    String whyUnhandled(Message request) {
        return request instanceof FunctionCall call
                ? functions.whyUnhandled(call)
                : "type=" + request.getClass().getSimpleName() + ", handlers="
                        + of(request.getClass()).size() + "; register a handler for it on the other side";
    }

    private static @Nullable RequestStreams streamsOf(RequestContext context) {
        return context instanceof HandlerContext asked ? asked.streams() : null;
    }

    private Subscription add(Registration registration) {
        registrations.add(registration);
        byType.clear();
        return registration;
    }

    private void remove(Registration registration) {
        registrations.remove(registration);
        byType.clear();
    }

    /** Returns whether a message of this type would reach a handler now. */
    boolean handles(Class<?> type) {
        for (Registration registration : of(type)) {
            if (!registration.isPaused()) {
                return true;
            }
        }
        return false;
    }

    /** Asks the handlers one after the other; the first answer wins. */
    @Nullable
    Message answer(Message request, RequestContext context) throws Exception {
        for (Registration registration : of(request.getClass())) {
            Message answer = registration.isPaused() ? null : registration.body.handle(request, context);
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }

    List<Registration> of(Class<?> type) {
        return byType.computeIfAbsent(
                type,
                wanted -> registrations.stream()
                        .filter(registration -> registration.type.isAssignableFrom(wanted))
                        .toList());
    }

    /** One registered handler. */
    static final class Registration extends Pausable {

        private final Handlers owner;
        private final Class<?> type;
        private final Body body;

        private Registration(Handlers owner, Class<?> type, Body body) {
            this.owner = owner;
            this.type = type;
            this.body = body;
        }

        /** Hands a notification over, unless this handler is paused. */
        void take(Message message) throws Exception {
            if (!isPaused()) {
                body.handle(message, new UnaskedContext());
            }
        }

        @Override
        public void close() {
            owner.remove(this);
        }
    }
}
