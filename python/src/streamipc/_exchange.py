"""The streams of one call, in either direction, and the frames that they are made of."""
from __future__ import annotations

from ._frame import BRINGS_PARTS, DEMAND, LAST_PART, NUMBER_BYTES, PART, WANT_PARTS
from ._parts import PartsIn, PartsOut, StreamOver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, List, Optional, Tuple

    from ._attachments import Encoded
    from ._failures import IpcFailure
    from ._frame import Frame, FrameWriter
    from ._parts import _Waiting


class Exchange:
    """What comes in and what goes out, None where nothing does. `call_id` is set before the first frame."""

    def __init__(
        self,
        frames: FrameWriter,
        send: Callable[[Frame], None],
        await_room: Callable[[], bool],
        ways: Tuple[bool, bool],
    ) -> None:
        """`ways` says whether parts come in, and whether they go out."""
        self._frames = frames
        self._send = send
        self.call_id = 0
        self.on_wake: Callable[[], object] = lambda: None
        self.parts_in = PartsIn(self._tell_demand) if ways[0] else None
        self.parts_out = PartsOut(self._write, await_room) if ways[1] else None

    def begin(self, call_id: int) -> int:
        """Says that the call of this side is about to be sent; returns the flags of its request."""
        self.call_id = call_id
        return (WANT_PARTS if self.parts_in else 0) | (BRINGS_PARTS if self.parts_out else 0)

    def ends(self) -> List[_Waiting]:
        """Returns both ends, as far as they are there."""
        return [end for end in (self.parts_in, self.parts_out) if end is not None]

    def is_ended_by(self, error: BaseException) -> bool:
        """Returns whether this is how one of the streams ended."""
        return any(end.is_ended_by(error) for end in self.ends())

    def wake(self) -> None:
        """Has who waits look whether the call still goes on."""
        self.on_wake()
        for end in self.ends():
            end.wake()

    def stop(self, failure: Optional[IpcFailure]) -> None:
        """Says that the call of this side has ended: what came in before is still handed out."""
        if self.parts_in is not None:
            self.parts_in.stop(failure or StreamOver())
        if self.parts_out is not None:
            self.parts_out.stop(StreamOver())

    def abandon(self, failure: IpcFailure) -> None:
        """Ends both streams in a forked copy of this process."""
        for end in self.ends():
            end.abandon(failure)

    def _tell_demand(self, total: int) -> None:
        self._send(self._frames.frame(DEMAND, self.call_id, total.to_bytes(NUMBER_BYTES, "big")))

    def _write(self, payload: Encoded, is_last: bool) -> None:
        flags = LAST_PART if is_last else 0
        self._send(self._frames.message(PART, self.call_id, payload, flags))
