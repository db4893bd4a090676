package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.FunctionValue;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.LogMessage;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.Undecodable;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions by name: what is called, what is refused, how a call ends. */
@Timeout(30)
@ParameterizedClass
@ValueSource(strings = {"kryo", "json"})
class ByNameTest extends ByNameSides {

    ByNameTest(String serializer) {
        super(serializer);
    }

    @Test
    void functionIsCalledByName() {
        child.function("resize", call -> "%s at %s".formatted(call.at(0, String.class), call.at(1, double.class)));
        child.start();

        assertEquals("a.png at 0.5", parent.call("resize", String.class, "a.png", 0.5));
        assertEquals(
                "a.png at 2.0",
                parent.request("resize", String.class, "a.png", 2).join());
    }

    @Test
    void annotatedMethodsAreFunctions() {
        start();

        assertEquals(
                new Thumbnail("a.png", 50, Optional.of(Colour.BLUE)),
                parent.call("resize", Thumbnail.class, "a.png", 0.5));
        assertEquals(6, parent.call("total", int.class, List.of(1, 2, 3L)));
        assertNull(parent.call("nothing", String.class));
        assertNull(parent.call("nothing", Void.class));
        assertNull(parent.call("total", Void.class, List.of()));
        assertEquals(Optional.empty(), parent.call("nothing", Optional.class));
        assertEquals(7, parent.call("width", long.class, new Thumbnail("b", 7, Optional.empty())));
    }

    @Test
    void callByTypeIsTheSameStreet() {
        start();

        FunctionValue value = parent.call(FunctionCall.of("resize", "a.png", 1));

        assertEquals(new Thumbnail("a.png", 100, Optional.of(Colour.BLUE)), value.as(Thumbnail.class));
        assertThrows(Undecodable.class, () -> value.as(Instant.class));
    }

    @Test
    void wrongArgumentsFailThatCallAlone() {
        start();

        assertArguments("argument does not fit: argument=arguments[1], expected=double", "resize", "a.png", "half");
        assertArguments("argument=arguments[0]", "total", List.of(1.5));
        assertArguments("wrong number of arguments: function=resize, expected=2, found=1", "resize", "a.png");
        assertArguments("wrong number of arguments: function=nothing, expected=0, found=1", "nothing", 1);
        assertEquals(2, parent.call("total", int.class, List.of(2)));
    }

    private void assertArguments(String expected, String function, Object... arguments) {
        Undecodable failure = assertThrows(Undecodable.class, () -> parent.call(function, Void.class, arguments));

        assertEquals(Undecodable.Subject.ARGUMENT, failure.subject());
        assertEquals(IpcFailure.class, failure.getClass().getSuperclass());
        assertEquals(dev.streamipc.message.Certainty.NOT_EXECUTED, failure.certainty());
        assertTrue(String.valueOf(failure.getMessage()).contains(expected), failure.getMessage());
    }

    @Test
    void argumentThatAHandlerAsksForInVainIsItsFailure() {
        child.function("pick", call -> call.at(1, int.class));
        child.start();

        assertPicked("argument is missing: argument=arguments[1], function=pick, expected=int, count=1", 1);
        assertPicked("argument does not fit: argument=arguments[1], expected=int", 1, "two");
    }

    private void assertPicked(String expected, Object... arguments) {
        RemoteFailure failure = assertThrows(RemoteFailure.class, () -> parent.call("pick", int.class, arguments));

        assertEquals("java.lang.IllegalArgumentException", failure.remoteType());
        assertTrue(String.valueOf(failure.remoteMessage()).contains(expected), failure.getMessage());
    }

    @Test
    void unknownFunctionIsRejectedWithTheKnownOnes() {
        start();

        for (String name : List.of("hidden", "sum", "toString", "java.lang.Runtime.exit", "")) {
            Rejected failure = assertThrows(Rejected.class, () -> parent.call(name, Void.class));
            assertEquals(Rejected.Reason.UNHANDLED, failure.reason());
            String text = String.valueOf(failure.getMessage());
            assertTrue(text.contains("function=" + name + ", known=[fail, nothing, resize, told, total, width]"), text);
        }
    }

    @Test
    void refusalOfAnUnknownFunctionIsShort() {
        IntStream.range(0, 1_000).forEach(i -> child.function("f" + (1_000 + i), call -> i));
        child.start();

        Rejected failure = assertThrows(Rejected.class, () -> parent.call("x".repeat(10_000), Void.class));

        String text = String.valueOf(failure.getMessage());
        assertTrue(text.length() < 600 && text.contains("f1019], knownCount=1000"), text);
        assertEquals(999, parent.call("f1999", int.class));
    }

    @Test
    void sideWithoutFunctionsSaysSo() {
        child.start();

        Rejected failure = assertThrows(Rejected.class, () -> parent.call("resize", Void.class));

        assertTrue(String.valueOf(failure.getMessage()).contains("known=[]"), failure.getMessage());
    }

    @Test
    void whatAFunctionThrowsReachesTheCaller() {
        start();

        RemoteFailure failure = assertThrows(RemoteFailure.class, () -> parent.call("fail", String.class, "no"));

        assertEquals("java.lang.IllegalStateException", failure.remoteType());
        assertEquals("no", failure.remoteMessage());
        assertTrue(failure.remoteStack().contains("ByNameSides$Work.fail"), failure.remoteStack());
    }

    @Test
    void functionTellsOfItsProgress() {
        start();
        List<String> heard = new CopyOnWriteArrayList<>();
        CallOptions options = CallOptions.DEFAULT.onProgress(
                LogMessage.class, step -> heard.add(step.message().message()));

        assertEquals("hi-1", parent.call("told", String.class, options, "hi"));
        assertEquals(List.of("hi"), heard);
    }

    @Test
    void cancellingTheFutureCancelsTheFunction() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        child.function("wait", (call, context) -> {
            begun.countDown();
            context.cancellation().onCancel(told::countDown);
            told.await();
            return 1;
        });
        child.start();
        CompletableFuture<Integer> call = parent.request("wait", int.class);
        begun.await();

        assertTrue(call.cancel(true));

        assertThrows(CancellationException.class, call::join);
        assertTrue(told.await(10, TimeUnit.SECONDS));
    }

    @Test
    void valueThatDoesNotFitEndsTheFuture() {
        start();

        CompletableFuture<Instant> call = parent.request("told", Instant.class, "x");

        CompletionException failure = assertThrows(CompletionException.class, call::join);
        assertTrue(failure.getCause() instanceof Undecodable, failure.toString());
        assertEquals(1, parent.stats().calls().failed());
    }

    @Test
    void removedOrPausedFunctionIsUnknown() {
        Subscription all = child.functions(new Work());
        child.start();
        assertNull(parent.call("nothing", Void.class));

        all.pause();
        assertThrows(Rejected.class, () -> parent.call("nothing", Void.class));
        all.resume();
        assertNull(parent.call("nothing", Void.class));
        all.close();
        assertThrows(Rejected.class, () -> parent.call("nothing", Void.class));

        Subscription again = child.function("nothing", call -> 1);
        all.close();
        assertEquals(1, parent.call("nothing", int.class));
        again.close();
    }

    @Test
    void handlerOfTheMessageItselfMayTakeWhatNoFunctionTakes() {
        start();
        child.onRequest(FunctionCall.class, call -> new FunctionValue("any " + call.function()));

        assertEquals("any other", parent.call("other", String.class));
        assertNull(parent.call("nothing", String.class));
    }

    @Test
    void callIsHandedOnAsItCame() {
        child.start();
        parent.function("second", call -> Arrays.asList(call.at(0, String.class), call.at(1, Duration.class)));
        child.function(
                "relay",
                call -> child.call(FunctionCall.of("second", call.arguments().toArray()))
                        .value());

        assertEquals(
                isJson ? List.of("a", "PT1S") : List.of("a", Duration.ofSeconds(1)),
                parent.call("relay", List.class, "a", Duration.ofSeconds(1)));
    }

    @Test
    void severalCallsAreOpenAtATime() {
        start();
        List<CompletableFuture<Long>> calls = IntStream.range(0, 100)
                .mapToObj(i -> parent.request("total", long.class, List.of(i, 1)))
                .toList();

        for (int i = 0; i < 100; i++) {
            assertEquals(i + 1L, calls.get(i).join());
        }
        assertEquals(100, child.stats().in().requests());
    }
}
