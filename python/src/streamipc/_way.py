"""The way to the other side: an open stream, and what this side is on it."""
from __future__ import annotations

from threading import Event

from ._failures import SessionClosed
from ._frame import CHILD_BIT
from ._noticed import tell_junk
from ._stdio import close_once, has_more

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, List, Optional, Tuple

    from ._failures import IpcFailure, Phase
    from ._shared import Rings

# So long a thread may need for what has come already.
_SLOW_SECONDS = 1.0


class Way:
    """Two descriptors, the token that HELLO shows, and bytes that were read already: the way of a child.

    `is_bound` says that this process is there for the session alone and ends with it.
    """

    role = "child"
    other = "the parent"
    is_bound = True
    # Whether others may write to it: a socket is this session's alone.
    may_carry_junk = True
    # What is read and written in the place of the descriptors, which are bells then.
    rings: Optional[Rings] = None
    no_hello = "the stream ended before the hello of a parent; start this program from one"
    first_id = CHILD_BIT

    def __init__(self, fds: Tuple[int, int], token: Optional[str] = None, ahead: bytes = b"") -> None:
        self.in_fd, self.out_fd = fds
        self.token = token
        self.ahead = ahead
        self.close_in = close_once(self.in_fd)
        self.is_read_up = Event()

    def is_own(self, call_id: int) -> bool:
        """Returns whether a call of this id was made by this side."""
        return not (call_id ^ self.first_id) & CHILD_BIT

    def watch(self, on_lost: Callable[[str], object]) -> None:
        """Has `on_lost` called, with the reason, if the other side is gone although the stream goes on."""

    def lost(self, why: str) -> Callable[[Phase], IpcFailure]:
        """Returns how calls fail because the stream is over. May take a moment to find out; no lock may be held."""
        return lambda phase: SessionClosed(phase, "STREAM", why)

    def tell_junk(self, junk: List[bytes]) -> None:
        """Writes down bytes that are no frames, and clears the list. For the thread that reads."""
        tell_junk(junk)

    def await_read_up(self, limit_seconds: float, is_patient: bool = True) -> bool:
        """Waits until the stream was read to its end, for longer while something is there; false if it goes on."""
        if self.is_read_up.wait(limit_seconds):
            return True
        # The thread that reads may be slow. Where it has closed the descriptor just now, it is about to say so.
        return is_patient and has_more(self.in_fd) and self.is_read_up.wait(_SLOW_SECONDS)

    def read_up(self) -> None:
        """Says that nothing will be read any more. For the thread that reads."""
        self.is_read_up.set()

    def stop(self) -> None:
        """Sees to it that the stream comes to its end, and what stands behind it. Takes a bounded time."""

    def abandon(self) -> None:
        """Gives the stream up in a forked copy of this process, and what stands behind it."""
        self.close_in()
        # So that `stop` waits for nothing.
        self.is_read_up = Event()
        self.is_read_up.set()
