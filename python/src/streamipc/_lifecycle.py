"""How a session ends, docs/PROTOCOL.md section 8.

    OPEN --close, goodbye, violation--> DRAINING --last answer written--> ENDED
    OPEN --end of the stream--> OWING --last answer written, 2 s--> ENDED
    OPEN --end of the stream, nothing owed--> ENDED

The step from OPEN to DRAINING and the beginning of a request take the same lock, so that GOODBYE names the last request
that was begun and none is begun behind it. Lock order: this one, then inbox, pending, outbound.
"""
from __future__ import annotations

from threading import Lock

from . import _failure_json
from ._failures import Phase, ProtocolError, SessionClosed, StartFailed
from ._frame import FAILURE, GOODBYE, MIN_PAYLOAD_LIMIT, VOID
from ._log import log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Sequence

    from ._failures import IpcFailure
    from ._watch import Watch
    from ._wires import Wires

_OPEN, _OWING, _DRAINING, _ENDED = range(4)


class Lifecycle:
    """The state of one session, and what every step of it settles. Safe for all threads; never blocks in a write."""

    def __init__(self, wires: Wires, watch: Watch) -> None:
        self._way = wires.way
        self._frames = wires.frames
        self._outbound = wires.outbound
        self._inbox = wires.inbox
        self._pending = wires.pending
        self._running = wires.running
        self._watch = watch
        self._lock = Lock()
        # All below is guarded by the lock.
        self._state = _OPEN
        self._is_busy = False
        self._running_streams = 0
        # None before the first time.
        self._is_serving: Optional[bool] = None
        self._last_started: Optional[int] = None
        self.max_payload_bytes = MIN_PAYLOAD_LIMIT
        self.features: Sequence[str] = ()
        self.failure: Optional[IpcFailure] = None
        # Set before the session begins.
        self.on_ended: Callable[[], object] = lambda: None
        self.on_owing: Callable[[], object] = lambda: None

    def is_open(self) -> bool:
        """Returns whether requests may still be begun."""
        return self._state == _OPEN

    def is_ended(self) -> bool:
        """Returns whether nothing will be written any more."""
        return self._state == _ENDED

    def begin_serving(self) -> None:
        """Says that a thread runs handlers until the session has ended."""
        with self._lock:
            self._is_serving = True

    def end_serving(self) -> None:
        """Says that it does so no more: what waits for it holds up no end."""
        with self._lock:
            self._is_serving = False
        self.finish_if_idle()

    def begin_batch(self) -> None:
        """Says that the thread that serves has work in hand: the stream must not end before `end_batch`."""
        with self._lock:
            self._is_busy = True

    def end_batch(self) -> None:
        """Says that all answers of the batch are in the buffer."""
        with self._lock:
            self._is_busy = False
            if self._state == _OPEN:
                # Who ends it looks for itself whether anything is left to do.
                return
        self.finish_if_idle()

    def begin(self, call_id: int) -> bool:
        """Begins a request; false if none is begun any more."""
        with self._lock:
            if self._state > _OWING:
                return False
            self._last_started = call_id
            return True

    def begin_stream(self, call_id: int) -> bool:
        """Begins a request that is handled on a thread of its own; false as `begin`. `end_stream` follows."""
        if not self.begin(call_id):
            return False
        with self._lock:
            self._running_streams += 1
            return True

    def end_stream(self) -> None:
        """Says that its answer is in the buffer."""
        with self._lock:
            self._running_streams -= 1
        self.finish_if_idle()

    def fail_call(self, call_id: int, tree: Dict[str, Any]) -> None:
        """Appends a FAILURE."""
        self._inbox.answered(call_id)
        payload = _failure_json.write(tree, self.max_payload_bytes)
        self._outbound.put(self._frames.message(FAILURE, call_id, payload))

    def reject_draining(self, call_id: int) -> None:
        """Answers a request that came too late."""
        self.fail_call(call_id, _failure_json.rejected("DRAINING", "the session is closing; call another worker"))

    def close(self, text: str) -> None:
        """Ends the session from this side; everything pending ends."""
        self._pending.end_all(lambda phase: SessionClosed(phase, "THIS_SIDE", text))
        self._drain("CLOSED", text)

    def goodbye(self, reason: str, text: str, last_started: Optional[int]) -> None:
        """Takes the other side's goodbye: it begins nothing any more, but answers what it began."""
        self._pending.end_behind(last_started, lambda phase: SessionClosed(phase, "OTHER_SIDE", text or reason))
        if self.is_open():
            # Who says it first has ended its own calls; who answers one still takes answers.
            self._running.cancel_all(f"the other side says: {text or reason}")
        if reason == "REFUSED":
            self._end_by(StartFailed(text), lambda phase: SessionClosed(phase, "OTHER_SIDE", text))
        elif reason == "PROTOCOL_ERROR":
            self._end_by(
                ProtocolError(Phase.SENT, f"the other side says: {text}"),
                lambda phase: ProtocolError(phase, f"the other side says: {text}"),
            )
        self._drain("CLOSED", "answers the other side's goodbye")

    def refuse(self, text: str) -> None:
        """Ends the session because of the other side's HELLO."""
        self._end_by(StartFailed(text), lambda phase: SessionClosed(phase, "THIS_SIDE", text))
        self._drain("REFUSED", text)

    def violated(self, rule: str, offset_bytes: int, near: bytes) -> None:
        """Ends the session because the other side broke a rule."""
        self._end_by(
            ProtocolError(Phase.SENT, rule, offset_bytes, near.hex()),
            lambda phase: ProtocolError(phase, rule, offset_bytes, near.hex()),
        )
        self._drain("PROTOCOL_ERROR", rule)

    def input_ended(self, why: str) -> None:
        """Takes the end of what the other side writes; without a goodbye it may still read what it is owed."""
        if not self._begins_to_owe():
            if self._state != _OWING:
                self.stream_ended(why)
            return
        self._pending.end_all(self._way.lost(why))
        self._watch.owes(lambda: self.stream_ended(why))
        # Where nobody reads any more, writing this finds out.
        self._outbound.put_control(self._frames.frame(VOID, 0, b""))
        self._outbound.nudge()
        self.on_owing()
        self.finish_if_idle()

    def _begins_to_owe(self) -> bool:
        with self._lock:
            answers = self._is_busy or self._running_streams or self._inbox.owes()
            is_first = self._state == _OPEN and self._way.is_bound
            if not is_first or not (answers or not self._outbound.await_left(0)):
                return False
            self._state = _OWING
            return True

    def stream_ended(self, why: str) -> None:
        """Ends the session at once: the stream is over. Without a goodbye before, the process ends soon."""
        with self._lock:
            is_sudden = self._state <= _OWING
            if is_sudden:
                self._state = _ENDED
        if is_sudden:
            self._pending.end_all(self._way.lost(why))
        else:
            self._pending.end_refused()
        self._running.cancel_all(why)
        if is_sudden:
            log().info("session ended: %s", why)
            self._inbox.close()
            self._outbound.abort()
            self.on_ended()
            self._watch.begin_grace()
        else:
            self.finish_if_idle()

    def finish_if_idle(self) -> None:
        """Ends the stream behind the last answer if nothing is being handled, or owed to this side, any more."""
        with self._lock:
            is_heard = self._is_serving or (self._state == _OWING and self._is_serving is None)
            waits = self._is_busy or self._running_streams > 0 or (is_heard and self._inbox.count() > 0)
            # The other side reads the end of this stream as the end of all: it would not answer behind that.
            if self._state not in (_OWING, _DRAINING) or waits or self._pending.count():
                return
            self._state = _ENDED
        self._inbox.close()
        self._outbound.end()
        self._outbound.nudge()
        self.on_ended()

    def abandon(self) -> None:
        """Ends the session in a forked process, which has a copy of it and no right to it."""
        self._lock = Lock()
        self._state = _ENDED

    def _end_by(self, failure: IpcFailure, failure_in: Callable[[Phase], IpcFailure]) -> None:
        with self._lock:
            if self.failure is None:
                self.failure = failure
        self._running.cancel_all(str(failure))
        self._pending.end_all(failure_in)

    def _drain(self, reason: str, text: str) -> None:
        with self._lock:
            if self._state > _OWING:
                return
            self._state = _DRAINING
            payload = _failure_json.goodbye(reason, text, self._last_started)
            self._outbound.put_control(self._frames.frame(GOODBYE, 0, payload), True)
        self._pending.on_empty = self.finish_if_idle
        self._watch.orderly()
        self._inbox.wake_streams()
        for call_id in self._inbox.drop_requests():
            self.reject_draining(call_id)
        self.finish_if_idle()
        self._outbound.nudge()
