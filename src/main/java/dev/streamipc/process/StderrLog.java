package dev.streamipc.process;

import dev.streamipc.message.CallInFlight;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Logs a child's lines, each with the call that it belongs to where only one comes into question. */
final class StderrLog implements Consumer<String> {

    static final String CALL_KEY = "streamipc.call";
    static final String TYPE_KEY = "streamipc.type";

    private final Logger logger;
    private final long pid;
    private final Supplier<Optional<CallInFlight>> onlyCall;

    StderrLog(String name, long pid, Supplier<Optional<CallInFlight>> onlyCall) {
        this.logger = LoggerFactory.getLogger("dev.streamipc.child." + name);
        this.pid = pid;
        this.onlyCall = onlyCall;
    }

    @Override
    public void accept(String line) {
        if (logger.isInfoEnabled()) {
            onlyCall.get().ifPresentOrElse(call -> log(line, call), () -> logger.info("pid={} {}", pid, line));
        }
    }

    private void log(String line, CallInFlight call) {
        MDC.put(CALL_KEY, call.idText());
        MDC.put(TYPE_KEY, call.type());
        try {
            logger.info("pid={} call={} type={} {}", pid, call.idText(), call.type(), line);
        } finally {
            MDC.remove(CALL_KEY);
            MDC.remove(TYPE_KEY);
        }
    }
}
