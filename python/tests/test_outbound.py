"""The outbound buffer, whose pipe is played by the test."""
import linecache
import os
import sys
import unittest
from threading import Event, Thread

import wire  # noqa: F401
from streamipc._frame import FrameWriter
from streamipc._outbound import Outbound

LIMIT_SECONDS = 20.0


class Busy:
    """A pipe into which somebody else puts more with each write, until the test has seen enough."""

    def __init__(self, outbound):
        self.outbound = outbound
        self.begun = Event()
        self.may_go_on = Event()
        self.enough = Event()

    def write(self, _pieces, _may_block):
        if not self.enough.is_set():
            self.outbound.put(b"of others")
        self.begun.set()
        self.may_go_on.wait(LIMIT_SECONDS)
        return []


class Waiting(unittest.TestCase):
    def test_who_waits_for_its_own_bytes_is_not_held_up_by_those_of_others(self):
        read_fd, write_fd = os.pipe()
        self.addCleanup(os.close, read_fd)
        outbound = Outbound(write_fd, FrameWriter(bytes(4)), lambda _error: None)
        self.addCleanup(outbound._pipe.close)
        busy = outbound._pipe = Busy(outbound)
        outbound.open()
        outbound.put(b"first")
        flusher = Thread(target=outbound.flush, args=(True,))
        flusher.start()
        busy.begun.wait(LIMIT_SECONDS)
        outbound.put(b"own")
        waiter = Thread(target=outbound.await_written)
        waiter.start()
        busy.may_go_on.set()
        waiter.join(LIMIT_SECONDS)
        is_held_up = waiter.is_alive()
        busy.enough.set()
        flusher.join(LIMIT_SECONDS)
        waiter.join(LIMIT_SECONDS)
        self.assertFalse(is_held_up)
        self.assertFalse(flusher.is_alive() or waiter.is_alive())

    def test_who_waits_for_its_own_bytes_waits_until_they_have_left(self):
        read_fd, write_fd = os.pipe()
        self.addCleanup(os.close, read_fd)
        outbound = Outbound(write_fd, FrameWriter(bytes(4)), lambda _error: None)
        self.addCleanup(outbound._pipe.close)
        busy = outbound._pipe = Busy(outbound)
        busy.enough.set()
        outbound.open()
        outbound.put(b"own")
        flusher = Thread(target=outbound.flush, args=(True,))
        flusher.start()
        busy.begun.wait(LIMIT_SECONDS)
        waiter = Thread(target=outbound.await_written)
        waiter.start()
        waiter.join(0.1)
        waited = waiter.is_alive()
        busy.may_go_on.set()
        waiter.join(LIMIT_SECONDS)
        flusher.join(LIMIT_SECONDS)
        self.assertTrue(waited)
        self.assertFalse(waiter.is_alive())


def is_cut(outbound, at):
    """Has a signal handler raise at a line of a flush, then ends the stream; returns whether there are so many lines."""
    left = [at]

    def trace(frame, event, _):
        if not frame.f_globals.get("__name__", "").startswith("streamipc."):
            return None
        line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
        # No handler runs on the way into such a block, nor out of it.
        if event == "line" and not line.startswith(("with ", "try:", "finally:", "pass")):
            left[0] -= 1
            if not left[0]:
                raise KeyboardInterrupt
        return trace

    sys.settrace(trace)
    try:
        outbound.flush(False)
        was_cut = False
    except KeyboardInterrupt:
        was_cut = True
    finally:
        sys.settrace(None)
    outbound.put(b"b")
    outbound.flush(False)
    outbound.end()
    outbound.nudge()
    assert outbound.await_end(LIMIT_SECONDS), at
    return was_cut


class CutShort(unittest.TestCase):
    def _is_cut(self, at):
        read_fd, write_fd = os.pipe()
        self.addCleanup(os.close, read_fd)
        outbound = Outbound(write_fd, FrameWriter(bytes(4)), lambda _error: None)
        outbound.open()
        outbound.put(9_000 * b"a")
        was_cut = is_cut(outbound, at)
        with os.fdopen(os.dup(read_fd), "rb") as file:
            self.assertEqual(9_000 * b"a" + b"b", file.read(), at)
        return was_cut

    def test_a_signal_handler_that_raises_neither_loses_nor_doubles_what_leaves(self):
        lines = next(at for at in range(1, 500) if not self._is_cut(at))
        self.assertGreater(lines, 20)


if __name__ == "__main__":
    unittest.main()
