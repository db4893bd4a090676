"""Calls of this side that wait for their answer, and how each of them ends."""
from __future__ import annotations

from threading import Lock

from ._failures import Cancelled, Phase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Optional

    from ._call import Call
    from ._failures import IpcFailure

MAX_PENDING_CALLS = 65_536


class Pending:
    """The table of open calls. Who takes a call out of it settles it, so each ends exactly once."""

    def __init__(self, phase_of: Callable[[Call], Phase]) -> None:
        self._phase_of = phase_of
        self._lock = Lock()
        self._calls: Dict[int, Call] = {}
        self._closed: Optional[Callable[[Phase], IpcFailure]] = None
        # Called, without the lock, whenever the last open call was taken out.
        self.on_empty: Optional[Callable[[], object]] = None

    def add(self, call: Call) -> Optional[IpcFailure]:
        """Takes a call in; returns why not, if the session is over."""
        with self._lock:
            if self._closed is None:
                self._calls[call.call_id] = call
                return None
            return self._closed(Phase.QUEUED)

    def refusal(self) -> Optional[IpcFailure]:
        """Returns why nothing is sent any more, None if the session goes on."""
        with self._lock:
            return None if self._closed is None else self._closed(Phase.QUEUED)

    def count(self) -> int:
        """Returns how many calls are open."""
        return len(self._calls)

    def get(self, call_id: int) -> Optional[Call]:
        """Returns an open call, None if it is not open."""
        return self._calls.get(call_id)

    def take(self, call_id: int) -> Optional[Call]:
        """Takes a call out, None if it is not open."""
        with self._lock:
            call = self._calls.pop(call_id, None)
        if self.on_empty is not None and not self._calls:
            self.on_empty()
        return call

    def started(self, call_id: int) -> Optional[Call]:
        """Notes that the other side entered the handler; returns the call, None if it is not open."""
        call = self._calls.get(call_id)
        if call is not None:
            call.is_running = True
        return call

    def fail(self, call: Call, failure_in: Callable[[Phase], IpcFailure]) -> Optional[Phase]:
        """Ends an open call with a failure made from its phase; returns the phase, None if it had ended."""
        if self.take(call.call_id) is not call:
            return None
        phase = self._phase_of(call)
        call.settle(None, failure_in(phase))
        return phase

    def expire(self, now: float) -> Optional[float]:
        """Ends the calls whose time is up; returns the next deadline."""
        with self._lock:
            waiting = [(call.deadline, call) for call in self._calls.values() if call.deadline is not None]
        for deadline, call in waiting:
            if deadline <= now:
                self.fail(call, call.deadline_passed)
        return min((deadline for deadline, _ in waiting if deadline > now), default=None)

    def cancel(self, call: Call, reason: str) -> Optional[Phase]:
        """Ends a call as `Cancelled`; returns its phase, None if it had ended."""
        return self.fail(call, lambda phase: Cancelled(phase, reason))

    def close(self, failure_in: Callable[[Phase], IpcFailure]) -> None:
        """Refuses further calls with this failure."""
        with self._lock:
            if self._closed is None:
                self._closed = failure_in

    def end_all(self, failure_in: Callable[[Phase], IpcFailure]) -> None:
        """Refuses further calls and ends all that are open."""
        self.close(failure_in)
        for call in list(self._calls.values()):
            self.fail(call, failure_in)

    def abandon(self, failure: IpcFailure, failure_in: Callable[[Phase], IpcFailure]) -> None:
        """Ends all calls in a forked copy of this process, and refuses further ones."""
        self._lock = Lock()
        self._closed = failure_in
        calls, self._calls = self._calls, {}
        for call in calls.values():
            call.abandon(failure)

    def end_refused(self) -> None:
        """Ends all that are open with the failure that further calls are refused with, if any is."""
        if self._closed is not None:
            self.end_all(self._closed)

    def end_behind(self, last_started: Optional[int], failure_in: Callable[[Phase], IpcFailure]) -> None:
        """Refuses further calls and ends those sent behind the last one that the other side began: it never will."""
        self.close(failure_in)
        for call_id, call in list(self._calls.items()):
            if (last_started is None or call_id > last_started) and self.take(call_id) is call:
                self._phase_of(call)
                call.settle(None, failure_in(Phase.QUEUED))
