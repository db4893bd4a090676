"""The descriptor of the outbound stream: one write after the other, with or without blocking."""
from __future__ import annotations

import os
import select
from threading import Lock

from ._stdio import close_once, end_of_socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator, List, Tuple

# A pipe that polls as writable takes so many bytes without blocking.
_SAFE_WRITE_BYTES = 4096
_MOST_PIECES = 64
# Never written to.
_NO_STEP: Tuple[List[memoryview], List[int]] = ([], [])


class Pipe:
    """Used by one thread at a time, but for `end`. `close` gives up the descriptor and nothing else."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._lock = Lock()
        # Both are guarded by the lock.
        self._is_writing = self._is_over = False
        # The pieces of the last write, and how much of them each step took: a number is there before anything can come
        # between, such as a signal handler that raises.
        self._step = _NO_STEP
        self.close = close_once(fd)
        # Used by whoever writes.
        self._room = select.poll() if hasattr(select, "poll") else None
        if self._room is not None:
            self._room.register(fd, select.POLLOUT)

    def end(self) -> None:
        """Ends the stream; if a write is under way, behind that. Never blocks."""
        with self._lock:
            self._is_over = True
            if not self._is_writing:
                self._end()

    def write(self, pieces: List[memoryview], may_block: bool) -> List[memoryview]:
        """Writes what it can, without joining the pieces; returns what is left because the pipe is full."""
        with self._lock:
            if self._is_over:
                return []
            self._step = (pieces, [])
            self._is_writing = True
        try:
            return self._write(pieces, may_block)
        finally:
            with self._lock:
                self._is_writing = False
                if self._is_over:
                    self._end()

    def await_room(self, limit_seconds: float) -> None:
        """Waits until something can be written without blocking, as far as the system tells."""
        if self._room is not None:
            self._room.poll(max(0, int(limit_seconds * 1000)))

    def left_of(self, pieces: List[memoryview]) -> List[memoryview]:
        """Returns what is left of pieces whose `write` was cut short, or not begun."""
        last, written = self._step
        return behind(pieces, sum(written)) if last is pieces else pieces

    def forget(self) -> None:
        """Holds the pieces of the last `write` no longer: the memory below is its owner's again."""
        self._step = _NO_STEP

    def _end(self) -> None:
        end_of_socket(self._fd, True)
        self.close()

    def _write(self, pieces: List[memoryview], may_block: bool) -> List[memoryview]:
        if may_block and len(pieces) == 1:
            # What there is most of; see `_noted`.
            written = self._step[1]
            written.extend(map(os.write, (self._fd,), pieces))
            if written[0] == len(pieces[0]):
                return []
            pieces = [pieces[0][written[0]:]]
        while pieces:
            if may_block:
                pieces = behind(pieces, self._write_some(pieces))
            elif self._has_room():
                pieces = behind(pieces, self._write_one(pieces[0][:_SAFE_WRITE_BYTES]))
            else:
                break
        return pieces

    def _has_room(self) -> bool:
        return self._room is not None and bool(self._room.poll(0))

    def _write_some(self, pieces: List[memoryview]) -> int:
        if len(pieces) == 1 or not hasattr(os, "writev"):
            return self._write_one(pieces[0])
        return self._noted(map(os.writev, (self._fd,), (pieces[:_MOST_PIECES],)))

    def _write_one(self, piece: memoryview) -> int:
        return self._noted(map(os.write, (self._fd,), (piece,)))

    def _noted(self, step: Iterator[int]) -> int:
        written = self._step[1]
        # It is done and noted in one go.
        written.extend(step)
        return written[-1]


def behind(pieces: List[memoryview], written: int) -> List[memoryview]:
    """Returns what stands behind so many bytes."""
    for index, piece in enumerate(pieces):
        if written < len(piece):
            return [piece[written:], *pieces[index + 1:]]
        written -= len(piece)
    return []
