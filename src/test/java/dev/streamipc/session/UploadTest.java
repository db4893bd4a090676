package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.session.Streams.Part;
import dev.streamipc.session.Streams.Sum;
import dev.streamipc.session.Streams.Total;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that bring a stream of parts along. */
@Timeout(60)
class UploadTest {

    private final Streams pair = new Streams();

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    void allPartsReachTheHandlerInOrder() {
        pair.answerUsual();
        Upload<Part, Total> upload = pair.asking.upload(new Sum("all"));
        for (int i = 0; i < 5_000; i++) {
            assertTrue(upload.send(Streams.part(i, i % 100)));
        }

        assertEquals(new Total(5_000L * 4_999 / 2, 5_000), upload.finish());
    }

    @Test
    void emptyOneIsAnsweredToo() {
        pair.answerUsual();

        assertEquals(new Total(0, 0), pair.asking.upload(new Sum("none")).finish());
    }

    @Test
    void handlerThatWantsNoMoreAnswersEarly() {
        pair.answering.onUpload(
                Sum.class,
                (sum, parts, context) -> new Total(parts.iterator().next().number(), 1));
        pair.answering.start();
        Upload<Part, Total> upload = pair.asking.upload(new Sum("first"));
        int sent = 0;
        while (upload.send(Streams.part(7, 10))) {
            sent++;
        }

        assertTrue(sent >= 1);
        assertEquals(new Total(7, 1), upload.answer().join());
        assertEquals(new Total(7, 1), upload.finish());
    }

    @Test
    void closeTellsTheHandler() throws Exception {
        CompletableFuture<String> why = new CompletableFuture<>();
        CountDownLatch first = new CountDownLatch(1);
        pair.answering.onUpload(Sum.class, (sum, parts, context) -> {
            try {
                parts.forEach(part -> first.countDown());
                return new Total(0, 0);
            } catch (CancellationException cancelled) {
                why.complete(cancelled.getMessage());
                throw cancelled;
            }
        });
        pair.answering.start();

        try (Upload<Part, Total> upload = pair.asking.upload(new Sum("cut"))) {
            upload.send(Streams.part(1, 1));
            assertTrue(first.await(10, TimeUnit.SECONDS));
        }

        assertEquals("cancelled by the caller", why.get(10, TimeUnit.SECONDS));
    }

    @Test
    void handlerThatThrowsEndsTheSending() {
        pair.answering.onUpload(Sum.class, (sum, parts, context) -> {
            throw new IllegalStateException("no");
        });
        pair.answering.start();
        Upload<Part, Total> upload = pair.asking.upload(new Sum("thrown"));

        while (upload.send(Streams.part(1, 1))) {
            assertFalse(upload.answer().isDone() && !upload.answer().isCompletedExceptionally());
        }
        assertThrows(RemoteFailure.class, upload::finish);
    }

    @Test
    void deadlineEndsTheWaitForDemand() {
        CountDownLatch never = new CountDownLatch(1);
        pair.answering.onUpload(Sum.class, (sum, parts, context) -> {
            never.await();
            return new Total(0, 0);
        });
        pair.answering.start();
        Upload<Part, Total> upload = pair.asking.upload(new Sum("late"), CallOptions.deadline(Duration.ofMillis(300)));

        assertFalse(upload.send(Streams.part(1, 1)));
        CompletionException failed =
                assertThrows(CompletionException.class, () -> upload.answer().join());
        assertEquals(DeadlinePassed.class, failed.getCause().getClass());
        never.countDown();
    }

    @Test
    void nothingFollowsTheEnd() {
        pair.answerUsual();
        Upload<Part, Total> upload = pair.asking.upload(new Sum("ended"));
        upload.end();

        assertThrows(IllegalStateException.class, () -> upload.send(Streams.part(1, 1)));
    }

    @Test
    void plainRequestOfSuchATypeIsNotHandled() {
        pair.answerUsual();

        assertThrows(dev.streamipc.message.Rejected.class, () -> pair.asking.call(new Sum("plain")));
    }
}
