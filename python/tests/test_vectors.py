"""The golden vectors, through the package's own encoder and decoder."""
import json
import os
import unittest

import make_vectors

from streamipc._attachments import Bulky, Received
from streamipc._attempt import Attempt, read_attempt
from streamipc._chunks import Chunks
from streamipc._decoder import DAMAGED, JUNK, VIOLATION, Decoder
from streamipc._frame import CHUNK, FEATURES, HELLO, KIND_NAMES, PAYLOAD_CRC, FrameWriter, allowed_flags


def _read(name):
    with open(os.path.join(make_vectors.FOLDER, name), encoding="utf-8", newline="") as file:
        return file.read()


def _features(sort):
    return json.loads(_read("features.json"))[sort]


def _head(kind, flags, call_id):
    return {"kind": KIND_NAMES[kind - 1], "flags": flags, "id": "%016x" % call_id}


def _told(event):
    kind, flags, call_id, payload = event
    if kind == JUNK:
        return {"junk": payload.hex()}
    if kind == DAMAGED:
        return {"damaged": _head(payload[0], flags, call_id)}
    if kind == VIOLATION:
        return {"violation": True}
    return {"frame": dict(_head(kind, flags, call_id), payload=payload.hex())}


def _joined(events):
    told = []
    for event in map(_told, events):
        if "junk" in event and told and "junk" in told[-1]:
            told[-1]["junk"] += event["junk"]
        else:
            told.append(event)
    return told


def _decode(case, pieces):
    salt = case["salt"] and bytes.fromhex(case["salt"])
    decoder = Decoder(case["maxPayloadBytes"], salt, case["mayCarryJunk"])
    if salt and "features" in case:
        decoder.salt_is(salt, allowed_flags(case["features"]))
    events = []
    for piece in pieces:
        events += decoder.feed(piece)
    return events + decoder.end() if case["end"] else events


def _put_together(case, events):
    """Returns what a session sees: whole messages in place of their chunks, and nothing behind a violation."""
    together = Chunks(bytes.fromhex(case["salt"]), allowed_flags(case["features"]), case["maxPayloadBytes"])
    seen = []
    for event in events:
        kind, flags, call_id, payload = event
        if kind == CHUNK:
            seen += together.take(flags, call_id, payload)
        elif kind == DAMAGED and payload[0] == CHUNK:
            seen += together.take(flags, call_id, None)
        else:
            seen.append(event)
        if seen and seen[-1][0] == VIOLATION:
            break
    return _joined(seen)


class Vectors(unittest.TestCase):
    maxDiff = None

    def test_the_generator_reproduces_the_committed_files(self):
        for name, text in make_vectors.files().items():
            self.assertEqual(text, _read(name), name)

    def test_frames_are_written_as_stated(self):
        for case in json.loads(_read("frames.json")) + _features("frames"):
            payload = bytes.fromhex(case["payload"])
            if bool(payload) == bool(case["flags"] & PAYLOAD_CRC):
                writer = FrameWriter(bytes.fromhex(case["salt"]))
                kind = KIND_NAMES.index(case["kind"]) + HELLO
                frame = writer.frame(kind, int(case["id"], 16), payload, case["flags"])
                self.assertEqual(case["bytes"], frame.hex(), case["name"])

    def test_frames_are_read_as_stated(self):
        for case in json.loads(_read("frames.json")) + _features("frames"):
            decoder = Decoder(1 << 20, None if case["kind"] == "HELLO" else bytes.fromhex(case["salt"]))
            if case["kind"] != "HELLO":
                decoder.salt_is(bytes.fromhex(case["salt"]), allowed_flags(FEATURES))
            (event,) = decoder.feed(bytes.fromhex(case["bytes"]))
            expected = {name: case[name] for name in ("kind", "flags", "id", "payload")}
            self.assertEqual({"frame": expected}, _told(event), case["name"])

    def test_streams_are_read_as_stated_in_one_piece(self):
        for case in json.loads(_read("streams.json")):
            self.assertEqual(case["events"], _joined(_decode(case, [bytes.fromhex(case["bytes"])])), case["name"])

    def test_streams_are_read_alike_byte_by_byte(self):
        for case in json.loads(_read("streams.json")):
            data = bytes.fromhex(case["bytes"])
            pieces = [data[index:index + 1] for index in range(len(data))]
            self.assertEqual(case["events"], _joined(_decode(case, pieces)), case["name"])

    def test_streams_are_read_alike_cut_at_every_byte(self):
        for case in json.loads(_read("streams.json")):
            data = bytes.fromhex(case["bytes"])
            for cut in range(min(len(data), 200)):
                self.assertEqual(case["events"], _joined(_decode(case, [data[:cut], data[cut:]])), (case["name"], cut))

    def test_streams_with_features_are_read_alike_however_they_are_cut(self):
        for case in _features("streams"):
            data = bytes.fromhex(case["bytes"])
            cuts = [[data], [data[at:at + 1] for at in range(len(data))], [data[:len(data) // 2], data[len(data) // 2:]]]
            for pieces in cuts:
                self.assertEqual(case["events"], _put_together(case, _decode(case, pieces)), case["name"])

    def test_payloads_with_attachments_are_read_and_written_as_stated(self):
        for case in _features("attachments"):
            payload = bytes.fromhex(case["payload"])
            if case.get("undecodable"):
                self.assertRaises(ValueError, Received, payload)
                continue
            core, raw = bytes.fromhex(case["core"]), [bytes.fromhex(one) for one in case["attachments"]]
            received = Received(payload)
            self.assertEqual((core, raw), (received.core, received.attachments), case["name"])
            self.assertEqual(payload, b"".join(Bulky(core, list(map(memoryview, raw))).pieces()), case["name"])

    def test_attempts_are_read_and_written_as_stated(self):
        for case in _features("attempts"):
            payload = bytes.fromhex(case["payload"])
            if case.get("undecodable"):
                with self.assertRaises(ValueError, msg=case["name"]):
                    read_attempt(payload)
                continue
            number, key, core = case["attempt"], case["key"], bytes.fromhex(case["core"])
            self.assertEqual((number, key, core), read_attempt(payload), case["name"])
            if key is not None:
                self.assertEqual(payload, core[:6] + Attempt(None, number, key).head + core[6:], case["name"])


if __name__ == "__main__":
    unittest.main()
