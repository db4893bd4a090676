"""Memory for one large message as it comes in: it is taken as it is filled, whatever was claimed."""
from __future__ import annotations

from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Union

# Below this the memory of a message is most likely there already; above it each fresh page costs a fault.
MAPPED_BYTES = 1024 * 1024
# For so long the memory of a message is kept for the next one.
SPARE_SECONDS = 3.0
_MOST_TIMES_TOO_LARGE = 4


class Spare:
    """Keeps the memory of the last large message, which serves the next one where nobody looks at it any more.

    Fresh memory costs more time than to read a message into it. `take` is for one thread, `look` for any.
    """

    def __init__(self) -> None:
        self._memory: Any = None
        self._last_used = 0.0

    def take(self, size: int) -> Union[memoryview, None]:
        """Returns memory of at least this size, None where none can be had."""
        memory = self._memory
        if memory is None or not size <= len(memory) <= _MOST_TIMES_TOO_LARGE * size or not _is_free(memory):
            memory = mapped(size)
        self._memory = memory
        self._last_used = monotonic()
        return None if memory is None else memoryview(memory)

    def look(self, now: float) -> None:
        """Gives back what has not been used for a while."""
        if self._memory is not None and now - self._last_used > SPARE_SECONDS:
            self._memory = None


class Room:
    """Takes bytes one behind the other. For one thread."""

    def __init__(self, begun: bytes, size: int, spare: Spare) -> None:
        """Takes what has come of `size` bytes."""
        self.filled = len(begun)
        self._size = size
        self._mapped = spare.take(size) if size >= MAPPED_BYTES and len(begun) <= size else None
        self._grown = bytearray()
        if self._mapped is None:
            self._grown += begun
        else:
            self._mapped[:self.filled] = begun

    def left(self) -> int:
        """Returns how many bytes may be read to where `ahead` says; 0 where the memory is not there yet."""
        return 0 if self._mapped is None else self._size - self.filled

    def ahead(self, start: int, size: int) -> memoryview:
        """Returns memory from `start` bytes behind what has come on; who has filled it raises `filled`."""
        assert self._mapped is not None
        return self._mapped[self.filled + start:self.filled + start + size]

    def add(self, piece: Union[bytes, memoryview]) -> None:
        """Takes the next bytes; with the others they are no more than `size`."""
        end = self.filled + len(piece)
        if self._mapped is None:
            self._grown += piece
        else:
            self._mapped[self.filled:end] = piece
        self.filled = end

    def whole(self) -> memoryview:
        """Returns all of it, read-only: whatever is read from it looks at this memory, which lives as long."""
        view = memoryview(self._grown) if self._mapped is None else self._mapped[:self._size]
        return view.toreadonly()


def mapped(size: int) -> Any:
    """Returns memory that the system gives out by the huge page as it is written to, None where that can't be had.

    A fault for each small page costs more time than to copy into it.
    """
    import mmap

    flags = getattr(mmap, "MAP_PRIVATE", 0) | getattr(mmap, "MAP_ANONYMOUS", 0)
    advice = getattr(mmap, "MADV_HUGEPAGE", None)
    if not flags or advice is None:
        return None
    try:
        memory = mmap.mmap(-1, size, flags)
        memory.madvise(advice)
    except (OSError, ValueError, OverflowError):
        return None
    return memory


def _is_free(memory: Any) -> bool:
    """Returns whether no view of it is left: only then its size may be set, here to what it is."""
    try:
        memory.resize(len(memory))
    except (BufferError, OSError, SystemError, TypeError, ValueError):
        return False
    return True
