"""The small parts that streams on asyncio are made of."""
import asyncio
import threading
import unittest
from types import SimpleNamespace

from child_types import Count
from streamipc._aio_loop import Loop, Room
from streamipc._aio_parts import Turn, send
from streamipc._aio_tasks import Tasks
from streamipc._parts import PartsOut, StreamOver


class Outbound:
    """One with as much room as a test says."""

    def __init__(self):
        self.room = threading.Event()
        self.waits = 0

    def await_room(self, limit_seconds=None):
        if limit_seconds is None:
            self.waits += 1
        return self.room.wait(10 if limit_seconds is None else limit_seconds)


class Rooms(unittest.TestCase):
    def test_a_part_waits_for_room_and_one_thread_waits_for_all(self):
        async def test():
            outbound, written, loop = Outbound(), [], Loop()
            loop.here()
            room = Room(loop, outbound)
            outs = [PartsOut(lambda payload, _: written.append(payload), lambda: True) for _ in range(5)]
            tasks = []
            for out in outs:
                out.demand(1)
                tasks.append(asyncio.ensure_future(send(out, Turn(loop, out), room, b"x")))
            for _ in range(10):
                await asyncio.sleep(0)
            self.assertEqual([], written)
            tasks[0].cancel()
            outbound.room.set()
            await asyncio.gather(*tasks[1:])
            self.assertEqual((4, 1), (len(written), outbound.waits))

        asyncio.run(test())


class Turns(unittest.TestCase):
    def test_who_never_waits_gives_way_all_the_same(self):
        async def test():
            loop, others = Loop(), [0]
            out = PartsOut(lambda payload, is_last: None, lambda: True)
            out.demand(1000)

            async def other():
                while True:
                    others[0] += 1
                    await asyncio.sleep(0)

            task = asyncio.ensure_future(other())
            turn = Turn(loop, out)
            for _ in range(160):
                await turn.come()
            task.cancel()
            self.assertTrue(8 <= others[0] <= 12, others)

        asyncio.run(test())

    def test_a_stream_that_ends_wakes_all_who_wait(self):
        async def test():
            loop = Loop()
            loop.here()
            out = PartsOut(lambda payload, is_last: None, lambda: True)
            turn = Turn(loop, out)
            tasks = [asyncio.ensure_future(turn.come()) for _ in range(3)]
            await asyncio.sleep(0)
            threading.Thread(target=out.stop, args=(StreamOver(),)).start()
            await asyncio.wait_for(asyncio.gather(*tasks), 10)

        asyncio.run(test())


class Generators(unittest.TestCase):
    def test_what_brings_the_parts_is_closed_where_nobody_wants_the_rest(self):
        class Source:
            closed = 0

            def __aiter__(self):
                return self

            async def __anext__(self):
                return Count(1)

            async def aclose(self):
                self.closed += 1

        async def test():
            out = PartsOut(lambda payload, is_last: None, lambda: True)
            out.stop(StreamOver())
            answer = SimpleNamespace(exchange=SimpleNamespace(parts_out=out), encode_part=lambda part: b"x")
            source = Source()
            with self.assertRaises(StreamOver):
                await Tasks(Loop(), None)._send_all(source, answer)
            self.assertEqual(1, source.closed)

        asyncio.run(test())


if __name__ == "__main__":
    unittest.main()
