"""How a session reads and writes that talks over shared memory."""
from __future__ import annotations

from ._log import log
from ._pipe import Pipe, behind
from ._reading import Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List

    from ._incoming import Incoming
    from ._lifecycle import Lifecycle
    from ._outbound import Outbound
    from ._shared import Rings
    from ._way import Way

_READ_BYTES = 65_536


class SharedPipe(Pipe):
    """Writes to a ring in the place of a descriptor."""

    def __init__(self, rings: Rings) -> None:
        super().__init__(rings.room.fd)
        self._ring = rings.outgoing

    def _end(self) -> None:
        # The bell stays: the other side may still wait for room.
        self._ring.leave()

    def left_of(self, pieces: List[memoryview]) -> List[memoryview]:
        """Returns what is left of pieces whose `write` was cut short, or not begun."""
        position = self._ring.catch_up()
        last, begun_at = self._step
        return behind(pieces, position - begun_at[0]) if last is pieces and begun_at else pieces

    def _write(self, pieces: List[memoryview], may_block: bool) -> List[memoryview]:
        # Where the ring is says how much of them was written, whatever comes between.
        self._step[1].append(self._ring.position())
        while pieces:
            piece = pieces[0]
            written = self._ring.write(piece, may_block)
            if not written:
                break
            pieces = pieces[1:] if written == len(piece) else [piece[written:], *pieces[1:]]
        return pieces


class SharedReading(Reading):
    """Reads from a ring in the place of a descriptor."""

    def __init__(self, way: Way, incoming: Incoming, outbound: Outbound, lifecycle: Lifecycle) -> None:
        super().__init__(way, incoming, outbound, lifecycle)
        assert way.rings is not None
        self._ring = way.rings.incoming
        self._is_rousable = True

    def wake(self) -> None:
        """Says that the session has ended: no pump waits any more. For all threads, and in signal handlers."""
        self._is_over = True
        if not self.has_reader:
            self._ring.rouse()

    def _is_readable(self, limit_seconds: float) -> bool:
        try:
            return bool(self._ring.wait(max(0.0, limit_seconds))) or self._ring.is_over()
        except OSError:
            # The read says so.
            return True

    def _read(self) -> bytes:
        try:
            return self._ring.read(_READ_BYTES)
        except OSError as error:
            log().warning("shared memory can't be read: cause=%s", error)
            return b""
