"""Cases of features.json: frames, streams and payloads of the optional parts of the wire."""
import struct

from wire import (
    ABANDONED, ATTACHMENTS, ATTEMPT, BRINGS_PARTS, CHILD_BIT, FIRST_CHUNK, KINDS, LAST_CHUNK, LAST_PART, MERGED,
    PAYLOAD_CRC, SALT, WANT_PARTS, WANT_STARTED, attached, attempted, chunks, flip, frame, header,
)

ALL = ["chunks", "attachments", "streams"]
ATTEMPTS = ALL + ["attempts"]
MAX_PAYLOAD_BYTES = 4096
ASK = b"\x00\x02\x00\x00\x75\x30" + b'{"job":"Task #0"}'
NOTE = b"\x00\x00" + b'{"message":"hi"}'
P = frame("PING", b"", 5)
VIOLATION = {"violation": True}
LARGE = b"\x00\x03" + b'{"result":"' + b"x" * 100 + b'"}'


def number(value):
    """Returns a number of parts, as it stands in a payload."""
    return struct.pack(">Q", value)


PART = number(0) + b"\x00\x01" + b'{"line":"a"}'


def _frame(name, kind, flags, call_id, payload=b""):
    return {
        "name": name, "salt": SALT.hex(), "kind": kind, "flags": flags, "id": "%016x" % call_id,
        "payload": payload.hex(), "bytes": frame(kind, payload, call_id, flags).hex(),
    }


def _frames():
    pieces = header("NOTIFY", 0, 0, len(NOTE)) + NOTE
    yield _frame("chunk that is first and last", "CHUNK", PAYLOAD_CRC | FIRST_CHUNK | LAST_CHUNK, 1, pieces)
    yield _frame("first chunk", "CHUNK", PAYLOAD_CRC | FIRST_CHUNK, 2, pieces[:30])
    yield _frame("last chunk", "CHUNK", PAYLOAD_CRC | LAST_CHUNK, 2, pieces[30:])
    yield _frame("chunk without payload crc", "CHUNK", 0, 2 ** 64 - 1, b"piece")
    yield _frame("abandoned message", "CHUNK", ABANDONED, 3)
    yield _frame("request for a stream", "REQUEST", PAYLOAD_CRC | WANT_STARTED | WANT_PARTS, 42, ASK)
    yield _frame("request that brings a stream", "REQUEST", PAYLOAD_CRC | BRINGS_PARTS, CHILD_BIT | 42, ASK)
    yield _frame("request with streams both ways", "REQUEST", PAYLOAD_CRC | WANT_PARTS | BRINGS_PARTS, 43, ASK)
    yield _frame("part", "PART", PAYLOAD_CRC, 42, PART)
    yield _frame("part without payload crc", "PART", 0, CHILD_BIT | 42, number(2 ** 40) + b"\x00\x01{}")
    yield _frame("last part", "PART", PAYLOAD_CRC | LAST_PART, 42, number(1))
    yield _frame("demand", "DEMAND", PAYLOAD_CRC, 42, number(16))
    yield _frame("demand without payload crc", "DEMAND", 0, 42, number(2 ** 64 - 1))
    yield _frame("request with an attachment", "REQUEST", PAYLOAD_CRC | ATTACHMENTS, 42, attached(ASK, b"raw"))
    yield _frame("reply with two attachments", "REPLY", PAYLOAD_CRC | ATTACHMENTS, 42, attached(NOTE, b"", b"raw"))
    yield _frame("message with an attachment", "NOTIFY", PAYLOAD_CRC | ATTACHMENTS, 0, attached(NOTE, b"raw"))
    yield _frame("update with an attachment", "PROGRESS", PAYLOAD_CRC | ATTACHMENTS | MERGED, 42,
                 attached(b"\x00\x00\x00\x00\x00\x02{}", b"raw"))
    yield _frame("part with an attachment", "PART", PAYLOAD_CRC | ATTACHMENTS, 42, attached(PART, b"raw"))
    yield _frame("request that is a second attempt", "REQUEST", PAYLOAD_CRC | ATTEMPT, 42, attempted(ASK, 2, b"k-1"))
    yield _frame("attempt without a key, without payload crc", "REQUEST", ATTEMPT, CHILD_BIT | 42, attempted(ASK, 65535))
    yield _frame("attempt with an attachment and streams", "REQUEST",
                 PAYLOAD_CRC | ATTEMPT | ATTACHMENTS | WANT_PARTS | BRINGS_PARTS, 43,
                 attached(attempted(ASK, 3, b"k-1"), b"raw"))


def _seen(kind, payload, call_id=0, flags=0):
    return {"frame": {"kind": kind, "flags": flags, "id": "%016x" % call_id, "payload": payload.hex()}}


def _damaged(kind, call_id=0, flags=0):
    return {"damaged": {"kind": kind, "flags": flags, "id": "%016x" % call_id}}


SEEN_PING = _seen("PING", b"", 5)


def _case(name, data, events, features=ALL, junk=True):
    return {
        "name": name, "salt": SALT.hex(), "features": features, "mayCarryJunk": junk,
        "maxPayloadBytes": MAX_PAYLOAD_BYTES, "bytes": data.hex(), "end": True, "events": events,
    }


def _together():
    pieces = chunks("REPLY", LARGE, 42, 1, size=50)
    other = chunks("NOTIFY", NOTE, number=2, size=20)
    reply, note = _seen("REPLY", LARGE, 42), _seen("NOTIFY", NOTE)
    whole = b"".join(pieces)
    yield _case("a message in chunks, others between", pieces[0] + P + b"".join(pieces[1:]), [SEEN_PING, reply])
    yield _case("two messages that take turns", pieces[0] + other[0] + pieces[1] + b"".join(other[1:] + pieces[2:]),
                [note, reply])
    yield _case("a message in one chunk", b"".join(chunks("NOTIFY", NOTE)), [note])
    yield _case("a message byte by byte", b"".join(chunks("NOTIFY", NOTE, size=1)), [note])
    yield _case("an abandoned message", b"".join(pieces[:2]) + frame("CHUNK", b"", 1, ABANDONED) + pieces[2] + P,
                [SEEN_PING])
    yield _case("a part with an attachment in chunks",
                b"".join(chunks("PART", attached(PART, b"r" * 99), 42, 7, ATTACHMENTS, 40)),
                [_seen("PART", attached(PART, b"r" * 99), 42, ATTACHMENTS)])
    yield _case("a lost chunk in the middle", pieces[0] + pieces[2] + P, [_damaged("REPLY", 42), SEEN_PING])
    yield _case("a lost first chunk", b"".join(pieces[1:]) + P, [SEEN_PING])
    bad = flip(pieces[1], 30)
    yield _case("a damaged chunk in the middle", pieces[0] + bad + pieces[2] + P,
                [{"junk": bad[24:].hex()}, _damaged("REPLY", 42), SEEN_PING])
    four = b"".join(chunks("NOTIFY", NOTE, number=at, size=20)[0] for at in range(2, 6))
    yield _case("a lost last chunk, then four others begin", b"".join(pieces[:2]) + four, [_damaged("REPLY", 42)])
    yield _case("socket: a message in chunks without crc", frame("CHUNK", header("NOTIFY", 0, 0, len(NOTE)) + NOTE, 1,
                                                               FIRST_CHUNK | LAST_CHUNK), [note], junk=False)
    yield _case("the end inside a message", b"".join(pieces[:2]), [])
    yield _case("the same without the feature", P + whole, [SEEN_PING, VIOLATION], ["attachments", "streams"])


def _first(data, flags=FIRST_CHUNK):
    return frame("CHUNK", data, 1, PAYLOAD_CRC | flags)


def _violations():
    for name, data in (
            ("a message over the limit", header("REPLY", 0, 42, MAX_PAYLOAD_BYTES + 1)),
            ("a kind that is no message", header("GOODBYE", 0, 0, 100)),
            ("a checksum inside", header("REPLY", PAYLOAD_CRC, 42, 100)),
            ("a flag that is not its kind's", header("REPLY", LAST_PART, 42, 100)),
            ("another salt", header("REPLY", 0, 42, 100, bytes.fromhex("00000001"))),
            ("a chunk inside a chunk", header("CHUNK", FIRST_CHUNK, 2, 100)),
            ("more than was claimed", header("REPLY", 0, 42, 3) + b"1234")):
        yield _case("chunks of " + name, P + _first(data) + P, [SEEN_PING, VIOLATION])
    over = header("CHUNK", PAYLOAD_CRC | FIRST_CHUNK, 1, 65537)
    yield _case("a chunk over 65,536 bytes", P + over, [SEEN_PING, VIOLATION])
    for name, flagged, feature in (
            ("attachments", frame("NOTIFY", attached(NOTE, b"x"), 0, PAYLOAD_CRC | ATTACHMENTS), "attachments"),
            ("a part", frame("PART", PART, 42), "streams"), ("demand", frame("DEMAND", number(1), 42), "streams"),
            ("a wish for parts", frame("REQUEST", ASK, 42, PAYLOAD_CRC | WANT_PARTS), "streams"),
            ("an attachment of a part", frame("PART", attached(PART, b"x"), 42, PAYLOAD_CRC | ATTACHMENTS),
             "attachments")):
        yield _case(name + " without the feature", P + flagged, [SEEN_PING, VIOLATION],
                    [one for one in ALL if one != feature])
    for kind, flag in (("DEMAND", ATTACHMENTS), ("DEMAND", LAST_PART), ("FAILURE", ATTACHMENTS), ("PART", MERGED),
                       ("REPLY", LAST_PART), ("CHUNK", ATTACHMENTS), ("NOTIFY", WANT_PARTS), ("REPLY", LAST_CHUNK)):
        call_id = 0 if KINDS[kind] == 6 else 3
        yield _case("flag %04x on %s" % (flag, kind), P + frame(kind, number(0), call_id, PAYLOAD_CRC | flag),
                    [SEEN_PING, VIOLATION])


def _attempt_streams():
    second = attempted(ASK, 2, b"k-1")
    whole = frame("REQUEST", second, 42, PAYLOAD_CRC | ATTEMPT)
    seen = _seen("REQUEST", second, 42, PAYLOAD_CRC | ATTEMPT)
    yield _case("an attempt", P + whole + P, [SEEN_PING, seen, SEEN_PING], ATTEMPTS)
    yield _case("an attempt in chunks", b"".join(chunks("REQUEST", second, 42, 1, ATTEMPT, 7)),
                [_seen("REQUEST", second, 42, ATTEMPT)], ATTEMPTS)
    yield _case("an attempt without the feature", P + whole, [SEEN_PING, VIOLATION])
    yield _case("chunks of an attempt without the feature", P + _first(header("REQUEST", ATTEMPT, 42, 100)) + P,
                [SEEN_PING, VIOLATION])
    for kind in ("REPLY", "NOTIFY", "PART", "PROGRESS", "CHUNK"):
        data = frame(kind, number(0), 0 if kind == "NOTIFY" else 3, PAYLOAD_CRC | ATTEMPT)
        yield _case("flag 0800 on " + kind, P + data, [SEEN_PING, VIOLATION], ATTEMPTS)


def _attempt(name, payload, number=None, key=None, core=ASK):
    case = {"name": name, "payload": payload.hex()}
    if number is None:
        return dict(case, undecodable=True)
    return dict(case, attempt=number, key=key, core=core.hex())


def _attempts():
    yield _attempt("the first", attempted(ASK, 1, b"k-1"), 1, "k-1")
    yield _attempt("the last", attempted(ASK, 65535, b"k-1"), 65535, "k-1")
    yield _attempt("without a key", attempted(ASK, 2), 2)
    yield _attempt("the longest key", attempted(ASK, 2, b"k" * 1024), 2, "k" * 1024)
    for text in ("g\u00fcltig", "\U0001f642", "a\u0000b", " "):
        yield _attempt("the key " + ascii(text), attempted(ASK, 2, text.encode()), 2, text)
    yield _attempt("no body", attempted(ASK[:6], 2, b"k-1"), 2, "k-1", ASK[:6])
    yield _attempt("none", attempted(ASK, 0, b"k-1"))
    yield _attempt("a key that is too long", attempted(ASK, 1, b"k" * 1025))
    yield _attempt("a key beyond the payload", attempted(ASK[:6], 1, b"k-1", 4))
    yield _attempt("a key far beyond the payload", attempted(ASK, 1, b"k-1", 1024))
    yield _attempt("a key that is no UTF-8", attempted(ASK, 1, b"k\xff"))
    yield _attempt("a key with half a surrogate pair", attempted(ASK, 1, b"\xed\xa0\x80"))
    yield _attempt("a key that is cut inside a character", attempted(ASK, 1, b"k\xc3"))
    for length in (0, 5, 6, 7, 8, 9):
        yield _attempt("cut off behind %d bytes" % length, attempted(ASK, 1)[:length])


def _payload(name, payload, core=None, attachments=()):
    case = {"name": name, "payload": payload.hex()}
    if core is None:
        return dict(case, undecodable=True)
    return dict(case, core=core.hex(), attachments=[one.hex() for one in attachments])


def _payloads():
    yield _payload("one", attached(NOTE, b"raw"), NOTE, [b"raw"])
    yield _payload("three, one of them empty", attached(NOTE, b"a", b"", b"bc"), NOTE, [b"a", b"", b"bc"])
    yield _payload("the most", attached(NOTE, *[b"x"] * 256), NOTE, [b"x"] * 256)
    yield _payload("no type, no body", attached(b"", b"raw"), b"", [b"raw"])
    yield _payload("one too many", attached(NOTE, *[b"x"] * 257))
    yield _payload("a count of none", b"\x00\x00" + NOTE)
    yield _payload("half a count", b"\x00")
    yield _payload("a table that is cut off", b"\x00\x02\x00\x00\x00\x00\x00")
    yield _payload("lengths beyond the payload", struct.pack(">HII", 2, 3, 2 ** 32 - 1) + NOTE)
    yield _payload("lengths that pass 2^32 together", struct.pack(">HII", 2, 2 ** 31, 2 ** 31) + NOTE)


def features():
    """Returns all cases, by sort."""
    return {
        "frames": list(_frames()), "streams": [*_together(), *_violations(), *_attempt_streams()],
        "attachments": list(_payloads()), "attempts": list(_attempts()),
    }
