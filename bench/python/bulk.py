"""64 MiB there and back as an attachment, against the same bytes through raw pipes."""
import os
import subprocess
import sys
from time import perf_counter

import raw
from figures import Row
from messages import HERE, Bulk
from roundtrip import placements
from streamipc import Attachment, Session

SIZE = 64 << 20
LIMIT = 128 << 20
RAW = os.path.join(HERE, "raw.py")


class RawPipes:
    """A child that reads SIZE bytes and writes them back, with the words of raw.py."""

    def __init__(self, *words, core=None):
        command = [sys.executable, RAW, str(SIZE), *words]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        if core is not None:
            os.sched_setaffinity(self.process.pid, {core})
        raw.widen(self.process.stdin.fileno(), self.process.stdout.fileno())
        self.is_checked = "checked" in words
        self.is_fresh = "fresh" in words
        self.buffer = raw.memory(SIZE)

    def trip(self, data):
        if self.is_fresh:
            self.buffer = raw.memory(SIZE)
        raw.send(self.process.stdin.fileno(), data, self.is_checked)
        raw.receive(self.process.stdout.fileno(), self.buffer, self.is_checked)
        return self.buffer

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


class Attached:
    """A session whose child answers by what it got."""

    def __init__(self, core=None):
        child = [sys.executable, os.path.join(HERE, "child.py")] + ([] if core is None else [str(core)])
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
    fresh = Row("P3.python.limit.fresh", "MB/s", "raw-pipes")
    sides = Attached(), RawPipes(), RawPipes("checked"), RawPipes("checked", "fresh")
    for ours, plain, with_crc, into_fresh in _rounds(sides, rounds):
        row.add(ours, plain)
        checked.add(ours, with_crc)
        limit.add(with_crc, plain)
        fresh.add(into_fresh, plain)
    for one in (row, checked, limit, fresh):
        one.tell()
    for name, own, other in placements():
        if own is not None:
            _measure_placed(Row(f"P3.python.stdio.{name}", "MB/s", "raw-pipes"), own, other, rounds)


def _measure_placed(row, own, other, rounds):
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {own})
    try:
        for ours, plain in _rounds((Attached(other), RawPipes(core=other)), rounds):
            row.add(ours, plain)
    finally:
        os.sched_setaffinity(0, everywhere)
    row.tell()


def _rounds(sides, count):
    data = memoryview(os.urandom(1 << 20) * (SIZE >> 20))
    try:
        for side in sides:
            if side.trip(data) != data:
                raise SystemExit("the bytes came back changed")
        for _ in range(count):
            yield [_rate(side, data) for side in sides]
    finally:
        for side in sides:
            side.close()


def _rate(side, data):
    start = perf_counter()
    side.trip(data)
    return 2 * SIZE / (perf_counter() - start) / 1e6
