"""A parent that does as little as it can, so that what is measured is the child. It speaks docs/PROTOCOL.md by hand."""
import os
import struct
import subprocess
from json import JSONEncoder, dumps, loads
from zlib import crc32

SALT = b"\x01\x02\x03\x04"
HELLO, READY, REQUEST, REPLY = 1, 2, 3, 4
PAYLOAD_CRC = 1
_HEAD = struct.Struct(">4sBBHQI")
# Made once: `dumps` would make one for each message.
_body = JSONEncoder(separators=(",", ":")).encode
_NO_DEADLINE = b"\xff\xff\xff\xff"


def frame(kind, call_id, payload, flags=0, salt=SALT):
    head = _HEAD.pack(b"\xfa\xc1\xf5\xfd", 1, kind, flags | PAYLOAD_CRC, call_id, len(payload))
    return head + struct.pack(">I", crc32(head, crc32(salt))) + payload + struct.pack(">I", crc32(payload))


def opening(type_names, limit=128 << 20):
    """Returns HELLO and READY of a parent."""
    hello = {
        "protocol": "stream-ipc", "versions": [1, 1], "minor": 0, "role": "parent", "name": "bench",
        "serializers": ["json"], "types": [{"name": name} for name in type_names],
        "limits": {"maxPayloadBytes": limit}, "features": ["chunks", "attachments", "streams"], "salt": SALT.hex(),
        "pid": os.getpid(), "startedAtMillis": None,
    }
    ready = frame(READY, 0, dumps({"reads": "reader"}).encode())
    return frame(HELLO, 0, dumps(hello).encode(), salt=bytes(4)) + ready


def request(call_id, number, body):
    """Returns a REQUEST as a session with default settings sends it, but for its deadline."""
    return frame(REQUEST, call_id, struct.pack(">H", number) + _NO_DEADLINE + body)


class ThinParent:
    """Starts a child, and waits until it is ready."""

    def __init__(self, command, type_names, environment=None):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, bufsize=0)
        self.out_fd, self.in_fd = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.write(self.out_fd, opening(type_names))
        self.await_ready()

    def await_ready(self):
        """Reads HELLO and READY, byte for byte, so that nothing behind them is taken."""
        for _ in range(2):
            head = self._read(24)
            self._read(int.from_bytes(head[16:20], "big") + 4)

    def _read(self, size):
        data = b""
        while len(data) < size:
            more = os.read(self.in_fd, size - len(data))
            if not more:
                raise EOFError("the child ended")
            data += more
        return data

    def call(self, call_id, number, tree):
        """Asks and returns the answer, made and read as a session does, but for all that only a session needs."""
        body = _body(tree).encode()
        os.write(self.out_fd, request(call_id, number, body))
        data = os.read(self.in_fd, 65536)
        head, payload = data[:20], data[24:-4]
        if int.from_bytes(data[-4:], "big") != crc32(payload) or len(head) < 20 or head[5] != REPLY:
            raise ValueError(f"no whole reply in one read: bytes={data!r}")
        return loads(payload[2:])

    def pipelined(self, batches, window):
        """Sends batches of requests, each (bytes, count), `window` open at most; their answers are counted."""
        size = sent = done = rest = 0
        left = iter(batches)
        batch = next(left, None)
        while batch is not None or done < sent:
            while batch is not None and sent + batch[1] - done <= window:
                os.write(self.out_fd, batch[0])
                sent += batch[1]
                batch = next(left, None)
            data = os.read(self.in_fd, 65536)
            # All answers are alike: the first one tells how long they are.
            size = size or 28 + int.from_bytes(data[16:20], "big")
            done += (rest + len(data)) // size
            rest = (rest + len(data)) % size
        return done

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
