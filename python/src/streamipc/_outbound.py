"""The outbound buffer: frames leave in the order in which they entered it, by one writer at a time.

No thread that reads ever blocks here: it appends and wakes the writer thread. A thread that may block writes itself;
any other writes as long as the pipe has room, and leaves the rest, and what is large, to the writer thread.
"""
from __future__ import annotations

from threading import Lock, get_ident
from time import monotonic

from ._aside import Aside
from ._awaiting import MAX_BUFFER_BYTES, Awaiting
from ._failures import Phase
from ._leaving import Leaving
from ._pipe import Pipe
from ._queued import Queued
from ._waiters import Waiters
from ._writer import Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, List, Optional, Union

    from ._call import Call
    from ._frame import Frame, FrameWriter

CORK_BYTES = 32 * 1024
_UNCORK_SECONDS = 0.002
_TURNS_AT_ONCE = 4


class Outbound(Awaiting):
    """Owns the descriptor of the outbound stream, or what stands in its place."""

    def __init__(self, fd: Union[int, Pipe], frames: FrameWriter, on_broken: Callable[[OSError], None]) -> None:
        self._pipe = fd if isinstance(fd, Pipe) else Pipe(fd)
        self._frames = frames
        self._on_broken = on_broken
        self._lock = Lock()
        self._changed = Waiters(self._lock)
        # All below is guarded by the lock.
        self._filling, self._held = bytearray(), bytearray()
        self._queued, self._aside = Queued(frames), Aside(frames)
        self._leaving = Leaving(self._pipe)
        self._is_open = self._is_ending = self._is_closed = False
        self._is_batching, self._is_writer_idle = False, True
        self._most_bytes = MAX_BUFFER_BYTES
        # How often what was there was taken to be written, and how often it has left.
        self._taken = self._gone = 0
        self._writer = Writer(self._write_all, lambda: self._is_closed)

    def put_control(self, frame: bytes, is_goodbye: bool = False) -> None:
        """Appends a frame that may leave before the other side is ready; nothing is offered behind a goodbye."""
        with self._lock:
            if is_goodbye:
                self._most_bytes = 0
            if not self._is_closed and not self._is_ending:
                if not self._is_open or not self._aside.held_bytes or not self._aside.takes(frame):
                    self._filling += frame

    def put(self, frame: Frame) -> int:
        """Appends an answer; returns how many bytes wait. Never blocks: see `await_room`."""
        with self._lock:
            if self._is_closed or self._is_ending:
                return 0
            buffer = self._filling if self._is_open else self._held
            self._append(frame, buffer)
            return len(buffer) + self._aside.held_bytes

    def offer(self, frame: Frame, call: Optional[Call] = None, max_bytes: int = 0) -> bool:
        """Appends what may be refused; false if so much waits, by default as much as is ever taken.

        A call that has ended is not appended.
        """
        with self._lock:
            if call is not None and call.is_withdrawn:
                return True
            buffer = self._filling if self._is_open else self._held
            if len(buffer) + self._aside.held_bytes >= (max_bytes or self._most_bytes):
                return False
            if call is not None:
                call.is_appended = True
            if not self._is_closed and not self._is_ending:
                self._append(frame, buffer)
                if call is not None and isinstance(frame, bytes):
                    self._queued.note(call.call_id, buffer, frame)
            return True

    def _append(self, frame: Frame, buffer: bytearray) -> None:
        if not isinstance(frame, bytes):
            self._aside.add(frame)
        elif not self._aside.held_bytes or not self._aside.takes(frame):
            buffer += frame

    def withdraw(self, call: Call) -> Phase:
        """Overwrites the request of an ended call, or abandons its chunks; returns how far the call had come."""
        with self._lock:
            buffer = self._filling if self._is_open else self._held
            if self._queued.void(call.call_id, buffer) or self._take_back(call.call_id):
                return Phase.QUEUED
            if not call.is_appended:
                call.is_withdrawn = True
                return Phase.QUEUED
            return Phase.RUNNING if call.is_running else Phase.SENT

    def take_back(self, call_id: int) -> None:
        """Takes back what is large of an answer that nobody wants any more, and what stands behind it."""
        with self._lock:
            self._take_back(call_id)

    def _take_back(self, call_id: int) -> bool:
        was_request, notice = self._aside.withdraw(call_id)
        if not self._is_closed and not self._is_ending:
            self._filling += notice
        return was_request

    def open(self) -> None:
        """Lets everything leave: the other side is ready."""
        with self._lock:
            if self._is_open:
                return
            self._queued.join(len(self._filling))
            self._filling, self._held = self._filling + self._held, bytearray()
            self._is_open = True

    def is_full(self) -> bool:
        """Returns whether so much waits that even refusals are left out."""
        return self._waiting_bytes() + len(self._held) >= 2 * MAX_BUFFER_BYTES

    def flush(self, may_block: bool) -> None:
        """Writes what is there unless another thread is at it. Without `may_block` the writer takes the rest."""
        try:
            with self._lock:
                if self._leaving.flusher or self._is_closed:
                    return
                self._leaving.flusher = get_ident()
                pieces = self._next()
            self._drain(pieces, may_block)
        except BaseException:
            # A signal handler of the main thread, which may go on with the session: the writer does what is left.
            with self._lock:
                self._leaving.cut_short()
            self._writer.wake()
            raise

    def write_here(self, limit_seconds: float) -> None:
        """Writes what the writer would, where no thread can be had any more for it, as when the process ends."""
        until = monotonic() + limit_seconds
        while self._writer.is_missing and monotonic() < until:
            with self._lock:
                if self._has_left() or not self._leaving.is_for_writer(self._is_closed):
                    return
            self._pipe.await_room(until - monotonic())
            self._drain(self._leaving.rest or self._swap(True), False, True)

    def nudge(self) -> None:
        """Has the writer thread write what is there. Never blocks."""
        with self._lock:
            if not self._is_closed and (self._waiting_bytes() or self._leaving.rest or self._is_ending):
                self._writer.wake()

    def batch(self, is_under_way: bool) -> None:
        """During a batch, finished answers leave after a few milliseconds, even if a handler behind them is slow."""
        with self._lock:
            self._is_batching = is_under_way
            if not is_under_way or not self._is_writer_idle or self._is_closed:
                return
            self._is_writer_idle = False
        self._writer.wake()

    def end(self) -> None:
        """Takes no frame any more; the stream ends behind the last one. Wants a flush."""
        with self._lock:
            self._is_ending = True
            self._held = bytearray()
            if not self._is_open:
                self._aside.clear()

    def abort(self) -> None:
        """Drops what is there: nobody will read it. Wakes who waits for room."""
        with self._lock:
            self._close()

    def abandon(self) -> None:
        """Closes the descriptor in a forked process, where other threads, and who holds the lock, are gone."""
        self._lock = Lock()
        self._changed = Waiters(self._lock)
        self._is_closed = True
        self._pipe.close()

    def _write_all(self) -> Optional[float]:
        with self._lock:
            is_mine = self._leaving.is_for_writer(self._is_closed)
        if is_mine:
            self._drain(self._leaving.rest or self._swap(True), True, True)
        with self._lock:
            self._is_writer_idle = not self._is_batching
            return _UNCORK_SECONDS if self._is_batching else None

    def _drain(self, pieces: List[memoryview], may_block: bool, is_writer: bool = False) -> None:
        """Writes these and all else. Only for the thread that is the flusher."""
        try:
            while pieces:
                if self._leaving.wrote(self._pipe.write(pieces, may_block)):
                    self._writer.wake()
                    return
                pieces = self._swap(is_writer)
        except OSError as error:
            with self._lock:
                self._leaving.flusher = 0
                self._close()
            self._on_broken(error)

    def _swap(self, is_writer: bool) -> List[memoryview]:
        with self._lock:
            is_large = is_writer and self._is_open and bool(self._aside.held_bytes)
            turns = self._aside.turns(_TURNS_AT_ONCE) if is_large else []
            pieces = self._next(bool(turns))
        return pieces + [piece for turn in turns for piece in turn.frames(self._frames)] if turns else pieces

    def _next(self, has_more: bool = False) -> List[memoryview]:
        """Returns what to write, as what was returned before has left; nothing, and no more, gives up the right to."""
        self._gone = self._taken
        self._changed.notify_all()
        if self._is_closed:
            return []
        if self._filling:
            self._queued.left()
            self._filling, self._leaving.pieces = bytearray(), [memoryview(self._filling)]
            self._taken += 1
            return self._leaving.pieces
        if not has_more:
            self._leaving.flusher = 0
            if self._is_open and self._aside.held_bytes:
                self._writer.wake()
            elif self._is_ending:
                self._close()
        return []

    def _close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._filling = bytearray()
            self._aside.clear()
            self._pipe.end()
            self._changed.notify_all()
        self._writer.let_end()
