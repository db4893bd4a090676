"""A parent written by hand: starts a real child interpreter and talks to it in frames of its own making."""
import atexit
import json
import os
import select
import struct
import subprocess
import sys
import tempfile
import time
import zlib

from wire import ABANDONED, CHILD_BIT, HEADER_BYTES, KINDS, LAST_CHUNK, MAGIC, SALT, ZERO_SALT, frame

LIMIT_SECONDS = 10.0
SOURCES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src")
NAMES = {number: name for name, number in KINDS.items()}
TYPES = ("Ask", "Answer", "LogMessage", "Only.There")
MAX_PAYLOAD_BYTES = 16 * 1024 * 1024
NO_DEADLINE = 0xFFFFFFFF
PROLOGUE = """
import os, sys, threading
from streamipc import *
@message
class Ask:
    text: str
@message
class Answer:
    text: str
@message
class OnlyHere:
    text: str
session = Session.stdio()
"""
ECHO = PROLOGUE + """
session.on_request(Ask, lambda ask: Answer(ask.text.upper()))
session.serve()
"""


def _compiled_folder():
    """Returns the folder in which this run keeps compiled modules; makes one for this process where there is none."""
    given = os.environ.get("PYTHONPYCACHEPREFIX")
    if given:
        return given
    own = tempfile.TemporaryDirectory()
    atexit.register(own.cleanup)
    return own.name


_COMPILED = _compiled_folder()


def environment():
    """Returns the environment in which a child finds the package, and keeps what it compiled for the next one."""
    own = {"PYTHONPATH": SOURCES, "PYTHONPYCACHEPREFIX": _COMPILED}
    left_out = ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")
    return {**{name: text for name, text in os.environ.items() if name not in left_out}, **own}


class Parent:
    """One child and the conversation with it. Every wait has a deadline."""

    def __init__(self, script=ECHO, launcher=None, **options):
        self.errors = tempfile.TemporaryFile()
        options.setdefault("stderr", self.errors)
        before = [sys.executable, "-c", launcher] if launcher else []
        self.process = subprocess.Popen(
            [*before, sys.executable, "-c", script],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), **options,
        )
        self._in = self.process.stdout.fileno()
        self._out = self.process.stdin.fileno()
        os.set_blocking(self._out, False)
        self._buffer = b""
        self._salt = ZERO_SALT
        self.hello = None
        self._large = {}
        self.chunks = 0
        self.abandoned = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.errors.close()

    def open(self, reads="reader", **changes):
        """Exchanges HELLO and READY; returns the READY of the child."""
        self.send_hello(**changes)
        self.read_hello()
        self.send(frame("READY", json.dumps({"reads": reads}).encode()))
        kind, _, _, payload = self.next()
        assert kind == "READY", (kind, payload, self.stderr())
        return json.loads(payload)

    def send_hello(self, **changes):
        hello = {
            "protocol": "stream-ipc", "versions": [1, 1], "minor": 0, "role": "parent", "name": "fake parent",
            "serializers": ["kryo", "json"], "types": [{"name": name, "hash": "00000000"} for name in TYPES],
            "limits": {"maxPayloadBytes": MAX_PAYLOAD_BYTES}, "features": [], "salt": SALT.hex(), "pid": os.getpid(),
            "startedAtMillis": 1,
        }
        self.send(frame("HELLO", json.dumps(dict(hello, **changes)).encode(), salt=ZERO_SALT))

    def read_hello(self):
        kind, _, _, payload = self.next()
        assert kind == "HELLO", (kind, payload, self.stderr())
        self.hello = json.loads(payload)
        self._salt = bytes.fromhex(self.hello["salt"])
        return self.hello

    def send(self, data):
        """Writes all of it; fails if the child does not take it in time."""
        view = memoryview(data)
        deadline = time.monotonic() + LIMIT_SECONDS
        while view:
            _, ready, _ = select.select([], [self._out], [], max(0, deadline - time.monotonic()))
            assert ready, "the child does not read; stderr: " + self.stderr()
            view = view[os.write(self._out, view):]

    def ask(self, call_id, text="hi", left_ms=NO_DEADLINE, flags=1):
        self.send(request(call_id, text, left_ms, flags))

    def notify(self, type_name, **fields):
        self.send(frame("NOTIFY", number(type_name) + json.dumps(fields).encode()))

    def reply(self, call_id, type_name="Answer", **fields):
        self.send(frame("REPLY", number(type_name) + json.dumps(fields).encode(), call_id))

    def fail(self, call_id, **tree):
        self.send(frame("FAILURE", json.dumps(tree).encode(), call_id))

    def goodbye(self, reason="CLOSED", last_started=None):
        tree = {"reason": reason, "text": "test", "lastStarted": last_started}
        self.send(frame("GOODBYE", json.dumps(tree).encode()))

    def next(self, limit_seconds=LIMIT_SECONDS):
        """Returns the next frame as kind, flags, id, payload; None at the end of the stream. Junk fails.

        What comes in chunks is a frame with its last one.
        """
        deadline = time.monotonic() + limit_seconds
        while True:
            found = self._cut()
            if found is not None and found[0] == "CHUNK":
                found = self._whole(*found[1:])
                if found is None:
                    continue
            if found is not None:
                return found
            ready, _, _ = select.select([self._in], [], [], max(0, deadline - time.monotonic()))
            assert ready, "nothing came in time; stderr: " + self.stderr()
            data = os.read(self._in, 1 << 16)
            if not data:
                assert not self._buffer, ("cut off", self._buffer)
                return None
            self._buffer += data

    def answer(self):
        """Returns the next frame as kind, id and its JSON; type numbers become names."""
        got = self.next()
        if got is None:
            return None
        kind, _, call_id, payload = got
        if kind in ("REPLY", "NOTIFY", "REQUEST"):
            head = 6 if kind == "REQUEST" else 2
            name = self.hello["types"][int.from_bytes(payload[:2], "big")]["name"]
            return kind, call_id, dict(json.loads(payload[head:]), type=name)
        return kind, call_id, json.loads(payload) if payload else {}

    def exit_code(self, limit_seconds=LIMIT_SECONDS):
        return self.process.wait(limit_seconds)

    def stderr(self):
        self.errors.seek(0)
        return self.errors.read().decode("utf-8", "replace")

    def await_chunk(self):
        """Waits until a chunk has come, or is coming in."""
        if not self.chunks and not self._buffer:
            self._await_bytes()

    def _await_bytes(self):
        assert select.select([self._in], [], [], LIMIT_SECONDS)[0], "nothing came in time; stderr: " + self.stderr()

    def _whole(self, flags, number, piece):
        self.chunks += 1
        if flags & ABANDONED:
            del self._large[number]
            self.abandoned.append(number)
            return None
        self._large[number] = self._large.get(number, b"") + piece
        assert len(self._large) <= 4, "too many large messages at a time"
        if not flags & LAST_CHUNK:
            return None
        data = self._large.pop(number)
        _, _, kind, flags, call_id, length, crc = struct.unpack_from(">4sBBHQII", data)
        assert crc == zlib.crc32(self._salt + data[:20]) and not flags & 1, "header in chunks"
        assert len(data) == HEADER_BYTES + length, "length of what came in chunks"
        return NAMES[kind], flags, call_id, data[HEADER_BYTES:]

    def _cut(self):
        data = self._buffer
        if len(data) < HEADER_BYTES:
            return None
        magic, version, kind, flags, call_id, length, crc = struct.unpack_from(">4sBBHQII", data)
        assert (magic, version) == (MAGIC, 1), ("junk on stdout", data[:200])
        assert crc == zlib.crc32(self._salt + data[:20]), "header CRC"
        behind = HEADER_BYTES + length
        end = behind + 4 * (flags & 1)
        if len(data) < end:
            return None
        payload = data[HEADER_BYTES:behind]
        if flags & 1:
            assert data[behind:end] == struct.pack(">I", zlib.crc32(payload)), "payload CRC"
        else:
            assert not payload, "payload without CRC"
        self._buffer = data[end:]
        return NAMES[kind], flags, call_id, payload


class Gate:
    """A child whose handler waits until the test opens the gate; requests with the text "fast" pass at once."""

    def __init__(self, rest="session.serve()\n"):
        self._read, self._write = os.pipe()
        self.fds = (self._read,)
        self.script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask):
    if ask.text != "fast": os.read(%d, 1)
    return Answer("done")
""" % self._read + rest

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._read)
        os.close(self._write)

    def open(self):
        """Lets one handler go on."""
        os.write(self._write, b"x")


class Errors:
    """A pipe for the stderr of a child whose lines a test waits for."""

    def __init__(self):
        self._read, self.write = os.pipe()
        self._buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._read)
        os.close(self.write)

    def line(self):
        """Returns the next line without its end; fails if none comes in time."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while b"\n" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(0, deadline - time.monotonic()))
            assert ready, "no line came in time: %r" % self._buffer
            self._buffer += os.read(self._read, 4096)
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode()


def number(type_name):
    """Returns the number of a type of the parent, as it stands in a payload."""
    return struct.pack(">H", TYPES.index(type_name))


def request(call_id, text="hi", left_ms=NO_DEADLINE, flags=1):
    """Returns the frame of a request of type Ask."""
    payload = number("Ask") + struct.pack(">I", left_ms) + json.dumps({"text": text}).encode()
    return frame("REQUEST", payload, call_id, flags)


def child_id(sequence):
    """Returns the id of a call of the child."""
    return CHILD_BIT | sequence
