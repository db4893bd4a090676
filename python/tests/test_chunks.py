"""Large messages: how they are put together, and how they leave between others."""
import json
import os
import threading
import unittest

from fake_parent import LIMIT_SECONDS, NO_DEADLINE, PROLOGUE, Gate, Parent, child_id, number, request
from wire import (
    ABANDONED, CHUNK_BYTES, FIRST_CHUNK, HEADER_BYTES, KINDS, LAST_CHUNK, PAYLOAD_CRC, SALT, chunks, flip, frame, header,
)

from streamipc._aside import MAX_MESSAGES
from streamipc._chunks import Chunks
from streamipc._decoder import DAMAGED, VIOLATION
from streamipc._frame import FrameWriter, allowed_flags
from streamipc._large import Large
from streamipc._outbound import Outbound

LIMIT = 1 << 20
NOTIFY = KINDS["NOTIFY"]
LARGE = bytes(range(256)) * 1024
FEATURES = ["chunks"]


def taken(*frames, damaged=()):
    """Returns the events that frames of chunks come to; those whose place is in `damaged` lose their piece."""
    assembled = Chunks(SALT, allowed_flags(FEATURES), LIMIT)
    events = []
    for place, data in enumerate(frames):
        flags, call_id = int.from_bytes(data[6:8], "big"), int.from_bytes(data[8:16], "big")
        length = int.from_bytes(data[16:20], "big")
        piece = None if place in damaged else data[HEADER_BYTES:HEADER_BYTES + length]
        events += assembled.take(flags, call_id, piece)
    return events


def notice(call_number):
    return frame("CHUNK", b"", call_number, ABANDONED)


class Assembling(unittest.TestCase):
    def test_a_message_is_there_with_its_last_chunk(self):
        pieces = chunks("NOTIFY", LARGE)
        self.assertEqual([], taken(*pieces[:-1]))
        ((kind, flags, call_id, payload),) = taken(*pieces)
        self.assertEqual((NOTIFY, 0, 0, LARGE), (kind, flags, call_id, bytes(payload)))
        self.assertTrue(payload.readonly)

    def test_pieces_of_any_size_will_do(self):
        for size in (1, 7, 23, 24, 25, 1000, CHUNK_BYTES):
            data = LARGE[:100] if size < 100 else LARGE
            ((_, _, _, payload),) = taken(*chunks("NOTIFY", data, size=size))
            self.assertEqual(data, bytes(payload))

    def test_four_messages_take_turns(self):
        messages = [chunks("REPLY", LARGE[at:], at, at) for at in range(1, 5)]
        events = taken(*[message[at] for at in range(5) for message in messages if at < len(message)])
        self.assertEqual([(at, LARGE[at:]) for at in range(1, 5)], [(one[2], bytes(one[3])) for one in events])

    def test_an_abandoned_message_never_was(self):
        pieces = chunks("NOTIFY", LARGE)
        self.assertEqual([], taken(*pieces[:2], notice(1), *pieces[2:]))
        self.assertEqual([], taken(notice(9)))

    def test_a_lost_or_damaged_chunk_damages_its_message_alone(self):
        pieces, other = chunks("REPLY", LARGE, 7, 1), chunks("REPLY", LARGE, 8, 2)
        lost = (DAMAGED, 0, 7, bytes((KINDS["REPLY"],)))
        for events in (taken(pieces[0], *other[:1], *pieces[2:], *other[1:]),
                       taken(*pieces, *other, damaged=(1,)), taken(*pieces, *other, damaged=(len(pieces) - 1,))):
            self.assertEqual(lost, events[0])
            self.assertEqual((8, LARGE), (events[1][2], bytes(events[1][3])))
        self.assertEqual([], taken(*pieces[1:]))
        self.assertEqual([], taken(*pieces, damaged=(0,)))

    def test_a_lost_last_chunk_is_known_when_four_others_have_begun(self):
        lost = chunks("REPLY", LARGE, 7, 1)[:-1]
        others = [chunks("REPLY", LARGE, 8, at)[0] for at in range(2, 2 + MAX_MESSAGES)]
        self.assertEqual([], taken(*lost, *others[:-1]))
        self.assertEqual([(DAMAGED, 0, 7, bytes((KINDS["REPLY"],)))], taken(*lost, *others))

    def test_a_header_that_breaks_a_rule_is_found_with_the_first_chunk(self):
        def first(data):
            return frame("CHUNK", data, 1, PAYLOAD_CRC | FIRST_CHUNK)

        cases = {
            "payload over the limit": header("NOTIFY", 0, 0, LIMIT + 1),
            "chunks of what is no message": header("PING", 0, 5, 100),
            "chunks of what is no message: kind=15": header("PART", 0, 5, 100),
            "flag not allowed": header("NOTIFY", PAYLOAD_CRC, 0, 100),
            "flag not": header("REPLY", 0x10, 3, 100),
            "request id": header("NOTIFY", 0, 3, 100),
            "more than was claimed": header("NOTIFY", 0, 0, 100) + bytes(101),
            "chunks of what": flip(header("NOTIFY", 0, 0, 100), 9),
            "chunks of": header("NOTIFY", 0, 0, 100, version=2),
        }
        for rule, data in cases.items():
            ((kind, _, _, text),) = taken(first(data), *chunks("NOTIFY", LARGE, number=2))
            self.assertEqual(VIOLATION, kind, rule)
            self.assertIn(rule, text.decode())

    def test_memory_grows_with_what_came_not_with_what_is_claimed(self):
        before = _resident_bytes()
        assembled = Chunks(SALT, allowed_flags(FEATURES), 1 << 31)
        assembled.take(FIRST_CHUNK, 1, header("NOTIFY", 0, 0, 1 << 30))
        ((_, message),) = assembled._messages.items()
        self.assertEqual(HEADER_BYTES, message.room.filled)
        self.assertLess(_resident_bytes() - before, 1 << 20)


def _resident_bytes():
    if not os.path.exists("/proc/self/statm"):
        return 0
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Leaving(unittest.TestCase):
    """The outbound buffer over a pipe that nobody reads until the test does."""

    def setUp(self):
        self._read, write = os.pipe()
        self.frames = FrameWriter(SALT)
        self.frames.has_chunks = True
        self.out = Outbound(write, self.frames, self.fail)
        self.out.open()
        self.abandoned = []
        self.addCleanup(os.close, self._read)
        self.addCleanup(self.out.abort)

    def put(self, kind, call_id, payload):
        self.out.put(self.frames.message(KINDS[kind], call_id, payload))
        self.out.flush(True)

    def blocks(self):
        """Fills the pipe, so that the writer stands still with one chunk in hand."""
        self.put("NOTIFY", 0, LARGE)

    def arrived(self, count, data=b""):
        """Returns kind and id of whole messages, until so many have come."""
        assembled = Chunks(SALT, allowed_flags(FEATURES), 1 << 30)
        heads = []
        while len(heads) < count:
            while len(data) >= HEADER_BYTES:
                kind, flags = data[5], int.from_bytes(data[6:8], "big")
                call_id, length = int.from_bytes(data[8:16], "big"), int.from_bytes(data[16:20], "big")
                end = HEADER_BYTES + length + 4 * (flags & PAYLOAD_CRC)
                if len(data) < end:
                    break
                if kind == KINDS["CHUNK"]:
                    self.abandoned += [call_id] if flags & ABANDONED else []
                    piece = data[HEADER_BYTES:HEADER_BYTES + length]
                    heads += [(NAMES[one[0]], one[2]) for one in assembled.take(flags, call_id, piece)]
                else:
                    heads.append((NAMES[kind], call_id))
                data = data[end:]
            if len(heads) < count:
                data += os.read(self._read, 1 << 20)
        return heads

    def test_small_frames_pass_and_those_of_the_same_call_do_not(self):
        self.blocks()
        self.put("REPLY", 1, LARGE)
        self.put("FAILURE", 1, b"{}")
        self.put("REPLY", 2, b"\0\0{}")
        self.assertEqual([("REPLY", 2), ("NOTIFY", 0), ("REPLY", 1), ("FAILURE", 1)], self.arrived(4))

    def test_the_order_holds_for_a_call_with_the_id_0_too(self):
        self.blocks()
        self.put("REPLY", 0, LARGE)
        self.put("NOTIFY", 0, b"\0\0{}")
        self.put("FAILURE", 0, b"{}")
        self.assertEqual([("NOTIFY", 0), ("NOTIFY", 0), ("REPLY", 0), ("FAILURE", 0)], self.arrived(4))

    def test_a_goodbye_stands_behind_all_before_it_and_no_more(self):
        self.blocks()
        self.put("REPLY", 1, LARGE)
        self.out.put_control(frame("GOODBYE", b"{}"))
        self.put("REPLY", 2, LARGE * 4)
        self.assertEqual([("NOTIFY", 0), ("REPLY", 1), ("GOODBYE", 0), ("REPLY", 2)], self.arrived(4))

    def test_large_ones_take_turns_and_those_of_one_call_keep_their_order(self):
        self.blocks()
        self.put("REPLY", 1, LARGE * 8)
        self.put("PROGRESS", 2, LARGE * 2)
        self.put("PROGRESS", 2, LARGE)
        self.assertEqual([("NOTIFY", 0), ("PROGRESS", 2), ("PROGRESS", 2), ("REPLY", 1)], self.arrived(4))

    def test_no_more_than_four_are_on_their_way(self):
        self.blocks()
        for call_id in range(1, 9):
            self.put("REPLY", call_id, LARGE)
        self.assertEqual([("NOTIFY", 0)] + [("REPLY", call_id) for call_id in range(1, 9)], self.arrived(9))

    def test_what_is_taken_back_is_abandoned(self):
        self.blocks()
        self.put("REPLY", 1, LARGE * 4)
        begun = header("CHUNK", PAYLOAD_CRC | FIRST_CHUNK, 2, CHUNK_BYTES)
        data = b""
        while begun not in data:
            data += os.read(self._read, 1 << 20)
        self.out.take_back(1)
        self.put("REPLY", 2, b"\0\0{}")
        self.out.end()
        self.out.flush(True)
        self.assertEqual([("REPLY", 2), ("NOTIFY", 0)], sorted(self.arrived(2, data), reverse=True))
        self.assertEqual([2], self.abandoned)

    def test_the_stream_ends_behind_what_is_large(self):
        self.blocks()
        self.out.end()
        self.assertFalse(self.out.await_end(0.01))
        self.assertEqual([("NOTIFY", 0)], self.arrived(1))
        self.assertTrue(self.out.await_end(LIMIT_SECONDS))

    def test_a_frame_is_cut_without_copies(self):
        source = bytearray(b"abcdef")
        large = Large(NOTIFY, 0, [b"xy", source])
        self.assertEqual([b"xy", b"a"], large.cut(3))
        source[1:3] = b"BC"
        self.assertEqual([b"BCdef"], large.cut(100))
        self.assertEqual(0, large.left_bytes)


NAMES = {value: name for name, value in KINDS.items()}


class Children(unittest.TestCase):
    def test_a_large_request_is_answered_by_a_large_reply(self):
        text = "x" * 300_000
        payload = number("Ask") + b"\xff" * 4 + json.dumps({"text": text}).encode()
        with Parent() as parent:
            parent.open(features=["other", "chunks"])
            self.assertEqual(["chunks"], [name for name in parent.hello["features"] if name == "chunks"])
            parent.send(b"".join(chunks("REQUEST", payload, 7)))
            kind, call_id, tree = parent.answer()
            self.assertEqual(("REPLY", 7, text.upper()), (kind, call_id, tree["text"]))
            self.assertGreater(parent.chunks, 4)

    def test_a_parent_without_the_feature_gets_one_piece_and_may_send_no_chunk(self):
        with Parent() as parent:
            parent.open()
            parent.ask(1, "x" * 300_000)
            self.assertEqual(("REPLY", 1), parent.answer()[:2])
            self.assertEqual(0, parent.chunks)
            parent.send(b"".join(chunks("REQUEST", request(2)[HEADER_BYTES:-4], 2)))
            self.assertEqual("PROTOCOL_ERROR", parent.answer()[2]["reason"])

    def test_a_damaged_chunk_fails_its_call_alone(self):
        payload = number("Ask") + b"\xff" * 4 + json.dumps({"text": "x" * 300_000}).encode()
        pieces = chunks("REQUEST", payload, 7)
        with Parent() as parent:
            parent.open(features=FEATURES)
            parent.send(b"".join([*pieces[:2], flip(pieces[2], 1000), *pieces[3:], request(8)]))
            kind, call_id, tree = parent.answer()
            self.assertEqual(("FAILURE", 7, "Undecodable"), (kind, call_id, tree["failure"]))
            self.assertEqual(("REPLY", 8), parent.answer()[:2])

    def test_a_broken_rule_of_chunks_ends_the_session(self):
        with Parent() as parent:
            parent.open(features=FEATURES)
            parent.send(frame("CHUNK", header("PING", 0, 1, 9), 1, PAYLOAD_CRC | FIRST_CHUNK | LAST_CHUNK))
            self.assertIn("chunks of what is no message", parent.answer()[2]["text"])

    def test_a_large_call_that_is_cancelled_on_its_way_was_not_executed(self):
        rest = """
large = session.request(Ask("x" * 8_000_000))
session.request(Ask("small"))
@session.on_message(LogMessage)
def cancel(_):
    large.cancel("enough")
    print(large.exception().certainty.name, file=sys.stderr, flush=True)
    session.notify(LogMessage("next"))
session.serve()
"""
        with Parent(PROLOGUE + rest) as parent:
            parent.open(features=FEATURES)
            self.assertEqual(("REQUEST", child_id(1), {"type": "Ask", "text": "small"}), parent.answer())
            parent.await_chunk()
            parent.notify("LogMessage", message="go")
            self.assertEqual("next", parent.answer()[2]["message"])
            self.assertTrue(parent.abandoned)
            self.assertEqual("NOT_EXECUTED\n", parent.stderr())

    def test_a_small_answer_passes_a_large_one(self):
        with Gate() as gate:
            script = gate.script.replace('Answer("done")', 'Answer("done" if ask.text == "fast" else "x" * 8_000_000)')
            with Parent(script, pass_fds=gate.fds) as parent:
                parent.open(features=FEATURES)
                parent.ask(1, "large")
                gate.open()
                parent.await_chunk()
                parent.ask(2, "fast")
                self.assertEqual(["2", "1"], [str(parent.answer()[1]), str(parent.answer()[1])])

    def test_large_ones_pass_both_ways_at_once(self):
        text = "x" * (8 << 20)
        payload = number("Ask") + NO_DEADLINE.to_bytes(4, "big") + json.dumps({"text": text}).encode()
        data = b"".join(chunks("REQUEST", payload, 1, 1) + chunks("REQUEST", payload, 2, 2))
        with Parent() as parent:
            parent.open("pump", features=FEATURES)
            sender = threading.Thread(target=parent.send, args=(data,))
            sender.start()
            for call_id in (1, 2):
                kind, got, tree = parent.answer()
                self.assertEqual(("REPLY", call_id, len(text)), (kind, got, len(tree["text"])))
            sender.join(LIMIT_SECONDS)


if __name__ == "__main__":
    unittest.main()
