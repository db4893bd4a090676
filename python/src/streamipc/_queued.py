"""Where the requests stand that wait in the outbound buffer, so that one can be taken back."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict

    from ._frame import FrameWriter


class Queued:
    """Guarded by the lock of the outbound buffer."""

    def __init__(self, frames: FrameWriter) -> None:
        self._frames = frames
        self._places: Dict[int, slice] = {}
        self._may_leave = False

    def note(self, call_id: int, buffer: bytearray, frame: bytes) -> None:
        """Says that the frame of a call was just appended."""
        self._places[call_id] = slice(len(buffer) - len(frame), len(buffer))

    def void(self, call_id: int, buffer: bytearray) -> bool:
        """Overwrites the frame of a call by one that says nothing; false if it is not here any more."""
        place = self._places.pop(call_id, None)
        if place is None:
            return False
        if place.stop <= len(buffer):
            header = self._frames.void_over(place.stop - place.start)
            buffer[place.start:place.start + len(header)] = header
        return True

    def join(self, by: int) -> None:
        """Says that so many bytes were put before all frames, which may leave from now on."""
        self._may_leave = True
        for call_id, place in self._places.items():
            self._places[call_id] = slice(by + place.start, by + place.stop)

    def left(self) -> None:
        """Says that all that may leave has left."""
        if self._may_leave and self._places:
            self._places.clear()
