"""The parts that a frame passes on its way through a session, in one hand."""
from __future__ import annotations

from ._inbox import Inbox
from ._late import Late
from ._running import Running

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._exchange import Exchange
    from ._frame import Frame, FrameWriter
    from ._outbound import Outbound
    from ._pending import Pending
    from ._way import Way

_ROOM_SECONDS = 0.5


class Wires:
    """Holds the parts; each is safe for all threads by itself, but where it says otherwise."""

    def __init__(self, way: Way, frames: FrameWriter, outbound: Outbound, pending: Pending) -> None:
        self.way = way
        self.frames = frames
        self.outbound = outbound
        self.inbox = Inbox()
        self.pending = pending
        self.running = Running(frames, outbound, self.inbox)
        if way.is_bound:
            # The stderr of others is not for this.
            self.running.late = Late()

    def exchange(self, comes: bool, goes: bool) -> Exchange:
        """Returns the streams of a new call."""
        from ._exchange import Exchange

        return Exchange(self.frames, self._send, lambda: self.outbound.await_room(_ROOM_SECONDS), (comes, goes))

    def _send(self, frame: Frame) -> None:
        self.outbound.put(frame)
        self.outbound.flush(False)
