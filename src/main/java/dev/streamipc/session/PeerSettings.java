package dev.streamipc.session;

import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.TypeRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** What all sessions of a peer share. Immutable; made and checked by the builder of {@link IpcPeer}. */
record PeerSettings(
        TypeRegistry registry,
        List<MessageSerializer> serializers,
        Supplier<RequestIdGenerator> requestIds,
        Limits limits,
        Times times,
        Optional<Executor> handlerExecutor,
        Optional<Executor> callbackExecutor,
        Scheduler scheduler) {

    /** How long things may take. */
    record Times(Duration deadline, Duration start, Duration close, Duration orphanGrace) {}
}
