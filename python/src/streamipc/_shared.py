"""Memory that this process shares with its parent: a ring of bytes each way, docs/PROTOCOL.md section 17.

What is relied on: an item of a memoryview of `Q` is read and written by one load or store of 8 bytes, which CPython
does on all 64-bit machines; and a lock that is taken and given back twice is a fence. On x86-64 each taking is a locked
step; on aarch64 the first giving back is a release and the second taking an acquire, which nothing passes.
"""
from __future__ import annotations

import mmap
from threading import Lock
from time import monotonic, sleep

from ._bell import Bell
from ._failures import StartFailed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional

    import socket

_MAGIC, _VERSION = 0x53495043_52494E47, 1
_DOWN_AT, _UP_AT, _HEAD_BYTES = 1024, 2048, 4096
_LEAST_BYTES, _MOST_BYTES = 4096, 64 * 1024 * 1024
_SPIN_SECONDS = 0.00005
# Nobody relies on it; where something has overwritten the words of sleep, it gets things going again.
_LOOK_SECONDS = 2.0
# A write leaves in so many pieces of a ring, so that the other side reads one while the next is copied.
_PIECES = 4


class Damaged(OSError):
    """The words in the memory are none that the other side can have written."""


class Memory:
    """The mapped file, in words and in bytes."""

    def __init__(self, path: str) -> None:
        with open(path, "r+b") as file:
            mapped = mmap.mmap(file.fileno(), 0)
        self.bytes = memoryview(mapped)
        self.words = self.bytes[:_HEAD_BYTES].cast("Q")
        magic, version, self.ring_bytes = self.words[0], self.words[1], self.words[2]
        is_size = _LEAST_BYTES <= self.ring_bytes <= _MOST_BYTES and not self.ring_bytes & (self.ring_bytes - 1)
        if (magic, version) != (_MAGIC, _VERSION) or not is_size or len(mapped) != _HEAD_BYTES + 2 * self.ring_bytes:
            facts = f"path={path}, version={version}, known={_VERSION}, ringBytes={self.ring_bytes}"
            raise OSError(f"shared memory has another layout: {facts}; use the same release on both sides")


class _Side:
    """What both sides of a ring do alike: they look, wait, and wake. For one thread at a time."""

    is_roused = False

    def __init__(self, memory: Memory, words_at: int, mine: Bell, others: Bell) -> None:
        first = words_at // 8
        self._memory, self._words, self._size = memory, memory.words, memory.ring_bytes
        self._data = _HEAD_BYTES + (0 if words_at == _DOWN_AT else self._size)
        self._written, self._read = first, first + 16
        # The word behind each says that the side is gone.
        self._reader_sleeps, self._writer_sleeps = first + 32, first + 48
        self._bell, self._others_bell = mine, others
        self._turn = Lock()
        self._position = self._seen = 0

    def _fence(self) -> None:
        with self._turn:
            pass
        with self._turn:
            pass

    def _checked(self, word: str, value: int, least: int, most: int) -> int:
        if not least <= value <= most:
            facts = f"word={word}, value={value}, least={least}, most={most}"
            raise Damaged(f"shared memory is damaged: {facts}; find out who else writes to it")
        self._seen = value
        return value

    def _wait(self, look: Callable[[], int], sleeps: int, gone: int, seconds: Optional[float]) -> int:
        """Returns how many bytes can be moved; 0 if the other side is gone, the time is up, or `rouse` was called."""
        end = monotonic() + _SPIN_SECONDS
        while monotonic() < end:
            found = look()
            if found:
                return found
            sleep(0)  # Lets other threads and processes have their turn.
        end = float("inf") if seconds is None else end + seconds
        try:
            while True:
                self._words[sleeps] = 1
                self._fence()
                # Before the look: what was written before the end is still to be seen.
                is_over = self._bell.is_over or self._words[gone] or monotonic() >= end
                found = look()
                if found or is_over or self.is_roused:
                    return found
                self._publish()
                self._bell.wait(min(_LOOK_SECONDS, end - monotonic()))
        finally:
            self._words[sleeps] = 0

    def rouse(self) -> None:
        """Ends a wait, and those to come. For all threads, and in signal handlers."""
        self.is_roused = True
        self._bell.rouse()

    def _publish(self) -> None:
        """Says where this side is; once more, where somebody may have overwritten it."""

    def _wake(self, sleeps: int) -> None:
        self._fence()
        if self._words[sleeps]:
            # Not one step; but a ring follows whatever the sleeper does meanwhile.
            self._words[sleeps] = 0
            self._others_bell.ring()


class RingReader(_Side):
    """The reading side of a ring."""

    def look(self) -> int:
        """Returns how many bytes are there."""
        written = self._words[self._written]
        return self._checked("written", written, self._seen, self._position + self._size) - self._position

    def wait(self, seconds: Optional[float]) -> int:
        """Waits until bytes are there, the time is up or no more can come; returns how many there are."""
        return self._wait(self.look, self._reader_sleeps, self._writer_sleeps + 1, seconds)

    def is_over(self) -> bool:
        """Returns whether the other side writes no more."""
        return bool(self._bell.is_over or self._words[self._writer_sleeps + 1])

    def read(self, most: int) -> bytes:
        """Blocks until there are bytes; nothing at the end, or if it was roused."""
        count = min(self.look() or self.wait(None), most)
        if not count:
            return b""
        self._fence()
        start = self._position & (self._size - 1)
        first = min(count, self._size - start)
        data = bytes(self._memory.bytes[self._data + start:self._data + start + first])
        if first < count:
            data += self._memory.bytes[self._data:self._data + count - first]
        self._fence()
        self._position += count
        self._publish()
        self._wake(self._writer_sleeps)
        return data

    def _publish(self) -> None:
        self._words[self._read] = self._position


class RingWriter(_Side):
    """The writing side of a ring."""

    def look(self) -> int:
        """Returns how many bytes there is room for."""
        read = self._words[self._read]
        return self._size - (self._position - self._checked("read", read, self._seen, self._position))

    def write(self, piece: memoryview, may_block: bool) -> int:
        """Writes what it can of a piece and returns how much; raises BrokenPipeError if nobody reads."""
        gone = self._reader_sleeps + 1
        room = 0 if self._bell.is_over or self._words[gone] else self.look()
        if not room and may_block:
            room = self._wait(self.look, self._writer_sleeps, gone, None)
        if not room and (self._bell.is_over or self._words[gone] or self.is_roused):
            raise BrokenPipeError("channel is closed on the other side")
        count = min(room, len(piece), self._size // _PIECES)
        start = self._position & (self._size - 1)
        first = min(count, self._size - start)
        self._memory.bytes[self._data + start:self._data + start + first] = piece[:first]
        self._memory.bytes[self._data:self._data + count - first] = piece[first:count]
        self._fence()
        self._position += count
        self._publish()
        self._wake(self._reader_sleeps)
        return count

    def position(self) -> int:
        """Returns how many bytes were written in all."""
        return self._position

    def catch_up(self) -> int:
        """Says what a signal handler may have cut short; returns how many bytes this side has written in all."""
        self._publish()
        self._wake(self._reader_sleeps)
        return self._position

    def leave(self) -> None:
        """Says that nothing will be written any more. Never blocks."""
        self._fence()
        self._words[self._writer_sleeps + 1] = 1
        self._fence()
        self._others_bell.ring()

    def _publish(self) -> None:
        self._words[self._written] = self._position


class Rings:
    """Both rings, from the side of a child: it reads what comes down, and writes up."""

    def __init__(self, path: str, connect: Callable[[str], socket.socket]) -> None:
        try:
            memory = Memory(path + ".ring")
            self.bytes = Bell(connect(path))
            self.room = Bell(connect(path))
        except (OSError, ValueError) as error:
            raise StartFailed(f"no way to the parent: path={path}, cause={error}") from error
        self.incoming = RingReader(memory, _DOWN_AT, self.bytes, self.room)
        self.outgoing = RingWriter(memory, _UP_AT, self.room, self.bytes)
