"""Raw bytes beside the body of a message."""
import array
import json
import struct
import unittest
from dataclasses import dataclass
from typing import Dict, List, Optional

from fake_parent import Parent
from wire import ATTACHMENTS, PAYLOAD_CRC, WANT_PROGRESS, attached, chunks, frame

from streamipc import Attachment
from streamipc._attachments import MAX_ATTACHMENTS, Bulky, Received, decode, encode
from streamipc._records import record_of

FLAGS = PAYLOAD_CRC | ATTACHMENTS
FEATURES = ["chunks", "attachments"]
TYPES = [{"name": "Image"}, {"name": "Size"}]
HEAD = b"\x00\x00" + b"\xff" * 4
PROLOGUE = """
import sys
from typing import Optional
from streamipc import *
@message
class Image:
    name: str
    pixels: Optional[Attachment] = None
    mask: Optional[Attachment] = None
@message
class Size:
    text: str
session = Session.stdio()
@session.on_message(Image)
def hear(image):
    session.notify(Size("heard %d" % len(image.pixels)))
"""
ECHO = PROLOGUE + """
@session.on_request(Image)
def handle(image, call):
    call.progress(Image("news", image.pixels))
    if image.name == "sum":
        return Size("%d %s %s" % (sum(image.pixels.view), image.pixels.view.readonly, image.mask))
    return Image(image.name.upper(), image.mask, image.pixels)
session.serve()
"""


@dataclass(frozen=True)
class Inner:
    raw: Attachment


@dataclass(frozen=True)
class Many:
    one: Optional[Attachment] = None
    more: Optional[List[Attachment]] = None
    named: Optional[Dict[str, Attachment]] = None
    inner: Optional[Inner] = None
    optional: Optional[Attachment] = None


class Values(unittest.TestCase):
    def test_anything_with_a_buffer_will_do(self):
        for data in (b"\x01\x02", bytearray(b"\x01\x02"), memoryview(b"\x01\x02"), array.array("B", [1, 2]),
                     array.array("H", [0x0201]), Attachment(b"\x01\x02").view, memoryview(b"\x01\x00\x02\x00")[::2]):
            attachment = Attachment(data)
            self.assertEqual(b"\x01\x02", bytes(attachment))
            self.assertEqual((2, "B", True), (len(attachment), attachment.view.format, attachment.view.readonly))
            self.assertEqual(Attachment(b"\x01\x02"), attachment)
        self.assertEqual(0, len(Attachment(array.array("d"))))
        self.assertRaises(TypeError, Attachment, "text")
        self.assertEqual("Attachment(bytes=3)", repr(Attachment(b"abc")))

    def test_what_is_flat_is_not_copied(self):
        data = bytearray(b"abc")
        attachment = Attachment(data)
        data[0] = ord("x")
        self.assertEqual(b"xbc", bytes(attachment))

    def test_positions_stand_where_attachments_were(self):
        raw = [Attachment(bytes([at])) for at in range(5)]
        many = Many(raw[0], [raw[1], raw[2]], {"x": raw[3]}, Inner(raw[4]))
        body, views = encode(record_of(Many).encode, many)
        self.assertEqual({"one": 0, "more": [1, 2], "named": {"x": 3}, "inner": {"raw": 4}, "optional": None},
                         json.loads(body))
        self.assertEqual(many, decode(record_of(Many).decode, body, views))

    def test_a_position_that_does_not_fit_is_refused_by_its_place(self):
        one = [memoryview(b"x")]
        for body, views, cause in (
                (b'{"one":1}', one, "field one: expected position of an attachment, found integer 1"),
                (b'{"one":-1}', one, "found integer -1"), (b'{"one":true}', one, "found boolean"),
                (b'{"one":"eA=="}', one, "found text"), (b'{"one":0}', [], "found integer 0"),
                (b'{"one":0,"more":[0]}', one, "field more[0]: expected position that stands here once, found")):
            with self.assertRaises(ValueError) as caught:
                decode(record_of(Many).decode, body, views)
            self.assertIn(cause, str(caught.exception))
        self.assertEqual(Many(), decode(record_of(Many).decode, b'{"one":null}', one))

    def test_the_table_has_to_fit_the_payload(self):
        good = b"".join(Bulky(b"core", [memoryview(b"ab"), memoryview(b"c")]).pieces())
        self.assertEqual(attached(b"core", b"ab", b"c"), good)
        received = Received(good)
        self.assertEqual((b"core", [b"ab", b"c"], len(good)), (received.core, received.attachments, len(received)))
        for bad in (b"", b"\x00", struct.pack(">H", 0), struct.pack(">H", 1), struct.pack(">HI", 1, 1),
                    struct.pack(">H", MAX_ATTACHMENTS + 1) + bytes(4 * MAX_ATTACHMENTS + 4),
                    struct.pack(">HII", 2, 0xFFFFFFFF, 0xFFFFFFFF) + b"x"):
            self.assertRaises(ValueError, Received, bad)

    def test_too_many_are_refused(self):
        record = record_of(Many)
        most = Many(more=[Attachment(b"")] * MAX_ATTACHMENTS)
        self.assertEqual(MAX_ATTACHMENTS, len(encode(record.encode, most)[1]))
        with self.assertRaises(ValueError):
            encode(record.encode, Many(Attachment(b""), [Attachment(b"")] * MAX_ATTACHMENTS))


class Children(unittest.TestCase):
    def open(self, parent):
        parent.open(features=FEATURES, types=TYPES)
        self.assertLessEqual(set(FEATURES), set(parent.hello["features"]))

    def test_attachments_go_there_and_back(self):
        with Parent(ECHO) as parent:
            self.open(parent)
            parent.send(frame("REQUEST", attached(HEAD + b'{"name":"a","pixels":1,"mask":0}', b"m", b"pp"), 1, FLAGS))
            kind, flags, call_id, payload = parent.next()
            self.assertEqual(("REPLY", FLAGS, 1), (kind, flags, call_id))
            received = Received(payload)
            self.assertEqual(({"name": "A", "pixels": 0, "mask": 1}, [b"m", b"pp"]),
                             (json.loads(received.core[2:]), received.attachments))

    def test_what_came_is_read_only_and_null_stays_none(self):
        with Parent(ECHO) as parent:
            self.open(parent)
            parent.send(frame("REQUEST", attached(HEAD + b'{"name":"sum","pixels":0}', b"\x01\x02"), 1, FLAGS))
            self.assertEqual("3 True None", parent.answer()[2]["text"])

    def test_news_and_messages_bring_them_too(self):
        with Parent(ECHO) as parent:
            self.open(parent)
            parent.send(frame("NOTIFY", attached(b'\x00\x00{"name":"a","pixels":0}', b"12345"), 0, FLAGS))
            self.assertEqual("heard 5", parent.answer()[2]["text"])
            parent.send(frame("REQUEST", attached(HEAD + b'{"name":"a","pixels":0}', b"p"), 1, FLAGS | WANT_PROGRESS))
            kind, flags, _, payload = parent.next()
            self.assertEqual(("PROGRESS", FLAGS, [b"p"]), (kind, flags, Received(payload).attachments))

    def test_large_ones_leave_in_chunks(self):
        pixels = bytes(range(256)) * 4096
        payload = attached(HEAD + b'{"name":"a","pixels":0}', pixels)
        with Parent(ECHO) as parent:
            self.open(parent)
            parent.send(b"".join(chunks("REQUEST", payload, 1, flags=ATTACHMENTS)))
            kind, flags, _, payload = parent.next()
            self.assertEqual(("REPLY", ATTACHMENTS, [pixels]), (kind, flags, Received(payload).attachments))

    def test_bad_positions_and_tables_fail_their_call_alone(self):
        bad = {
            "expected position of an attachment, found integer 5": attached(HEAD + b'{"name":"a","pixels":5}', b"x"),
            "stands here once": attached(HEAD + b'{"name":"a","pixels":0,"mask":0}', b"x"),
            "no table of attachments": b"\x00\x00" + HEAD + b"{}",
            "attachments are longer": struct.pack(">HI", 1, 99) + HEAD + b"{}",
            "request without a head": attached(b"\x00\x00", b"x"),
        }
        with Parent(ECHO) as parent:
            self.open(parent)
            for call_id, (cause, payload) in enumerate(bad.items()):
                parent.send(frame("REQUEST", payload, call_id, FLAGS))
                kind, got, tree = parent.answer()
                self.assertEqual(("FAILURE", call_id, "Undecodable"), (kind, got, tree["failure"]))
                self.assertIn(cause, tree["cause"])
            parent.send(frame("REQUEST", HEAD + b'{"name":"a","pixels":0}', 9, PAYLOAD_CRC))
            self.assertIn("expected position of an attachment", parent.answer()[2]["cause"])

    def test_a_bad_answer_fails_its_call_alone(self):
        script = PROLOGUE + """
@session.on_request(Size)
def ask(size):
    call = session.request(Image("x", Attachment(b"123")))
    return Size("%s %s" % (call.exception(), call.exception() or bytes(call.result().pixels)))
session.serve()
"""
        ask = frame("REQUEST", b"\x00\x01" + HEAD[2:] + b'{"text":""}', 1)
        with Parent(script) as parent:
            self.open(parent)
            for payload, told in ((attached(b'\x00\x00{"name":"a","pixels":0}', b"back"), "None b'back'"),
                                  (attached(b'\x00\x00{"name":"a","pixels":7}', b"back"), "found integer 7"),
                                  (b"\x00\x09", "no table of attachments")):
                parent.send(ask)
                kind, _, call_id, asked = parent.next()
                self.assertEqual(("REQUEST", [b"123"]), (kind, Received(asked).attachments))
                parent.send(frame("REPLY", payload, call_id, FLAGS))
                self.assertIn(told, parent.answer()[2]["text"])

    def test_a_side_without_the_feature_gets_none(self):
        with Parent(ECHO.replace("call.progress", "str")) as parent:
            parent.open(types=TYPES)
            parent.send(frame("REQUEST", HEAD + b'{"name":"a"}', 1))
            self.assertEqual("REPLY", parent.answer()[0])
            parent.send(frame("REQUEST", attached(HEAD + b"{}", b"x"), 2, FLAGS))
            self.assertEqual("PROTOCOL_ERROR", parent.answer()[2]["reason"])
        script = PROLOGUE + "session.on_request(Image, lambda image: Image('x', Attachment(b'x')))\nsession.serve()\n"
        with Parent(script) as parent:
            parent.open(types=TYPES)
            parent.send(frame("REQUEST", HEAD + b'{"name":"a"}', 1))
            tree = parent.answer()[2]
            self.assertEqual(("ANSWER", "the other side takes no attachments"), (tree["subject"], tree["cause"]))


if __name__ == "__main__":
    unittest.main()
