package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.TypeRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What all sessions of a peer share. Immutable; made and checked by the builder of {@link IpcPeer}. */
record PeerSettings(
        TypeRegistry registry,
        List<MessageSerializer> serializers,
        Supplier<RequestIdGenerator> requestIds,
        Limits limits,
        WhenFull whenFull,
        Times times,
        Optional<Executor> handlerExecutor,
        Optional<Executor> callbackExecutor,
        boolean isLowLatency,
        Scheduler scheduler) {

    PeerSettings {
        List<String> names = serializers.stream().map(MessageSerializer::name).toList();
        if (names.isEmpty() || names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException(
                    "serializers must be one or more with distinct names: serializers=" + names);
        }
        for (MessageSerializer serializer : serializers) {
            serializer.check(registry);
        }
    }

    /** How long things may take. */
    record Times(Duration deadline, Duration start, Duration close, Duration orphanGrace, Duration stall) {

        Times {
            check("deadline", deadline);
            check("startLimit", start);
            check("closeLimit", close);
            check("orphanGrace", orphanGrace);
            check("stallLimit", stall);
        }

        private static void check(String name, Duration limit) {
            if (limit.isNegative() || limit.isZero() || limit.compareTo(CallOptions.MAX_DEADLINE) > 0) {
                throw new IllegalArgumentException("duration out of range: " + name + "Ms="
                        + TimeUnit.MILLISECONDS.convert(limit) + "; give more than zero and at most a day");
            }
        }
    }
}
