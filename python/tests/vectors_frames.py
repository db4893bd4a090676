"""Cases of frames.json: single whole frames."""
from wire import (
    CHILD_BIT, KINDS, MERGED, PAYLOAD_CRC, SALT, WANT_PROGRESS, WANT_STARTED, ZERO_SALT, frame, hello_payload,
)

BODY = b'{"job":"Task #0"}'
ASK = b"\x00\x02\x00\x00\x75\x30" + BODY
ANSWER = b"\x00\x03" + b'{"result":"TASK #0"}'
GOODBYE = b'{"reason":"CLOSED","text":"done","lastStarted":"000000000000002a"}'


def _case(name, kind, flags, call_id=0, payload=b"", salt=SALT):
    return {
        "name": name, "salt": salt.hex(), "kind": kind, "flags": flags, "id": "%016x" % call_id,
        "payload": payload.hex(), "bytes": frame(kind, payload, call_id, flags, salt).hex(),
    }


def _opening_and_ends():
    yield _case("hello of a parent", "HELLO", PAYLOAD_CRC, 0, hello_payload(), ZERO_SALT)
    yield _case("hello of a child", "HELLO", PAYLOAD_CRC, 0, hello_payload("child"), ZERO_SALT)
    yield _case("ready with a reader", "READY", PAYLOAD_CRC, 0, b'{"reads":"reader"}')
    yield _case("ready without payload crc", "READY", 0, 0, b'{"reads":"pump"}')
    yield _case("goodbye", "GOODBYE", PAYLOAD_CRC, 0, GOODBYE)
    yield _case("goodbye without payload crc", "GOODBYE", 0, 0, GOODBYE)


def _calls():
    yield _case("request of the parent", "REQUEST", PAYLOAD_CRC, 42, ASK)
    yield _case("request of the child", "REQUEST", PAYLOAD_CRC, CHILD_BIT | 42, ASK)
    yield _case("request that wants all", "REQUEST", PAYLOAD_CRC | WANT_STARTED | WANT_PROGRESS, 43, ASK)
    yield _case("request that wants started, without payload crc", "REQUEST", WANT_STARTED, 43, ASK)
    yield _case("request without deadline", "REQUEST", PAYLOAD_CRC, 1, b"\x00\x00\xff\xff\xff\xff{}")
    yield _case("request with an empty body", "REQUEST", PAYLOAD_CRC, 2, b"\x00\x00\x00\x00\x00\x00")
    yield _case("request with the highest parent id", "REQUEST", PAYLOAD_CRC, CHILD_BIT - 1, ASK)
    yield _case("reply", "REPLY", PAYLOAD_CRC, 42, ANSWER)
    yield _case("reply without payload crc", "REPLY", 0, 42, ANSWER)
    yield _case("reply with all id bits", "REPLY", PAYLOAD_CRC, 2 ** 64 - 1, ANSWER)
    yield _case("failure", "FAILURE", PAYLOAD_CRC, 42, b'{"failure":"DeadlinePassed"}')
    yield _case("failure of a handler that stopped when the time was up", "FAILURE", PAYLOAD_CRC, 42,
                b'{"failure":"DeadlinePassed","phase":"RUNNING"}')
    yield _case("failure in many tongues", "FAILURE", PAYLOAD_CRC, CHILD_BIT | 7,
                '{"failure":"RemoteFailure","type":"ValueError","message":"für 文字 🙂","stack":""}'.encode())
    yield _case("started", "STARTED", 0, 42)
    yield _case("started with the crc of nothing", "STARTED", PAYLOAD_CRC, 42)
    yield _case("progress", "PROGRESS", PAYLOAD_CRC, 42, b"\x00\x01" + b'{"percent":50}')
    yield _case("progress that merges 258 updates", "PROGRESS", PAYLOAD_CRC | MERGED, CHILD_BIT,
                b"\x00\x01\x00\x00\x01\x02" + b'{"percent":51}')
    yield _case("cancel without reason", "CANCEL", 0, 42)
    yield _case("cancel with reason", "CANCEL", PAYLOAD_CRC, 42, "not needed: schade".encode())


def _the_rest():
    yield _case("notify", "NOTIFY", PAYLOAD_CRC, 0, b"\x00\x00" + b'{"message":"hi","level":"INFO"}')
    yield _case("notify without payload crc", "NOTIFY", 0, 0, b"\x01\x00{}")
    yield _case("ping of the parent", "PING", 0, 5)
    yield _case("ping of the child", "PING", 0, CHILD_BIT | 5)
    yield _case("pong", "PONG", 0, 5)
    yield _case("void, empty", "VOID", 0, 0)
    yield _case("void over a request", "VOID", PAYLOAD_CRC, 42, ASK)
    yield _case("void of all bytes", "VOID", PAYLOAD_CRC, 2 ** 64 - 1, bytes(range(256)))
    for salt in ("00000001", "ffffffff", "fac1f5fd", "80000000"):
        yield _case("salt " + salt, "PING", 0, 1, b"", bytes.fromhex(salt))
        yield _case("salt " + salt + " with payload", "NOTIFY", PAYLOAD_CRC, 0, b"\x00\x00{}", bytes.fromhex(salt))


def frames():
    """Returns all cases; every kind is among them."""
    cases = [*_opening_and_ends(), *_calls(), *_the_rest()]
    missing = set(KINDS) - {"CHUNK", "PART", "DEMAND"} - {case["kind"] for case in cases}
    if missing:
        raise AssertionError("kinds without a vector: %s" % sorted(missing))
    return cases
