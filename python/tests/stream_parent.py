"""What the tests of streams share: a child's beginning, and a parent's frames of parts."""
import json
import struct

from fake_parent import NO_DEADLINE, Parent
from wire import BRINGS_PARTS, LAST_PART, PAYLOAD_CRC, WANT_PARTS, frame

FEATURES = ["chunks", "attachments", "streams"]
TYPES = [{"name": "Read"}, {"name": "Line"}, {"name": "Done"}]
WANTS = PAYLOAD_CRC | WANT_PARTS
BRINGS = PAYLOAD_CRC | BRINGS_PARTS
PROLOGUE = """
import sys, threading, time
from streamipc import *
@message
class Read:
    count: int
@message
class Line:
    number: int
@message
class Done:
    text: str
session = Session.stdio()
"""


def read(call_id, count, flags=WANTS, left_ms=NO_DEADLINE):
    """Returns a request of type Read."""
    return frame("REQUEST", b"\x00\x00" + struct.pack(">I", left_ms) + json.dumps({"count": count}).encode(), call_id,
                 flags)


def part(call_id, number, line=None, type_number=1):
    """Returns a part with a Line of this number, or of the same as its own."""
    body = json.dumps({"number": number if line is None else line}).encode()
    return frame("PART", struct.pack(">QH", number, type_number) + body, call_id)


def last(call_id, count):
    """Returns the frame behind the last part."""
    return frame("PART", struct.pack(">Q", count), call_id, PAYLOAD_CRC | LAST_PART)


def demand(call_id, total):
    """Returns the frame that wants so many parts."""
    return frame("DEMAND", struct.pack(">Q", total), call_id)


class StreamParent(Parent):
    """A parent that knows streams."""

    def open_streams(self):
        self.open(features=FEATURES, types=TYPES)
        assert set(FEATURES) <= set(self.hello["features"]), self.hello
        return self

    def told(self):
        """Returns the next frame as kind, id, and what it says."""
        got = self.next()
        if got is None:
            return None
        kind, flags, call_id, payload = got
        if kind == "DEMAND":
            return kind, call_id, struct.unpack(">Q", payload)[0]
        if kind == "PART":
            number = struct.unpack(">Q", payload[:8])[0]
            if flags & LAST_PART:
                assert len(payload) == 8, payload
                return "LAST", call_id, number
            return kind, call_id, (number, json.loads(payload[10:])["number"])
        if kind == "CANCEL":
            return kind, call_id, payload.decode()
        if kind in ("REPLY", "REQUEST"):
            return kind, call_id, json.loads(payload[6 if kind == "REQUEST" else 2:])
        return kind, call_id, json.loads(payload) if payload else None
