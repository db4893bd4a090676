"""Which attempt at its work a request is: as the caller says it, on the wire, and in handlers."""
import asyncio
import json
import struct
import sys
import unittest

from child_types import Answer, Ask, Count
from fake_parent import NO_DEADLINE, Parent, child_id, environment, number, request
from wire import ATTACHMENTS, ATTEMPT, PAYLOAD_CRC, attached, attempted, chunks, frame

from streamipc import Attempt, LogMessage, Session

FLAGS = PAYLOAD_CRC | ATTEMPT
FEATURES = ["chunks", "attachments", "streams", "attempts"]
HEAD = number("Ask") + struct.pack(">I", NO_DEADLINE)
PROLOGUE = """
import os, sys
from typing import Optional
from streamipc import *
@message
class Ask:
    text: str
    data: Optional[Attachment] = None
@message
class Answer:
    text: str
@message
class Count:
    upto: int
session = Session.stdio()
def told(call, size=0):
    return Answer("%d %r %d" % (call.attempt, call.key, size))
"""
TELLS = PROLOGUE + """
@session.on_request(Ask)
def handle(ask, call):
    return told(call, len(ask.text) + len(ask.data or b""))
@session.on_request(Count)
def parts(count, call):
    for part in range(count.upto): yield told(call, part)
@session.on_upload(Count)
def take(count, brought, call):
    return told(call, sum(len(part.text) for part in brought))
session.serve()
"""
ON_ASYNCIO = PROLOGUE.replace("session = Session.stdio()", "") + """
import asyncio
from streamipc import aio
async def main():
    session = aio.Session.stdio()
    @session.on_request(Ask)
    async def handle(ask, call):
        if ask.text == "back":
            return await session.request(Attempt(Ask("x"), 4, "from there"))
        await asyncio.sleep(0)
        return told(call, len(ask.text))
    await session.serve()
asyncio.run(main())
"""
ASKS = PROLOGUE + """
session.request(Attempt(Ask("hi"), 2, "k-\\u00fc"))
session.request(Ask("hi"))
session.serve()
"""


def body(text="hi"):
    return json.dumps({"text": text}).encode()


class Handlers(unittest.TestCase):
    def told(self, parent):
        kind, _, tree = parent.answer()
        self.assertEqual("REPLY", kind, tree)
        return tree["text"]

    def test_a_handler_reads_attempt_and_key(self):
        with Parent(TELLS) as parent:
            parent.open(features=FEATURES)
            self.assertIn("attempts", parent.hello["features"])
            for more, expected in (((3, b"k-1"), "3 'k-1' 2"), ((65535, b""), "65535 None 2"),
                                   ((1, b"k" * 1024), "1 '%s' 2" % ("k" * 1024))):
                parent.send(frame("REQUEST", attempted(HEAD + body(), *more), 1, FLAGS))
                self.assertEqual(expected, self.told(parent))
            parent.send(request(1))
            self.assertEqual("1 None 2", self.told(parent))

    def test_in_one_write_with_others_each_keeps_its_own(self):
        good = HEAD + body()
        with Parent(TELLS) as parent:
            parent.open(features=FEATURES)
            parent.send(b"".join((request(1), request(2), frame("REQUEST", attempted(good, 2, b"k"), 3, FLAGS),
                                  request(4), request(5), frame("REQUEST", attempted(good, 0, b"k"), 6, FLAGS),
                                  frame("REQUEST", attempted(good, 7, b""), 7, FLAGS), request(8))))
            told = {}
            for _ in range(8):
                kind, call_id, tree = parent.answer()
                told[call_id] = tree["text" if kind == "REPLY" else "failure"]
            plain = dict.fromkeys((1, 2, 4, 5, 8), "1 None 2")
            self.assertEqual({**plain, 3: "2 'k' 2", 6: "Undecodable", 7: "7 None 2"}, told)

    def test_so_it_does_of_large_ones_and_with_attachments(self):
        with Parent(TELLS) as parent:
            parent.open(features=FEATURES)
            payload = attempted(HEAD + body("x" * 200_000), 2, b"k")
            parent.send(b"".join(chunks("REQUEST", payload, 1, flags=ATTEMPT)))
            self.assertEqual("2 'k' 200000", self.told(parent))
            core = attempted(HEAD + b'{"text":"abc","data":0}', 5, b"k")
            parent.send(frame("REQUEST", attached(core, b"raw"), 2, FLAGS | ATTACHMENTS))
            self.assertEqual("5 'k' 6", self.told(parent))
            payload = attached(core, b"r" * 300_000)
            parent.send(b"".join(chunks("REQUEST", payload, 3, 2, ATTEMPT | ATTACHMENTS)))
            self.assertEqual("5 'k' 300003", self.told(parent))

    def test_a_bad_attempt_fails_its_request_alone(self):
        good = HEAD + body()
        with Parent(TELLS) as parent:
            parent.open(features=FEATURES)
            for payload, cause in ((attempted(good, 0, b"k"), "no attempt of a request: attempt=0"),
                                   (attempted(good, 1, b"k" * 1025), "keyBytes=1025"),
                                   (attempted(good, 1, b"k", 999), "keyBytes=999"),
                                   (attempted(good, 1, b"\xff"), "no UTF-8"),
                                   (attempted(good, 1)[:9], "missingBytes=1"), (b"", "without a head")):
                parent.send(frame("REQUEST", payload, 1, FLAGS if payload else ATTEMPT))
                kind, _, tree = parent.answer()
                self.assertEqual(("FAILURE", "Undecodable", "ARGUMENT"), (kind, tree["failure"], tree["subject"]))
                self.assertIn(cause, tree["cause"])
                parent.send(request(1))
                self.assertEqual("1 None 2", self.told(parent))

    def test_the_flag_without_the_feature_breaks_the_protocol(self):
        with Parent(TELLS) as parent:
            parent.open()
            parent.send(frame("REQUEST", attempted(HEAD + body(), 1), 1, FLAGS))
            kind, _, tree = parent.answer()
            self.assertEqual(("GOODBYE", "PROTOCOL_ERROR"), (kind, tree["reason"]))


class Callers(unittest.TestCase):
    def test_it_stands_between_time_left_and_body(self):
        with Parent(ASKS) as parent:
            parent.open(features=FEATURES)
            kind, flags, call_id, payload = parent.next()
            self.assertEqual(("REQUEST", ATTEMPT, child_id(0)), (kind, flags & ATTEMPT, call_id))
            self.assertEqual("000200046b2dc3bc", payload[6:14].hex())
            self.assertEqual({"text": "hi", "data": None}, json.loads(payload[14:]))
            _, flags, _, payload = parent.next()
            self.assertEqual((0, {"text": "hi", "data": None}), (flags & ATTEMPT, json.loads(payload[6:])))

    def test_a_side_that_knows_no_attempts_is_told_nothing(self):
        with Parent(ASKS) as parent:
            parent.open(features=FEATURES[:3])
            for _ in range(2):
                kind, flags, _, payload = parent.next()
                self.assertEqual(("REQUEST", 0), (kind, flags & ATTEMPT))
                self.assertEqual({"text": "hi", "data": None}, json.loads(payload[6:]))

    def test_number_and_key_have_their_bounds(self):
        for attempt, key, text in ((0, "k", "attempt out of range: attempt=0"), (65536, "k", "attempt=65536"),
                                   (1.0, "k", "attempt=1.0"), (True, "k", "attempt=True"), (1, "", "keyBytes=0"),
                                   (1, "k" * 1025, "keyBytes=1025"), (1, "\u00fc" * 513, "keyBytes=1026"),
                                   (1, "a\ud83d", "half a surrogate pair: keyChars=2")):
            with self.assertRaisesRegex(ValueError, text):
                Attempt(Ask("x"), attempt, key)
        most = Attempt(Ask("x"), 65535, "k" * 1024)
        self.assertEqual((65535, "k" * 1024), (most.number, most.key))

    def test_a_key_is_text(self):
        for key in (5, b"order", None):
            with self.assertRaisesRegex(TypeError, "key of an attempt is no text: key="):
                Attempt(Ask("x"), 2, key)

    def test_it_is_no_message_that_wants_no_answer(self):
        with Session.spawn([sys.executable, "-c", TELLS], env=environment()) as child:
            with self.assertRaisesRegex(Exception, "NOT_REGISTERED"):
                child.notify(Attempt(LogMessage("x"), 1, "k"))


class BothEnds(unittest.TestCase):
    def test_all_that_asks_says_it(self):
        with Session.spawn([sys.executable, "-c", TELLS], env=environment()) as child:
            self.assertEqual("1 None 2", child.call(Ask("hi")).text)
            self.assertEqual("2 'k' 2", child.call(Attempt(Ask("hi"), 2, "k")).text)
            self.assertEqual("3 'k' 300000", child.request(Attempt(Ask("x" * 300_000), 3, "k")).result().text)
            with child.stream(Attempt(Count(2), 4, "k"), parts=Answer) as parts:
                self.assertEqual(["4 'k' 0", "4 'k' 1"], [part.text for part in parts])
            brought = [Answer("abc"), Answer("d")]
            self.assertEqual("5 'k' 4", child.upload(Attempt(Count(0), 5, "k"), brought).text)
            self.assertEqual("1 None 4", child.upload(Count(0), brought).text)

    def test_so_it_is_on_asyncio(self):
        from streamipc import aio

        async def main():
            async with await aio.Session.spawn([sys.executable, "-c", ON_ASYNCIO], env=environment()) as child:
                async def tell(ask, call):
                    return Answer("%d %s" % (call.attempt, call.key))

                child.on_request(Ask, tell)
                serving = asyncio.ensure_future(child.serve())
                self.assertEqual("2 'k' 2", (await child.request(Attempt(Ask("hi"), 2, "k"), 20)).text)
                self.assertEqual("1 None 2", (await child.request(Ask("hi"), 20)).text)
                self.assertEqual("4 from there", (await child.request(Ask("back"), 20)).text)
                await child.close()
                await asyncio.wait([serving], timeout=20)

        asyncio.run(main())


if __name__ == "__main__":
    unittest.main()
