"""The outbound buffer: frames leave in the order in which they entered it, by one writer at a time.

No thread that reads ever blocks here: it appends and wakes the writer thread. A thread that may block writes itself;
any other writes as long as the pipe says that it has room, and leaves the rest to the writer thread.
"""
from __future__ import annotations

import os
import select
from threading import Condition, Event, Lock, Thread

from ._failures import Phase
from ._stdio import close_once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Optional

    from ._pending import Call

MAX_BUFFER_BYTES = 8 * 1024 * 1024
CORK_BYTES = 32 * 1024
# A pipe that polls as writable takes so many bytes without blocking.
_SAFE_WRITE_BYTES = 4096
_UNCORK_SECONDS = 0.002


class Outbound:
    """Owns the descriptor of the outbound stream."""

    def __init__(self, fd: int, void_over: Callable[[int], bytes], on_broken: Callable[[OSError], None]) -> None:
        self._fd = fd
        self._close_fd = close_once(fd)
        self._void_over = void_over
        self._on_broken = on_broken
        self._lock = Lock()
        self._changed = Condition(self._lock)
        # All below is guarded by the lock, except that only the one that set _is_flushing touches _rest.
        self._filling = bytearray()
        self._held = bytearray()
        self._queued: Dict[int, slice] = {}
        self._rest: Optional[memoryview] = None
        self._is_open = self._is_flushing = self._is_ending = self._is_closed = False
        self._is_batching = False
        self._is_writer_idle = True
        self._wake = Event()
        self._writer: Optional[Thread] = None

    def put_control(self, frame: bytes) -> None:
        """Appends a frame that may leave before the other side is ready. Never blocks."""
        with self._lock:
            if not self._is_closed and not self._is_ending:
                self._filling += frame

    def put(self, frame: bytes) -> int:
        """Appends an answer; returns how many bytes wait. Never blocks: see `await_room`."""
        with self._lock:
            if self._is_closed or self._is_ending:
                return 0
            buffer = self._filling if self._is_open else self._held
            buffer += frame
            return len(buffer)

    def offer(self, frame: bytes, call: Optional[Call] = None, max_bytes: Optional[int] = MAX_BUFFER_BYTES) -> bool:
        """Appends what may be refused; false if so much waits already. A call that has ended is not appended."""
        with self._lock:
            if call is not None and call.is_withdrawn:
                return True
            buffer = self._filling if self._is_open else self._held
            if max_bytes is not None and len(buffer) >= max_bytes:
                return False
            if call is not None:
                call.is_appended = True
                self._queued[call.call_id] = slice(len(buffer), len(buffer) + len(frame))
            if not self._is_closed and not self._is_ending:
                buffer += frame
            return True

    def withdraw(self, call: Call) -> Phase:
        """Overwrites the frame of an ended call by VOID if it is still here; returns how far the call had come."""
        with self._lock:
            place = self._queued.pop(call.call_id, None)
            if place is not None:
                buffer = self._filling if self._is_open else self._held
                if place.stop <= len(buffer):
                    header = self._void_over(place.stop - place.start)
                    buffer[place.start:place.start + len(header)] = header
                return Phase.QUEUED
            if not call.is_appended:
                call.is_withdrawn = True
                return Phase.QUEUED
            return Phase.RUNNING if call.is_running else Phase.SENT

    def open(self) -> None:
        """Lets everything leave: the other side is ready."""
        with self._lock:
            if self._is_open:
                return
            base = len(self._filling)
            self._queued = {
                call_id: slice(base + place.start, base + place.stop) for call_id, place in self._queued.items()
            }
            self._filling += self._held
            self._held = bytearray()
            self._is_open = True

    def await_room(self, limit_seconds: Optional[float] = None) -> None:
        """Waits until an answer may be appended. For threads that do not read."""
        with self._lock:
            self._changed.wait_for(lambda: self._is_closed or len(self._filling) < MAX_BUFFER_BYTES, limit_seconds)

    def is_full(self) -> bool:
        """Returns whether so much waits that even refusals are left out."""
        return len(self._filling) + len(self._held) >= 2 * MAX_BUFFER_BYTES

    def flush(self, may_block: bool) -> None:
        """Writes what is there unless another thread is at it. Without `may_block` the writer takes the rest."""
        with self._lock:
            if self._is_flushing or self._is_closed:
                return
            self._is_flushing = True
        self._drain(may_block)

    def nudge(self) -> None:
        """Has the writer thread write what is there. Never blocks."""
        with self._lock:
            if self._is_closed or not (self._filling or self._rest or self._is_ending):
                return
            self._start_writer()
        self._wake.set()

    def batch(self, is_under_way: bool) -> None:
        """During a batch, finished answers leave after a few milliseconds, even if a handler behind them is slow."""
        with self._lock:
            self._is_batching = is_under_way
            if not is_under_way or not self._is_writer_idle or self._is_closed:
                return
            self._is_writer_idle = False
            self._start_writer()
        self._wake.set()

    def end(self) -> None:
        """Takes no frame any more; the stream ends behind the last one. Wants a flush."""
        with self._lock:
            self._is_ending = True
            self._held = bytearray()

    def await_end(self, limit_seconds: float) -> bool:
        """Waits until the stream has ended; false if it has not by then."""
        with self._lock:
            return self._changed.wait_for(lambda: self._is_closed, limit_seconds)

    def abort(self) -> None:
        """Drops what is there: nobody will read it. Wakes who waits for room."""
        with self._lock:
            self._close()

    def abandon(self) -> None:
        """Closes the descriptor in a forked process, where other threads, and who holds the lock, are gone."""
        self._lock = Lock()
        self._changed = Condition(self._lock)
        self._is_closed = True
        self._close_fd()

    def _start_writer(self) -> None:
        if self._writer is None:
            self._writer = Thread(target=self._write_on, name="streamipc-writer", daemon=True)
            self._writer.start()

    def _write_on(self) -> None:
        pause: Optional[float] = None
        while not self._is_closed:
            self._wake.wait(pause)
            self._wake.clear()
            if self._rest is not None:
                self._drain(True)
            else:
                self.flush(True)
            with self._lock:
                pause = _UNCORK_SECONDS if self._is_batching else None
                self._is_writer_idle = pause is None

    def _drain(self, may_block: bool) -> None:
        """Writes until nothing is left. Only for the thread that set _is_flushing, or the writer with a rest."""
        try:
            while True:
                data = self._rest
                if data is None:
                    data = self._swap()
                    if data is None:
                        return
                self._rest = self._write(data, may_block)
                if self._rest is not None:
                    self._hand_over()
                    return
        except OSError as error:
            with self._lock:
                self._is_flushing = False
                self._close()
            self._on_broken(error)

    def _swap(self) -> Optional[memoryview]:
        with self._lock:
            if self._is_closed:
                return None
            if self._filling:
                data = memoryview(self._filling)
                self._filling = bytearray()
                if self._is_open:  # Before that all requests are held.
                    self._queued.clear()
                self._changed.notify_all()
                return data
            self._is_flushing = False
            if self._is_ending:
                self._close()
            return None

    def _hand_over(self) -> None:
        with self._lock:
            self._start_writer()
        self._wake.set()

    def _write(self, data: memoryview, may_block: bool) -> Optional[memoryview]:
        """Returns what is left because the pipe is full, None if nothing is."""
        while data:
            if may_block:
                data = data[os.write(self._fd, data):]
            elif _has_room(self._fd):
                data = data[os.write(self._fd, data[:_SAFE_WRITE_BYTES]):]
            else:
                return data
        return None

    def _close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._filling = bytearray()
            # A thread in the middle of a write still uses the descriptor; it stays open until the process ends.
            if not self._is_flushing:
                self._close_fd()
            self._changed.notify_all()
        self._wake.set()


def _has_room(fd: int) -> bool:
    if not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(fd, select.POLLOUT)
    return bool(poll.poll(0))
