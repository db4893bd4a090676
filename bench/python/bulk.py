"""64 MiB there and back as an attachment, against the same bytes through raw pipes."""
import os
import subprocess
import sys
from time import perf_counter

from figures import Row
from messages import HERE, Bulk
from streamipc import Attachment, Session

SIZE = 64 << 20
LIMIT = 128 << 20
RAW = os.path.join(HERE, "raw.py")


class RawPipes:
    """A child that reads SIZE bytes into a buffer that it uses again and again, and writes them back."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, RAW, str(SIZE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self.buffer = memoryview(bytearray(SIZE))

    def trip(self, data):
        send(self.process.stdin.fileno(), data)
        receive(self.process.stdout.fileno(), self.buffer)
        return self.buffer

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def send(fd, view):
    while view:
        view = view[os.write(fd, view[:1 << 20]):]


def receive(fd, view):
    while view:
        view = view[os.readv(fd, [view[:1 << 20]]):]


class Attached:
    """A session whose child answers by what it got."""

    def __init__(self):
        child = [sys.executable, os.path.join(HERE, "child.py")]
        self.session = Session.spawn(child, max_payload_bytes=LIMIT)

    def trip(self, data):
        return self.session.call(Bulk(Attachment(data))).data.view

    def close(self):
        self.session.close()


def measure(rounds):
    """Prints the row of bandwidth."""
    row = Row("P3.python.stdio", "MB/s", "raw-pipes", (">=", 0.85, "ratio"))
    data = memoryview(os.urandom(1 << 20) * (SIZE >> 20))
    ours, baseline = Attached(), RawPipes()
    try:
        for side in (ours, baseline):
            if side.trip(data) != data:
                raise SystemExit("the bytes came back changed")
        for _ in range(rounds):
            row.add(_rate(ours, data), _rate(baseline, data))
    finally:
        ours.close()
        baseline.close()
    row.tell()


def _rate(side, data):
    start = perf_counter()
    side.trip(data)
    return 2 * SIZE / (perf_counter() - start) / 1e6
