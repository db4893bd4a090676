"""64 MiB there and back as an attachment, against the same bytes through raw pipes."""
import os
import subprocess
import sys
from time import perf_counter

import raw
from figures import Row
from messages import HERE, Bulk
from streamipc import Attachment, Session

SIZE = 64 << 20
LIMIT = 128 << 20
RAW = os.path.join(HERE, "raw.py")


class RawPipes:
    """A child that reads SIZE bytes into a buffer that it uses again and again, and writes them back."""

    def __init__(self, is_checked):
        words = [sys.executable, RAW, str(SIZE)] + (["checked"] if is_checked else [])
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.is_checked = is_checked
        self.buffer = memoryview(bytearray(SIZE))

    def trip(self, data):
        raw.send(self.process.stdin.fileno(), data, self.is_checked)
        raw.receive(self.process.stdout.fileno(), self.buffer, self.is_checked)
        return self.buffer

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


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
    """Prints the rows of bandwidth."""
    row = Row("P3.python.stdio", "MB/s", "raw-pipes", (">=", 0.85, "ratio"))
    checked = Row("P3.python.stdio.checked", "MB/s", "raw-pipes-with-crc")
    limit = Row("P3.python.limit", "MB/s", "raw-pipes")
    data = memoryview(os.urandom(1 << 20) * (SIZE >> 20))
    ours, with_crc, baseline = sides = Attached(), RawPipes(True), RawPipes(False)
    try:
        for side in sides:
            if side.trip(data) != data:
                raise SystemExit("the bytes came back changed")
        for _ in range(rounds):
            rates = [_rate(side, data) for side in sides]
            row.add(rates[0], rates[2])
            checked.add(rates[0], rates[1])
            limit.add(rates[1], rates[2])
    finally:
        for side in sides:
            side.close()
    for one in (row, checked, limit):
        one.tell()


def _rate(side, data):
    start = perf_counter()
    side.trip(data)
    return 2 * SIZE / (perf_counter() - start) / 1e6
