"""Memory for one large message as it comes in: it is taken as it is filled, whatever was claimed."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Union

# Below this the memory of a message is most likely there already; above it each fresh page costs a fault.
MAPPED_BYTES = 1024 * 1024


class Room:
    """Takes bytes one behind the other. For one thread."""

    def __init__(self, begun: bytes, size: int) -> None:
        """Takes what has come of `size` bytes."""
        self.filled = len(begun)
        self._mapped = mapped(size) if size >= MAPPED_BYTES and len(begun) <= size else None
        self._grown = bytearray()
        if self._mapped is None:
            self._grown += begun
        else:
            self._mapped[:self.filled] = begun

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
        return memoryview(self._grown if self._mapped is None else self._mapped).toreadonly()


def mapped(size: int) -> Union[memoryview, None]:
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
    return memoryview(memory)
