"""The two ends of a stream of parts, docs/PROTOCOL.md section 14: what comes in, and what goes out as it is wanted."""
from __future__ import annotations

from collections import deque
from threading import Condition
from time import monotonic

from ._attachments import with_more
from ._failures import Cancelled, DeadlinePassed, Phase
from ._frame import NUMBER_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Deque, Optional, Union

    from ._attachments import Encoded, Received

    Payload = Union[bytes, Received]

# So many parts are asked for beyond those that were taken.
AHEAD_PARTS = 16
_LONGEST_SECONDS = 60.0
# A session that closes waits so long for the next sign of a stream.
CLOSING_SECONDS = 2.0
_CUT_OFF_SECONDS = 0.001


class StreamOver(Exception):
    """The call has ended, and with it the stream."""


class _Waiting:
    """Who waits here is woken by news of the stream, by its end, and at its deadline. Safe for all threads."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._end: Optional[BaseException] = None
        self._is_woken = False
        # For who waits on an event loop: called by any thread, without the lock; it must not block.
        self.on_change: Callable[[], object] = lambda: None
        # Set before anybody waits. `check` raises where nobody wants the stream any more.
        self.check: Callable[[], None] = lambda: None
        self.is_closing: Callable[[], bool] = lambda: False
        self.deadline: Optional[float] = None

    def stop(self, end: BaseException) -> None:
        """Says how the stream ended; the first one counts."""
        with self._changed:
            if self._end is None:
                self._end = end
            if isinstance(end, (Cancelled, DeadlinePassed)):
                self._forget()
            self._changed.notify_all()
        self.on_change()

    def abandon(self, end: BaseException) -> None:
        """Ends the stream in a forked copy of this process, where others may hold the lock."""
        self._changed = Condition()
        self._end = end
        self._forget()

    def is_ready(self) -> bool:
        """Returns whether the next part can be had, or sent, without waiting."""
        raise NotImplementedError

    def is_over(self) -> bool:
        """Returns whether the stream has ended."""
        return self._end is not None

    def is_ended_by(self, error: BaseException) -> bool:
        """Returns whether this is how the stream ended."""
        return self._end is error

    def wake(self) -> None:
        """Has who waits look whether the stream is still wanted."""
        with self._changed:
            self._is_woken = True
            self._changed.notify_all()
        self.on_change()

    def _forget(self) -> None:
        """Drops what waits; with the lock."""

    def _await(self) -> None:
        while True:
            self.check()
            with self._changed:
                if self.is_ready() or self._end is not None:
                    return
                is_closing = self.is_closing()
                if not self._is_woken and not self._changed.wait(self._pause(is_closing)) and is_closing:
                    raise cut_short()
                self._is_woken = False

    def _pause(self, is_closing: bool) -> float:
        longest = CLOSING_SECONDS if is_closing else _LONGEST_SECONDS
        if self.deadline is None:
            return longest
        return max(0.0, min(longest, self.deadline + _CUT_OFF_SECONDS - monotonic()))


def cut_short() -> Cancelled:
    """Returns how a stream ends of which a session that closes has heard nothing."""
    return Cancelled(Phase.RUNNING, "the session is closing")


class PartsIn(_Waiting):
    """Parts that come in: put by the thread that reads, taken by one other. No more wait here than were asked for."""

    def __init__(self, tell_demand: Callable[[int], None]) -> None:
        super().__init__()
        self._tell_demand = tell_demand
        self._parts: Deque[Payload] = deque()
        self._demand = 0
        self._came = 0
        self._taken = 0

    def put(self, number: int, part: Payload) -> Optional[str]:
        """Takes a part in; returns the rule that it breaks. Raises ValueError if one before it was lost."""
        with self._changed:
            if number >= self._demand:
                return f"part beyond the demand: number={number}, demand={self._demand}"
            if self._end is not None:
                return None
            self._in_order(number)
            self._came += 1
            self._parts.append(part)
            self._changed.notify_all()
        self.on_change()
        return None

    def last(self, number: int) -> None:
        """Says that no more parts will come; raises ValueError if one before was lost."""
        with self._changed:
            if self._end is None:
                self._in_order(number)
                self._end = StreamOver()
                self._changed.notify_all()
        self.on_change()

    def begin(self) -> None:
        """Asks for the first parts, once."""
        if self._demand:
            return
        self._demand = AHEAD_PARTS
        self._tell_demand(AHEAD_PARTS)

    def is_ready(self) -> bool:
        """Returns whether a part is here."""
        return bool(self._parts)

    def take(self) -> Payload:
        """Waits for the next part; behind the last one raises what the stream ended by, StreamOver if it is whole."""
        self._await()
        with self._changed:
            if not self._parts:
                assert self._end is not None
                raise self._end
            part = self._parts.popleft()
            self._taken += 1
            is_low = self._end is None and self._demand - self._taken <= AHEAD_PARTS // 2
            demand = self._demand = self._taken + AHEAD_PARTS if is_low else self._demand
        if is_low:
            self._tell_demand(demand)
        return part

    def _in_order(self, number: int) -> None:
        if number != self._came:
            raise ValueError(f"a part was lost on the way: number={number}, due={self._came}")

    def _forget(self) -> None:
        self._parts.clear()


class PartsOut(_Waiting):
    """Parts that go out, sent by one thread, no faster than they are wanted."""

    def __init__(self, write: Callable[[Encoded, bool], None], await_room: Callable[[], bool]) -> None:
        super().__init__()
        self._write = write
        self._await_room = await_room
        self._demand = 0
        self._sent = 0

    def demand(self, total: int) -> None:
        """Takes note of how many parts are wanted in all."""
        with self._changed:
            if total > self._demand:
                self._demand = total
                self._changed.notify_all()
        self.on_change()

    def is_ready(self) -> bool:
        """Returns whether the next part is wanted."""
        return self._sent < self._demand

    def send(self, encoded: Encoded) -> None:
        """Waits until the part is wanted and there is room for it, and sends it; raises what the stream ended by."""
        self._await()
        self.go_on()
        while not self._await_room():
            self.go_on()
        self.put(encoded)

    def put(self, encoded: Encoded) -> None:
        """Sends a part that is wanted and for which there is room; does not wait."""
        self._write(with_more(encoded, 0, self._sent.to_bytes(NUMBER_BYTES, "big")), False)
        self._sent += 1

    def end(self) -> None:
        """Says that there are no more; does not wait."""
        self._write(self._sent.to_bytes(NUMBER_BYTES, "big"), True)

    def go_on(self) -> None:
        """Raises what the stream ended by, if it has."""
        self.check()
        if self._end is not None:
            raise self._end
