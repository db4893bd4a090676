"""Cases of streams.json: bytes as they come in, and what a receiver must make of them."""
from wire import (
    ATTACHMENTS, CHILD_BIT, KINDS, MAGIC, PAYLOAD_CRC, SALT, WANT_STARTED, ZERO_SALT, flip, frame, header,
    hello_payload,
)

MAX_PAYLOAD_BYTES = 4096
NOTE = ("NOTIFY", b"\x00\x00" + b'{"message":"hi"}')
ASK = ("REQUEST", b"\x00\x02\x00\x00\x75\x30" + b'{"job":"Task #0"}', 42)
PING = ("PING", b"", 5)
VIOLATION = {"violation": True}
N, A, P = frame(*NOTE), frame(*ASK), frame(*PING)
BARE = header("NOTIFY", PAYLOAD_CRC, 0, len(NOTE[1]))
HELLO = frame("HELLO", hello_payload(), salt=ZERO_SALT)


def _seen(kind, payload=b"", call_id=0, flags=None):
    if flags is None:
        flags = PAYLOAD_CRC if payload else 0
    return {"frame": {"kind": kind, "flags": flags, "id": "%016x" % call_id, "payload": payload.hex()}}


def _damaged(kind, call_id=0, flags=PAYLOAD_CRC):
    return {"damaged": {"kind": kind, "flags": flags, "id": "%016x" % call_id}}


def _junk(data):
    return {"junk": data.hex()}


def _case(name, data, events, *, end=True, salt=SALT, junk=True, limit=MAX_PAYLOAD_BYTES):
    return {
        "name": name, "salt": salt.hex() if salt else None, "mayCarryJunk": junk, "maxPayloadBytes": limit,
        "bytes": data.hex(), "end": end, "events": events,
    }


SEEN_NOTE, SEEN_ASK, SEEN_PING = _seen(*NOTE), _seen(*ASK), _seen(*PING)


def _whole():
    yield _case("nothing", b"", [])
    yield _case("three frames", N + A + P, [SEEN_NOTE, SEEN_ASK, SEEN_PING])
    yield _case("three frames, more to come", N + A + P, [SEEN_NOTE, SEEN_ASK, SEEN_PING], end=False)
    yield _case("one frame and half a header", N + A[:13], [SEEN_NOTE], end=False)
    yield _case("one frame and half a payload", N + A[:30], [SEEN_NOTE], end=False)
    yield _case("one frame and all but the last byte", N + A[:-1], [SEEN_NOTE], end=False)
    yield _case("a frame inside a payload", frame("VOID", N + P), [_seen("VOID", N + P)])
    largest = bytes(range(256)) * 16
    yield _case("a payload of exactly the limit", frame("VOID", largest), [_seen("VOID", largest)])
    yield _case("a child's id", frame("REPLY", b"\x00\x00{}", CHILD_BIT | 9),
                [_seen("REPLY", b"\x00\x00{}", CHILD_BIT | 9)])
    yield _case("the crc of an empty payload", frame("PING", b"", 5, PAYLOAD_CRC) + P,
                [_seen("PING", b"", 5, PAYLOAD_CRC), SEEN_PING])


def _before_hello():
    seen = _seen("HELLO", hello_payload())
    yield _case("hello", HELLO, [seen], salt=None, end=False)
    yield _case("junk before hello", b"Picked up JAVA_TOOL_OPTIONS: -Xmx1g\n" + HELLO,
                [_junk(b"Picked up JAVA_TOOL_OPTIONS: -Xmx1g\n"), seen], salt=None, end=False)
    yield _case("prompt without newline before hello", b">>> " + HELLO, [_junk(b">>> "), seen], salt=None, end=False)
    yield _case("a frame with an unknown salt before hello", P + HELLO, [_junk(P), seen], salt=None, end=False)
    yield _case("junk alone, no hello", b"sh: no such file\n", [_junk(b"sh: no such file\n")], salt=None)
    yield _case("hello with a damaged header", flip(HELLO, 9), [_junk(flip(HELLO, 9))], salt=None)
    yield _case("hello cut off by the end", HELLO[:100], [_junk(HELLO[:100])], salt=None)
    yield _case("hello over 65,536 bytes", header("HELLO", PAYLOAD_CRC, 0, 65537, ZERO_SALT), [VIOLATION],
                salt=None, end=False, limit=1 << 24)
    yield _case("hello of version 2", frame("HELLO", hello_payload(), salt=ZERO_SALT, version=2), [VIOLATION],
                salt=None)
    yield _case("junk before hello on a socket", b"GET / HTTP/1.1\r\n\r\n" + HELLO, [VIOLATION], salt=None, junk=False)


def _junk_around():
    yield _case("junk first", b"warming up\n" + N, [_junk(b"warming up\n"), SEEN_NOTE])
    yield _case("junk between", N + b"\x00\xff\xfe one line\r\n" + A, [SEEN_NOTE, _junk(b"\x00\xff\xfe one line\r\n"),
                                                                      SEEN_ASK])
    yield _case("junk last", N + b"bye", [SEEN_NOTE, _junk(b"bye")])
    yield _case("junk last, more to come", N + b"bye", [SEEN_NOTE, _junk(b"bye")], end=False)
    yield _case("prompt without newline", N + b"(pdb) " + P, [SEEN_NOTE, _junk(b"(pdb) "), SEEN_PING])
    yield _case("a run of FA", b"\xfa" * 40 + P, [_junk(b"\xfa" * 40), SEEN_PING])
    yield _case("a run of FA, more to come", b"\xfa" * 40, [_junk(b"\xfa" * 39)], end=False)
    yield _case("magic twice", MAGIC + P, [_junk(MAGIC), SEEN_PING])
    yield _case("magic many times", MAGIC * 20 + P, [_junk(MAGIC * 20), SEEN_PING])
    yield _case("two thirds of magic, then a frame", MAGIC[:3] + P, [_junk(MAGIC[:3]), SEEN_PING])
    yield _case("all bytes as junk", bytes(range(256)) + P, [_junk(bytes(range(256))), SEEN_PING])
    yield _case("junk, frame, junk, frame", b"a" + P + b"b" + N, [_junk(b"a"), SEEN_PING, _junk(b"b"), SEEN_NOTE])


def _tails():
    for size in (1, 2, 3, 4, 23):
        tail = P[:size]
        name = "%d bytes of a header behind junk" % size
        yield _case(name + ", more to come", b"abc" + tail, [_junk(b"abc")], end=False)
        yield _case(name + ", then the end", b"abc" + tail, [_junk(b"abc" + tail)])
    yield _case("a tail that only looks like magic", b"\xfa\xc1\xf5\xfa\xc1", [_junk(b"\xfa\xc1\xf5")], end=False)
    yield _case("the end inside a header", N + A[:20], [SEEN_NOTE, _junk(A[:20])])
    yield _case("the end inside a payload", N + A[:30], [SEEN_NOTE, _junk(A[:30])])
    yield _case("the end inside a payload crc", N + A[:-1], [SEEN_NOTE, _junk(A[:-1])])
    yield _case("the end right behind a header", N + A[:24], [SEEN_NOTE, _junk(A[:24])])


def _damage():
    for index in (0, 4, 5, 7, 15, 19, 23):
        bad = flip(N, index)
        yield _case("damaged header, byte %d" % index, bad + P, [_junk(bad), SEEN_PING])
    yield _case("damaged payload", flip(A, 30) + N, [_damaged("REQUEST", 42), _junk(flip(A, 30)[24:]), SEEN_NOTE])
    yield _case("damaged payload crc", flip(A, len(A) - 1) + N,
                [_damaged("REQUEST", 42), _junk(flip(A, len(A) - 1)[24:]), SEEN_NOTE])
    yield _case("two damaged payloads", flip(A, 30) + flip(N, 30) + P,
                [_damaged("REQUEST", 42), _junk(flip(A, 30)[24:]), _damaged("NOTIFY"), _junk(flip(N, 30)[24:]),
                 SEEN_PING])
    noisy = A[:30] + b"print in a handler\n" + A[30:]
    yield _case("junk inside a payload", noisy + P, [_damaged("REQUEST", 42), _junk(noisy[24:]), SEEN_PING])
    noisy = A[:12] + b"!" + A[12:]
    yield _case("junk inside a header", noisy + P, [_junk(noisy), SEEN_PING])
    yield _case("cut short in the payload, then a frame", A[:30] + N,
                [_damaged("REQUEST", 42), _junk(A[24:30]), SEEN_NOTE])
    yield _case("cut short right behind the header, then a frame", A[:24] + N, [_damaged("REQUEST", 42), SEEN_NOTE])
    yield _case("cut short in the header, then a frame", A[:11] + N, [_junk(A[:11]), SEEN_NOTE])
    inner = frame("VOID", b"xx" + P + b"yyyy")
    bad = flip(inner, 24)
    yield _case("a frame found inside a damaged payload", bad + N,
                [_damaged("VOID"), _junk(bad[24:26]), SEEN_PING, _junk(bad[26 + len(P):]), SEEN_NOTE])
    yield _case("damage, whole, damage", flip(P, 3) + P + flip(P, 20) + N,
                [_junk(flip(P, 3)), SEEN_PING, _junk(flip(P, 20)), SEEN_NOTE])


def _zero_salt():
    again = _seen("HELLO", hello_payload())
    yield _case("a second hello in place", P + HELLO, [SEEN_PING, again])
    yield _case("a second hello in place, damage long past", b"x" + P + HELLO, [_junk(b"x"), SEEN_PING, again])
    yield _case("a hello behind junk", P + b"x" + HELLO + N, [SEEN_PING, _junk(b"x" + HELLO), SEEN_NOTE])
    forged = frame("NOTIFY", b"\x00\x00{}", salt=ZERO_SALT)
    bad = flip(frame("VOID", b"data" + forged + HELLO), 24)
    yield _case("forged frames without salt inside a damaged payload", bad + N,
                [_damaged("VOID"), _junk(bad[24:]), SEEN_NOTE])
    other = frame("NOTIFY", b"\x00\x00{}", salt=bytes.fromhex("00000001"))
    yield _case("a frame with another salt", other + N, [_junk(other), SEEN_NOTE])


def _violations():
    for kind in (0, 14, 15, 16, 17, 255):
        yield _case("kind %d" % kind, P + frame(kind, b"") + N, [SEEN_PING, VIOLATION])
    for version in (0, 2, 255):
        yield _case("version %d" % version, frame("PING", b"", 5, version=version) + N, [VIOLATION])
    yield _case("version 2 behind junk", b"x" + frame("PING", b"", 5, version=2) + N, [_junk(b"x"), VIOLATION])
    for kind in ("HELLO", "READY", "NOTIFY", "GOODBYE"):
        salt = ZERO_SALT if kind == "HELLO" else SALT
        yield _case("an id on " + kind, P + frame(kind, b"{}", 1, salt=salt) + N, [SEEN_PING, VIOLATION])
    for flag in (WANT_STARTED, 4, 8, ATTACHMENTS, 0x20, 0x8000):
        yield _case("flag %04x on NOTIFY" % flag, frame("NOTIFY", NOTE[1], 0, PAYLOAD_CRC | flag) + N, [VIOLATION])
    for kind, flag in (("REQUEST", 8), ("REQUEST", ATTACHMENTS), ("PROGRESS", WANT_STARTED), ("GOODBYE", ATTACHMENTS),
                       ("REQUEST", 0x40), ("STARTED", WANT_STARTED), ("VOID", 0x100)):
        data = frame(kind, b"\x00\x00", 0 if KINDS[kind] == 12 else 3, PAYLOAD_CRC | flag)
        yield _case("flag %04x on %s" % (flag, kind), data + N, [VIOLATION])
    over = header("VOID", PAYLOAD_CRC, 0, MAX_PAYLOAD_BYTES + 1)
    yield _case("a length one over the limit", N + over, [SEEN_NOTE, VIOLATION], end=False)
    yield _case("a length of ffffffff", header("VOID", 0, 0, 0xFFFFFFFF), [VIOLATION], end=False)
    yield _case("a length of 80000000", header("REQUEST", 1, 3, 0x80000000), [VIOLATION], end=False)
    yield _case("nothing is read behind a violation", over + b"junk" + N, [VIOLATION])


def _strict():
    yield _case("socket: three frames", N + A + P, [SEEN_NOTE, SEEN_ASK, SEEN_PING], junk=False)
    bare = frame("NOTIFY", NOTE[1], 0, 0)
    yield _case("socket: a payload without crc", bare + P, [_seen("NOTIFY", NOTE[1], 0, 0), SEEN_PING], junk=False)
    yield _case("socket: half a frame, more to come", N + A[:30], [SEEN_NOTE], junk=False, end=False)
    yield _case("socket: junk first", b"hello there\n" + N, [VIOLATION], junk=False)
    yield _case("socket: junk between", N + b"!" * 30 + P, [SEEN_NOTE, VIOLATION], junk=False)
    yield _case("socket: damaged header", N + flip(P, 20) + P, [SEEN_NOTE, VIOLATION], junk=False)
    yield _case("socket: damaged payload", N + flip(A, 30) + P, [SEEN_NOTE, VIOLATION], junk=False)
    yield _case("socket: a second hello", P + HELLO, [SEEN_PING, _seen("HELLO", hello_payload())], junk=False)
    yield _case("socket: kind 17", P + frame(17, b""), [SEEN_PING, VIOLATION], junk=False)


def streams():
    """Returns all cases."""
    return [*_whole(), *_before_hello(), *_junk_around(), *_tails(), *_damage(), *_zero_salt(), *_violations(),
            *_strict()]
