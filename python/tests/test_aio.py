"""Sessions on asyncio, at both ends."""
import asyncio
import subprocess
import sys
import threading
import time
import unittest
from unittest import mock

from child_types import TYPES, Answer, Ask, Count
from fake_parent import environment
from streamipc import Session as ThreadedSession
from streamipc import aio
from streamipc import ChildDied, DeadlinePassed, Rejected, RemoteFailure, SessionClosed

LIMIT_SECONDS = 30
CHILD = TYPES + """
from streamipc import aio
async def main():
    session = aio.Session.stdio()
    gate = asyncio.Event()
    begun, fates, heard = [], [], []
    @session.on_request(Ask)
    async def handle(ask, call):
        if ask.text == "wait":
            await gate.wait()
        if ask.text == "open": gate.set()
        if ask.text == "raise": raise KeyError("lost")
        if ask.text == "none": return None
        if ask.text == "exit": os._exit(5)
        if ask.text == "back": return await session.request(Answer("you"), None)
        if ask.text == "heard": return Answer(str(len(heard)))
        if ask.text == "begun": return Answer(str(len(begun)))
        if ask.text == "fates":
            while not fates: await asyncio.sleep(0.01)
            return Answer(fates.pop())
        if ask.text == "forever":
            begun.append(ask)
            try: await asyncio.Event().wait()
            except asyncio.CancelledError:
                fates.append(str(call.cancel_reason))
                raise
        if ask.text == "steps":
            for step in range(3): call.progress(Answer(str(step)))
        if ask.text == "close": await session.close()
        return Answer(ask.text.upper())
    @session.on_message(Answer)
    async def hear(answer):
        heard.append(answer.text)
        if answer.text == "wait": return await gate.wait()
        if answer.text == "fail": raise ValueError("no good")
        session.notify(Answer("heard " + answer.text))
    def count(request):
        for number in range(request.upto): yield Count(number)
    session.session.on_request(Count, count)
    await session.serve()
    print("served", file=sys.stderr)
asyncio.run(main())
"""


def run(test):
    """Runs a coroutine with a child on asyncio, and a parent on it."""
    async def main():
        async with await aio.Session.spawn([sys.executable, "-c", CHILD], env=environment()) as child:
            await asyncio.wait_for(test(child), 30)

    asyncio.run(main())


class Aio(unittest.TestCase):
    def test_nobody_imports_asyncio_for_those_who_do_not_use_it(self):
        script = "import sys, streamipc\nassert 'asyncio' not in sys.modules and 'subprocess' not in sys.modules\n"
        subprocess.run([sys.executable, "-c", script], env=environment(), check=True, timeout=30)

    def test_a_handler_that_waits_holds_up_nobody(self):
        async def test(child):
            waiting = [asyncio.ensure_future(child.request(Ask("wait"))) for _ in range(200)]
            self.assertEqual("OPEN", (await child.request(Ask("open"))).text)
            self.assertEqual(200 * ["WAIT"], [answer.text for answer in await asyncio.gather(*waiting)])

        run(test)

    def test_failures_are_those_of_the_family(self):
        async def test(child):
            with self.assertRaises(RemoteFailure) as raised:
                await child.request(Ask("raise"))
            self.assertIn("lost", raised.exception.remote_message)
            with self.assertRaises(Rejected):
                await child.request(Ask("none"))
            with self.assertRaises(ChildDied) as raised:
                await child.request(Ask("exit"))
            self.assertEqual(5, raised.exception.report.exit_code)

        run(test)

    def test_a_cancel_of_the_task_reaches_the_handler(self):
        async def test(child):
            task = asyncio.ensure_future(child.request(Ask("forever"), None))
            # A request that is cancelled or late before its handler has begun never meets it.
            while (await child.request(Ask("begun"))).text != "1":
                pass
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            self.assertEqual("the task that waits was cancelled", (await child.request(Ask("fates"))).text)
            while (await child.request(Ask("begun"))).text == "1":
                with self.assertRaises(DeadlinePassed):
                    await child.request(Ask("forever"), 0.05)
            self.assertTrue((await child.request(Ask("fates"))).text)

        run(test)

    def test_the_child_asks_back_and_gets_the_rest_of_the_time(self):
        async def test(child):
            limits = []

            async def answer(ask, call):
                limits.append(call.time_left())
                return Answer("to " + ask.text)

            child.on_request(Answer, answer)
            serving = asyncio.ensure_future(child.serve())
            self.assertEqual("to you", (await child.request(Ask("back"), 20)).text)
            self.assertTrue(0 < limits[0] <= 20, limits)
            await child.close()
            await serving

        run(test)

    def test_progress_messages_and_streams_pass(self):
        async def test(child):
            news, heard = [], asyncio.get_running_loop().create_future()
            await child.request(Ask("steps"), on_progress=lambda progress: news.append(progress.message.text))
            self.assertEqual(["0", "1", "2"], news)

            async def hear(answer):
                heard.set_result(answer.text)

            child.on_message(Answer, hear)
            serving = asyncio.ensure_future(child.serve())
            child.notify(Answer("x"))
            self.assertEqual("heard x", await heard)
            async with child.stream(Count(40), parts=Count) as parts:
                self.assertEqual(list(range(40)), [part.upto async for part in parts])
            async with child.stream(Count(10 ** 9), parts=Count) as parts:
                async for part in parts:
                    if part.upto == 3:
                        break
            serving.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await serving
            self.assertTrue(child.session.is_closed())

        run(test)

    def test_messages_are_dropped_where_too_many_are_being_heard(self):
        async def test(child):
            for _ in range(10_100):
                child.notify(Answer("wait"))
            self.assertEqual("10000", (await child.request(Ask("heard"))).text)
            await child.request(Ask("open"))
            child.notify(Answer("fail"))
            child.notify(Answer("last"))
            while (await child.request(Ask("heard"))).text != "10002":
                pass

        with self.assertLogs("streamipc.child") as logs:
            run(test)
        logged = "\n".join(logs.output)
        self.assertEqual(1, logged.count("dropped a message"), logged)
        self.assertIn("message handler failed: type=Answer", logged)
        self.assertIn("ValueError: no good", logged)

    def test_a_start_that_is_cancelled_leaves_no_child_behind(self):
        script = TYPES + "Session.stdio().serve()"

        async def main():
            closed = asyncio.get_running_loop().create_future()

            def close(session):
                original(session)
                loop.call_soon_threadsafe(closed.set_result, None)

            original, loop = ThreadedSession.close, asyncio.get_running_loop()
            with mock.patch.object(ThreadedSession, "close", close):
                opening = asyncio.ensure_future(
                    aio.Session.spawn([sys.executable, "-c", script], env=environment(), start_timeout=LIMIT_SECONDS))
                await asyncio.sleep(0)
                opening.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await opening
                await asyncio.wait_for(closed, LIMIT_SECONDS)

        asyncio.run(main())

    def test_a_handler_closes_the_session_and_is_answered(self):
        async def test(child):
            before = time.monotonic()
            self.assertEqual("CLOSE", (await child.request(Ask("close"))).text)
            self.assertLess(time.monotonic() - before, 1.5)

        run(test)

    def test_close_needs_no_thread_of_the_loop_and_is_not_undone_by_a_cancel(self):
        async def test(child):
            loop, gate = asyncio.get_running_loop(), threading.Event()
            busy = [loop.run_in_executor(None, gate.wait) for _ in range(64)]
            try:
                closing = asyncio.ensure_future(child.close())
                await asyncio.sleep(0)
                closing.cancel()
                await asyncio.wait({closing})
                await asyncio.wait_for(child.close(), LIMIT_SECONDS)
                self.assertIsInstance(child.session.request(Ask("late")).exception(), SessionClosed)
            finally:
                gate.set()
                await asyncio.wait(busy)

        run(test)

    def test_a_program_that_ends_behind_a_close_in_a_handler_says_goodbye(self):
        script = TYPES + """
import concurrent.futures.thread
from streamipc import aio
session = aio.Session.stdio()
close = session.session.close
def slowly():
    while not concurrent.futures.thread._shutdown:
        os.sched_yield()
    close()
async def main():
    closed = asyncio.Event()
    session.session.close = slowly
    @session.on_request(Ask)
    async def handle(ask):
        await session.close()
        closed.set()
        return Answer("closed")
    session._loop.here()
    session.session.serve_in_background()
    await closed.wait()
asyncio.run(main())
"""
        with ThreadedSession.spawn([sys.executable, "-c", script], env=environment()) as child:
            call = child.request(Ask(""), LIMIT_SECONDS)
            self.assertIn("closed", str(call.exception() or call.result()))
            child._way.process.await_exit(LIMIT_SECONDS)
            self.assertIsInstance(child.request(Ask("late")).exception(), SessionClosed)

    def test_plain_functions_handle_as_well(self):
        async def test(child):
            heard = []

            def back(answer):
                if answer.text != "you":
                    raise ValueError(answer.text)
                return Answer("me")

            child.on_request(Answer, back)
            child.on_message(Answer, heard.append)
            serving = asyncio.ensure_future(child.serve())
            self.assertEqual("ME", (await child.request(Ask("back"))).text.upper())
            child.notify(Answer("x"))
            while not heard:
                await asyncio.sleep(0)
            self.assertEqual([Answer("heard x")], heard)
            await child.close()
            await serving

        run(test)


if __name__ == "__main__":
    unittest.main()
