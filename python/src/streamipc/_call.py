"""One call of this side: whoever made it waits here for its answer."""
from __future__ import annotations

from threading import Lock
from time import monotonic

from ._failures import DeadlinePassed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional, Tuple

    from ._exchange import Exchange
    from ._failures import IpcFailure, Phase
    from ._updates import Listener


def _as_it_is(message: Any) -> Any:
    return message


class Call:
    """The answer to a request, which is there sooner or later: a message or a failure, always one of them.

    Safe for all threads.
    """

    def __init__(
        self, call_id: int, timeout_seconds: Optional[float], listener: Optional[Listener] = None
    ) -> None:
        """For the session."""
        self.call_id = call_id
        self.limit_ms = None if timeout_seconds is None else max(0, int(timeout_seconds * 1000))
        self.deadline = None if timeout_seconds is None else monotonic() + timeout_seconds
        self.listener = listener
        # The streams of parts, set before the call is sent.
        self.exchange: Optional[Exchange] = None
        # What its caller gets of the answer, if that is not the message itself.
        self.value_of: Callable[[Any], Any] = _as_it_is
        self.is_running = False
        # Both are guarded by the lock of the outbound buffer.
        self.is_appended = False
        self.is_withdrawn = False
        self._cancel: Callable[[Call, str], None] = lambda _call, _reason: None
        self._outcome: Optional[Tuple[Any, Optional[IpcFailure]]] = None
        self._is_overdue = False
        self._first = Lock()
        self._value: Any = None
        self._failure: Optional[IpcFailure] = None
        self._is_done = False
        self._actions: List[Callable[[], object]] = []
        self._done = Lock()
        self._done.acquire()

    def done(self) -> bool:
        """Returns whether the call has ended."""
        if not self._is_done and self.deadline is not None and monotonic() >= self.deadline:
            self._end_overdue()
        return self._is_done

    def result(self, timeout: Optional[float] = None) -> Any:
        """Waits for the answer and returns it.

        Raises the `IpcFailure` that ended the call, or TimeoutError if it has not ended after `timeout` seconds; the
        call goes on then. Without `timeout` the deadline of the request ends the wait.
        """
        failure = self.exception(timeout)
        if failure is not None:
            raise failure
        return self._value

    def exception(self, timeout: Optional[float] = None) -> Optional[IpcFailure]:
        """Waits for the end of the call; returns its failure, None if there is an answer; `timeout` as in `result`."""
        if not self._is_done and not self._await_end(timeout):
            raise TimeoutError(f"call has not ended: timeoutSeconds={timeout}")
        return self._failure

    def when_done(self, action: Callable[[], object]) -> None:
        """Has `action` called once, at the end of the call or at once if it has ended.

        It may run on the thread that reads, so that it must neither block nor raise.
        """
        self._actions.append(action)
        if self._is_done:
            self._act()

    def cancel(self, reason: str = "") -> None:
        """Ends the call as `Cancelled` and asks the other side to stop. Does nothing if it has ended."""
        self._cancel(self, reason)

    def deadline_passed(self, phase: Phase) -> IpcFailure:
        """Returns the failure of a call that took too long; for the session."""
        return DeadlinePassed(phase, self.limit_ms)

    def on_cancel(self, action: Callable[[Call, str], None]) -> None:
        """Says what `cancel` does; for the session."""
        self._cancel = action

    def answered(self, value: Any, failure: Optional[IpcFailure]) -> None:
        """Ends the call behind its last progress; for the one that took it out of the table."""
        if self.listener is None:
            self._finish(value, failure)
        else:
            self._outcome = (value, failure)
            self.listener.end(lambda: self._finish(value, failure))
            if self._is_overdue:
                self.settle(value, failure)

    def settle(self, value: Any, failure: Optional[IpcFailure]) -> None:
        """Ends the call at once; for the one that took it out of the table."""
        if self.listener is not None:
            self.listener.stop()
        self._finish(value, failure)

    def abandon(self, failure: IpcFailure) -> None:
        """Ends the call in a forked copy of its process, where others may hold its locks; tells nobody."""
        if self.exchange is not None:
            self.exchange.abandon(failure)
        self.listener = self.exchange = None
        self._actions = []
        self._finish(None, failure)

    def _finish(self, value: Any, failure: Optional[IpcFailure]) -> None:
        if self._first.acquire(False):
            self._value = value
            self._failure = failure
            self._is_done = True
            self._done.release()
            if self.exchange is not None:
                self.exchange.stop(failure)
            if self._actions:
                self._act()

    def _act(self) -> None:
        try:
            while self._actions:
                self._actions.pop()()
        except IndexError:
            # The other thread that was at it took the last one.
            return

    def _await_end(self, timeout: Optional[float]) -> bool:
        end = None if timeout is None else monotonic() + timeout
        if self.listener is not None and self.deadline is not None and (end is None or self.deadline < end):
            if self._wait_until(self.deadline):
                return True
            self._end_overdue()
        return self._wait_until(end)

    def _end_overdue(self) -> None:
        """The time is up: an answer that is here, or comes before the call expires, waits for no callback."""
        self._is_overdue = True
        if self._outcome is not None:
            self.settle(*self._outcome)

    def _wait_until(self, end: Optional[float]) -> bool:
        if not self._done.acquire(timeout=-1 if end is None else max(0.0, end - monotonic())):
            return False
        self._done.release()
        return True
