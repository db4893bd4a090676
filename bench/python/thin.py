"""A parent that does as little as it can: what is measured with it is the child. It speaks docs/PROTOCOL.md by hand."""
import os
import struct
import subprocess
from json import dumps
from zlib import crc32

SALT = b"\x01\x02\x03\x04"
HELLO, READY, REQUEST, GOODBYE = 1, 2, 3, 12
PAYLOAD_CRC, WANT_STARTED = 1, 2
_HEAD = struct.Struct(">4sBBHQI")
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
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
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

    def answers(self, count, size):
        """Reads so many answers of `size` bytes each; returns nothing."""
        left = count * size
        while left:
            left -= len(os.read(self.in_fd, min(left, 65536)))

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
