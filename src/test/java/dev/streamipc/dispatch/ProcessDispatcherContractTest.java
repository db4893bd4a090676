package dev.streamipc.dispatch;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** The contract, with workers that are JVMs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessDispatcherContractTest implements DispatcherContract {

    private final AtomicReference<Dispatcher> shared = new AtomicReference<>();

    @BeforeAll
    void open() {
        shared.set(DispatcherBench.sharedLike(ProcessDispatcher.builder(NestingBench.class))
                .name("shared")
                .messages(Workbench.TYPES)
                .onRequest(
                        Workbench.NestAsked.class,
                        asked -> shared().call(new Workbench.Echo(asked.text())).get(30, TimeUnit.SECONDS))
                .build());
    }

    @AfterAll
    void close() {
        shared.get().close();
    }

    @Override
    public Dispatcher shared() {
        return shared.get();
    }

    @Override
    public Dispatcher single() {
        return ProcessDispatcher.builder(Workbench.class)
                .messages(Workbench.TYPES)
                .workers(1)
                .closeLimit(Duration.ofMillis(50))
                .build();
    }
}
