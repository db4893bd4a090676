"""Streams of parts on asyncio, at both ends."""
import asyncio
import gc
import sys
import threading
import unittest

from child_types import TYPES, Answer, Ask, Bulk, Count
from fake_parent import environment
from streamipc import Attachment, Cancelled, ChildDied, DeadlinePassed, Rejected, RemoteFailure, Undecodable, aio

LIMIT_SECONDS = 40
AHEAD_PARTS = 16
CHILD = TYPES + """
from streamipc import aio
async def main():
    session = aio.Session.stdio()
    made, fates, gate = [0], asyncio.Queue(), asyncio.Event()
    @session.on_stream(Count)
    async def count(request, call):
        assert not call.cancelled
        for number in range(request.upto):
            made[0] = number + 1
            yield Count(number)
    @session.on_request(Bulk)
    async def bulk(request):
        for _ in range(40):
            yield Bulk(Attachment(bytes(1 << 20)))
    @session.on_stream(Ask)
    async def odd(ask):
        try:
            yield Answer("first")
            if ask.text == "raise": raise KeyError("lost")
            if ask.text == "not here": yield "no message"
            if ask.text == "exit": os._exit(5)
            await asyncio.Event().wait()
        except BaseException as error:
            await fates.put(type(error).__name__)
            raise
    @session.on_upload(Count)
    async def total(request, parts):
        if request.upto == -1: await gate.wait()
        if request.upto == -2: return Count(-2)
        total = 0
        try:
            async for part in parts: total += part.upto
        except BaseException as error:
            await fates.put(type(error).__name__)
            raise
        return Count(total)
    @session.on_upload(Ask)
    async def both(ask, parts, call):
        async for part in parts:
            yield Answer(ask.text + part.text)
    @session.on_request(Ask)
    async def ask(ask):
        if ask.text == "made": return Answer(str(made[0]))
        if ask.text == "open": gate.set()
        if ask.text == "fate": return Answer(await fates.get())
        if ask.text == "threads": return Answer(str(threading.active_count()))
        if ask.text == "back":
            up = session.upload(Count(0))
            for number in range(50): assert await up.send(Count(number))
            assert (await up.result()).upto == 1225
            numbers = [part.upto async for part in session.stream(Count(50), parts=Count)]
            return Answer(str(sum(numbers)))
        return Answer(ask.text)
    await session.serve()
asyncio.run(main())
"""


def run(test):
    """Runs a coroutine with a child on asyncio, and a parent on it."""

    async def main():
        async with await aio.Session.spawn([sys.executable, "-c", CHILD], env=environment()) as child:
            await asyncio.wait_for(test(child), LIMIT_SECONDS)

    asyncio.run(main())


async def text_of(child, question):
    return (await child.request(Ask(question), LIMIT_SECONDS)).text


async def settled(ask):
    """Returns what a question is answered by once the answer stays the same."""
    before, now = None, await ask()
    while before != now:
        await asyncio.sleep(0.05)
        before, now = now, await ask()
    return now


class Streams(unittest.TestCase):
    def test_a_stream_arrives_whole_and_in_order(self):
        async def test(child):
            self.assertEqual([], [part async for part in child.stream(Count(0), parts=Count)])
            stream = child.stream(Count(2000), parts=Count)
            self.assertEqual(list(range(2000)), [part.upto async for part in stream])
            self.assertTrue(stream.call.done())
            self.assertEqual([], [part async for part in stream])

        run(test)

    def test_a_slow_reader_holds_up_the_generator(self):
        async def test(child):
            async with child.stream(Count(10 ** 9), parts=Count) as parts:
                for number in range(3):
                    self.assertEqual(number, (await parts.__anext__()).upto)
                self.assertLessEqual(int(await settled(lambda: text_of(child, "made"))), 3 + AHEAD_PARTS + 1)
                for number in range(3, 103):
                    self.assertEqual(number, (await parts.__anext__()).upto)
                made = int(await settled(lambda: text_of(child, "made")))
                self.assertTrue(103 <= made <= 103 + AHEAD_PARTS + 1, made)

        run(test)

    def test_large_parts_wait_for_room_and_other_tasks_go_on(self):
        async def test(child):
            sizes = [len(part.data.view) async for part in child.stream(Bulk(Attachment(b"")), parts=Bulk)]
            self.assertEqual(40 * [1 << 20], sizes)
            streams = [child.stream(Bulk(Attachment(b"")), parts=Bulk) for _ in range(4)]
            for stream in streams:
                await stream.__anext__()
            self.assertEqual("x", await text_of(child, "x"))
            for stream in streams:
                self.assertEqual(39, len([part async for part in stream]))

        run(test)

    def test_a_fast_stream_leaves_time_for_other_tasks(self):
        async def test(child):
            async def read():
                async for _ in child.stream(Count(10 ** 9), parts=Count):
                    pass

            reader = asyncio.ensure_future(read())
            self.assertEqual(["%d" % number for number in range(20)],
                             [await text_of(child, str(number)) for number in range(20)])
            reader.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await reader

        run(test)

    def test_failures_come_behind_the_parts_before_them(self):
        async def test(child):
            for question, kind, text in [("raise", RemoteFailure, "lost"), ("not here", Undecodable, "str")]:
                parts = child.stream(Ask(question), parts=Answer)
                self.assertEqual("first", (await parts.__anext__()).text)
                with self.assertRaisesRegex(kind, text):
                    await parts.__anext__()
            parts = child.stream(Count(3), parts=Answer)
            with self.assertRaisesRegex(Undecodable, "expected a part of"):
                await parts.__anext__()
            with self.assertRaises(Rejected) as raised:
                await child.stream(Answer("nobody"), parts=Answer).__anext__()
            self.assertEqual("UNHANDLED", raised.exception.reason)
            with self.assertRaises(DeadlinePassed):
                async for _ in child.stream(Ask("wait"), parts=Answer, deadline=0.3):
                    pass
            parts = child.stream(Ask("exit"), parts=Answer)
            self.assertEqual("first", (await parts.__anext__()).text)
            with self.assertRaises(ChildDied):
                await parts.__anext__()

        run(test)

    def test_whoever_stops_before_the_end_cancels(self):
        async def test(child):
            async def read():
                async for _ in child.stream(Ask("wait"), parts=Answer, deadline=None):
                    begun.set()

            begun = asyncio.Event()
            reader = asyncio.ensure_future(read())
            await begun.wait()
            reader.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await reader
            self.assertEqual("CancelledError", await text_of(child, "fate"))

            async for _ in child.stream(Ask("wait"), parts=Answer, deadline=None):
                break
            gc.collect()  # Not everywhere are things let go at once.
            self.assertEqual("CancelledError", await text_of(child, "fate"))

            async with child.stream(Ask("wait"), parts=Answer, deadline=None) as parts:
                await parts.__anext__()
            with self.assertRaises(StopAsyncIteration):
                await parts.__anext__()
            self.assertEqual("CancelledError", await text_of(child, "fate"))

        run(test)

    def test_more_streams_than_threads_go_on_at_once(self):
        async def test(child):
            streams = [child.stream(Ask("wait"), parts=Answer, deadline=None) for _ in range(300)]
            for stream in streams:
                self.assertEqual("first", (await stream.__anext__()).text)
            self.assertLess(int(await text_of(child, "threads")), 10)
            self.assertLess(threading.active_count(), 30)
            for stream in streams:
                stream.close()

        run(test)

    def test_more_than_1024_handlers_of_streams_are_not_run(self):
        async def test(child):
            streams = [child.stream(Ask("wait"), parts=Answer, deadline=None) for _ in range(1025)]
            for stream in streams[:-1]:
                self.assertEqual("first", (await stream.__anext__()).text)
            with self.assertRaisesRegex(Rejected, "runningStreams=1024"):
                await streams[-1].__anext__()
            streams[0].close()
            self.assertEqual("CancelledError", await text_of(child, "fate"))
            self.assertEqual("first", (await child.stream(Ask("wait"), parts=Answer).__anext__()).text)
            for stream in streams:
                stream.close()

        run(test)


class Uploads(unittest.TestCase):
    def test_an_upload_is_answered(self):
        async def test(child):
            for count in (0, 1, 1000):
                async with child.upload(Count(0)) as upload:
                    for number in range(count):
                        self.assertTrue(await upload.send(Count(number)))
                    self.assertEqual(Count(sum(range(count))), await upload.result())
                with self.assertRaisesRegex(RuntimeError, "behind the last one"):
                    await upload.send(Count(0))

        run(test)

    def test_several_tasks_send_at_once(self):
        async def test(child):
            upload = child.upload(Count(0))
            await asyncio.gather(*(upload.send(Count(number)) for number in range(500)))
            self.assertEqual(Count(sum(range(500))), await upload.result())

        run(test)

    def test_a_slow_handler_holds_up_the_sender(self):
        async def test(child):
            sent = []

            async def send(upload):
                for number in range(100):
                    await upload.send(Count(1))
                    sent.append(number)
                return await upload.result()

            sender = asyncio.ensure_future(send(child.upload(Count(-1))))
            self.assertEqual("x", await text_of(child, "x"))

            async def count():
                return len(sent)

            self.assertLessEqual(await settled(count), AHEAD_PARTS)
            await child.request(Ask("open"))
            self.assertEqual(Count(100), await sender)

        run(test)

    def test_an_early_answer_ends_the_sending(self):
        async def test(child):
            upload = child.upload(Count(-2))
            while await upload.send(Count(1)):
                pass
            self.assertEqual(Count(-2), await upload.result())

        run(test)

    def test_whoever_stops_before_the_end_cancels(self):
        async def test(child):
            async with child.upload(Count(0), deadline=None) as upload:
                await upload.send(Count(1))
            self.assertIn(await text_of(child, "fate"), ("Cancelled", "CancelledError"))
            with self.assertRaises(Cancelled):
                await upload.send(Count(1))

            upload = child.upload(Count(0), deadline=None)
            await upload.send(Count(1))
            del upload
            gc.collect()
            self.assertIn(await text_of(child, "fate"), ("Cancelled", "CancelledError"))

            upload = child.upload(Count(0), deadline=None)
            await upload.send(Count(1))
            with self.assertRaises(Undecodable):
                await upload.send(Count("no number"))
            self.assertEqual(Count(1), await upload.result())

            upload = child.upload(Count(-1), deadline=None)
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(upload.result(), 0.2)
            self.assertIsInstance(upload.call.exception(), Cancelled)

        run(test)

    def test_the_child_asks_for_streams_and_brings_them(self):
        async def test(child):
            @child.on_upload(Count)
            async def total(request, parts):
                return Count(sum([part.upto async for part in parts]))

            @child.on_stream(Count)
            async def count(request):
                for number in range(request.upto):
                    await asyncio.sleep(0)
                    yield Count(number)

            serving = asyncio.ensure_future(child.serve())
            self.assertEqual("1225", await text_of(child, "back"))
            await child.close()
            await serving

        run(test)


class Ends(unittest.TestCase):
    def test_a_session_that_closes_ends_every_stream(self):
        async def test(child):
            parts = child.stream(Ask("wait"), parts=Answer, deadline=None)
            await parts.__anext__()
            waiting = asyncio.ensure_future(parts.__anext__())
            upload = child.upload(Count(-1), deadline=None)
            result = asyncio.ensure_future(upload.result())
            await asyncio.sleep(0)
            await child.close()
            for task in (waiting, result):
                with self.assertRaisesRegex(Exception, "closed by the parent"):
                    await task

        run(test)

    def test_what_is_no_asynchronous_generator_is_refused(self):
        async def test(child):
            async def coroutine(request):
                return None

            def generator(request):
                yield None

            for handler in (coroutine, generator):
                with self.assertRaisesRegex(TypeError, "no asynchronous generator"):
                    child.on_stream(Count, handler)

        run(test)


if __name__ == "__main__":
    unittest.main()
