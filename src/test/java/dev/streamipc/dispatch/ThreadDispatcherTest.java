package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract, with workers that are threads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThreadDispatcherTest implements DispatcherContract {

    private final AtomicReference<Dispatcher> shared = new AtomicReference<>();

    @BeforeAll
    void open() {
        shared.set(DispatcherBench.sharedLike(ThreadDispatcher.builder(() -> worker -> {
                    new Workbench().setUp(worker);
                    worker.onRequest(
                            Workbench.Nest.class,
                            nest -> shared().call(new Workbench.Echo(nest.text()))
                                    .get(30, TimeUnit.SECONDS));
                }))
                .name("shared")
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
        return ThreadDispatcher.builder(new Workbench())
                .workers(1)
                .closeLimit(Duration.ofMillis(50))
                .build();
    }

    @Test
    void itSaysWhatThreadsCanDo() {
        assertEquals(Set.of(Capability.RUN_IN_CALLER), shared().capabilities());
        assertTrue(shared().workers().stream().allMatch(worker -> worker.pid().isEmpty()));
    }
}
