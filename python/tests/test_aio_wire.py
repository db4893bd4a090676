"""Handlers of streams on asyncio, and a parent that says each frame by hand."""
import unittest

from stream_parent import BRINGS, PROLOGUE, StreamParent, demand, last, part, read
from wire import BRINGS_PARTS, PAYLOAD_CRC, WANT_PARTS


class BothWays(unittest.TestCase):
    def test_a_stream_can_be_brought_and_answered_with_at_once(self):
        script = PROLOGUE.replace("session = Session.stdio()\n", """
import asyncio
from streamipc import aio
async def main():
    session = aio.Session.stdio()
    @session.on_upload(Read)
    async def double(read, lines, call):
        async for line in lines:
            yield Line(2 * line.number)
    await session.serve()
asyncio.run(main())
""")
        with StreamParent(script) as parent:
            parent.open_streams()
            parent.send(read(1, 0, PAYLOAD_CRC | WANT_PARTS | BRINGS_PARTS) + demand(1, 9))
            self.assertEqual(("DEMAND", 1, 16), parent.told())
            parent.send(part(1, 0, 4) + part(1, 1, 5) + last(1, 2))
            self.assertEqual([("PART", 1, (0, 8)), ("PART", 1, (1, 10)), ("LAST", 1, 2)],
                             [parent.told() for _ in range(3)])
            # A part that is lost on the way ends it as a failure of the answer, for the handler has run.
            parent.send(read(3, 0, PAYLOAD_CRC | WANT_PARTS | BRINGS_PARTS) + demand(3, 9))
            self.assertEqual(("DEMAND", 3, 16), parent.told())
            parent.send(part(3, 0, 1))
            self.assertEqual(("PART", 3, (0, 2)), parent.told())
            parent.send(part(3, 2, 1))
            kind, _, tree = parent.told()
            self.assertEqual(("FAILURE", "Undecodable", "ANSWER"), (kind, tree["failure"], tree["subject"]))
            self.assertIn("a part was lost on the way", tree["cause"])

    def test_the_end_of_the_stream_ends_the_child_though_a_handler_waits(self):
        script = PROLOGUE.replace("session = Session.stdio()\n", """
import asyncio
from streamipc import aio
async def main():
    session = aio.Session.stdio()
    @session.on_upload(Read)
    async def add(read, lines):
        async for line in lines:
            pass
    await session.serve()
asyncio.run(main())
""")
        with StreamParent(script) as parent:
            parent.open_streams()
            parent.send(read(1, 0, BRINGS))
            self.assertEqual("DEMAND", parent.told()[0])
            parent.process.stdin.close()
            while parent.told() is not None:
                continue
            parent.exit_code(3)


if __name__ == "__main__":
    unittest.main()
