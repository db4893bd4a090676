"""Requests and messages of this side: encode, check, append, and have them written."""
from __future__ import annotations

from itertools import count
from threading import TIMEOUT_MAX, Lock

from ._attachments import with_more
from ._attempt import Attempt
from ._by_name import FunctionCall
from ._call import Call
from ._encoding import sendable
from ._failures import DeadlinePassed, IpcFailure, Phase, Rejected, SessionClosed
from ._frame import ATTEMPT, CANCEL, NOTIFY, REQUEST, WANT_PROGRESS, WANT_STARTED
from ._pending import MAX_PENDING_CALLS
from ._updates import Callbacks, Listener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Union

    from ._attachments import Encoded
    from ._exchange import Exchange
    from ._handlers import Handlers
    from ._lifecycle import Lifecycle
    from ._updates import Progress
    from ._watch import Watch
    from ._wires import Wires

_TYPE_BYTES = 2
_NO_DEADLINE = 0xFFFFFFFF
_MAX_REASON_BYTES = 1_024


class Extra:
    """What a call has beyond a message and an answer: streams, and whether the other side tells of its start."""

    def __init__(self, tell_started: bool, exchange: Optional[Exchange] = None) -> None:
        self.flags = WANT_STARTED if tell_started else 0
        self.exchange = exchange


NO_EXTRA = Extra(False)
TELLING = Extra(True)


class Asking:
    """What `request` and `notify` do. Safe for all threads; never blocks in a write."""

    def __init__(self, wires: Wires, handlers: Handlers, lifecycle: Lifecycle, watch: Watch) -> None:
        self._frames = wires.frames
        self._outbound = wires.outbound
        self._pending = wires.pending
        self._handlers = handlers
        self._lifecycle = lifecycle
        self._watch = watch
        self._running = wires.running
        self._callbacks = Callbacks()
        self._lock = Lock()
        # Guarded by the lock, as is the step into the buffer: ids rise in the order of sending.
        self._ids = count(wires.way.first_id)

    def request(
        self,
        message: Any,
        timeout_seconds: Optional[float],
        on_progress: Optional[Callable[[Progress], object]] = None,
        extra: Extra = NO_EXTRA,
    ) -> Call:
        """Sends a request; the call may have failed already. Raises ValueError for a bad timeout, TypeError."""
        if timeout_seconds is not None and not timeout_seconds <= TIMEOUT_MAX:
            raise ValueError(f"timeout out of range: timeout={timeout_seconds}; give seconds, or None for no deadline")
        rest = self._running.rest()
        if rest is not None and (timeout_seconds is None or rest < timeout_seconds):
            timeout_seconds = max(0.0, rest)
        listener = None if on_progress is None else Listener(self._callbacks, on_progress)
        attempt = b""
        if type(message) is Attempt:
            attempt = message.head if "attempts" in self._lifecycle.features else b""
            message = message.message
        encoded = self._encode(message, 4 + len(attempt))
        if rest is not None and rest <= 0:
            encoded = DeadlinePassed(Phase.QUEUED, 0)
        if extra.exchange is not None and "streams" not in self._lifecycle.features:
            encoded = Rejected("UNHANDLED", "the other side knows no streams of parts")
        with self._lock:
            call = Call(next(self._ids), timeout_seconds, listener)
            call.on_cancel(self._cancel)
            call.exchange = extra.exchange
            if isinstance(message, FunctionCall):
                call.value_of = message.value_of
            failure = encoded if isinstance(encoded, IpcFailure) else self._append(call, encoded, attempt, extra.flags)
        if failure is not None:
            if not isinstance(encoded, IpcFailure):
                self._pending.take(call.call_id)
            if not call.done():
                call.settle(None, failure)
            return call
        if call.deadline is not None:
            self._watch.due_at(call.deadline)
        self._outbound.flush(False)
        return call

    def notify(self, message: Any) -> None:
        """Sends a message; raises the failure if it was not accepted."""
        encoded = self._encode(message, 0)
        if isinstance(encoded, IpcFailure):
            raise encoded
        refusal = self._refusal()
        if refusal is not None:
            raise refusal
        if not self._outbound.offer(self._frames.message(NOTIFY, 0, encoded)):
            raise self._not_taken()
        self._outbound.flush(False)

    def _append(self, call: Call, encoded: Encoded, attempt: bytes, flags: int) -> Optional[IpcFailure]:
        if self._pending.count() >= MAX_PENDING_CALLS:
            return Rejected("QUEUE_FULL", f"openCalls={self._pending.count()}; wait for some of them")
        failure = self._pending.add(call)
        if failure is not None:
            return failure
        left_ms = _NO_DEADLINE if call.limit_ms is None else min(call.limit_ms, _NO_DEADLINE - 1)
        payload = with_more(encoded, _TYPE_BYTES, left_ms.to_bytes(4, "big") + attempt)
        if call.listener is not None:
            flags |= WANT_PROGRESS
        if attempt:
            flags |= ATTEMPT
        if call.exchange is not None:
            flags |= call.exchange.begin(call.call_id)
        frame = self._frames.message(REQUEST, call.call_id, payload, flags)
        return None if self._outbound.offer(frame, call) else self._not_taken()

    def _refusal(self) -> Optional[IpcFailure]:
        refusal = self._pending.refusal()
        if refusal is None and not self._lifecycle.is_open():
            return SessionClosed(Phase.QUEUED, "THIS_SIDE", "the session has ended")
        return refusal

    def _not_taken(self) -> IpcFailure:
        # The session may have come to its end behind the look whether it goes on.
        return self._refusal() or _full()

    def encode(self, message: Any, more_bytes: int) -> Encoded:
        """Returns type and body; raises the failure that says why there are none."""
        return sendable(self._handlers, message, self._lifecycle.max_payload_bytes, more_bytes)

    def _encode(self, message: Any, more_bytes: int) -> Union[Encoded, IpcFailure]:
        try:
            return self.encode(message, more_bytes)
        except IpcFailure as failure:
            return failure

    def abandon(self) -> None:
        """Begins anew in a forked copy of this process, where others may hold the locks."""
        self._lock = Lock()
        self._callbacks = Callbacks()

    def _cancel(self, call: Call, reason: str) -> None:
        phase = self._pending.cancel(call, reason)
        if phase is not None and phase is not Phase.QUEUED:
            text = str(reason).encode("utf-8", "replace")[:_MAX_REASON_BYTES].decode("utf-8", "ignore")
            self._outbound.put(self._frames.frame(CANCEL, call.call_id, text.encode()))
            self._outbound.flush(False)


def _full() -> Rejected:
    return Rejected("QUEUE_FULL", "the outbound buffer is full; wait for answers before sending more")
