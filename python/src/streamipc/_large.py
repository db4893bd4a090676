"""A frame that is too large to leave in one piece, docs/PROTOCOL.md section 12."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Sequence, Union


class Large:
    """The bytes of one frame, of which some have left. They are not copied: nobody may change them meanwhile."""

    __slots__ = ("kind", "call_id", "left_bytes", "number", "_views")

    def __init__(self, kind: int, call_id: int, pieces: Sequence[Union[bytes, memoryview]]) -> None:
        """Takes header and payload in pieces; any buffers of bytes will do."""
        self.kind = kind
        self.call_id = call_id
        self._views = [memoryview(piece) for piece in reversed(pieces)]
        self.left_bytes = sum(map(len, self._views))
        # Which message of its sender it is, from 1; 0 while nothing of it has left.
        self.number = 0

    def cut(self, max_bytes: int) -> List[memoryview]:
        """Takes the next bytes out, so many at most; nothing is copied."""
        pieces = []
        room = min(max_bytes, self.left_bytes)
        self.left_bytes -= room
        while room:
            view = self._views.pop()
            if len(view) > room:
                self._views.append(view[room:])
                view = view[:room]
            room -= len(view)
            pieces.append(view)
        return pieces
