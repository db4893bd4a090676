"""The request whose handler runs: whether anybody still wants it, how much time it has, and its progress."""
from __future__ import annotations

from threading import Lock, get_ident
from time import monotonic

from ._attachments import with_more
from ._failures import Cancelled, Phase
from ._frame import MERGED, PROGRESS, WANT_PROGRESS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Set, Tuple

    from ._attachments import Encoded
    from ._frame import FrameWriter
    from ._inbox import Inbox, Item
    from ._late import Late
    from ._outbound import Outbound

# What waits to be written beyond this makes progress wait for room.
MAX_BYTES_BEFORE_PROGRESS = 1024 * 1024
_NO_LIMIT = 1 << 62
_TYPE_BYTES = 2
_COUNT_BYTES = 4
_MOST = 2 ** 32 - 1
# The time left travels in whole milliseconds, cut off: until so much has passed the caller may still wait.
_CUT_OFF_SECONDS = 0.001
_FIRST = (1, None)


class RequestContext:
    """What a handler is told of the request that it answers, if it takes a second parameter.

    It may be handed to other threads; once the handler has returned it does nothing any more. `attempt` says which
    attempt at its work the request is, and `key` what all of them have in common: 1 and None where the caller says
    nothing. See `Attempt`.
    """

    def __init__(self, running: Running, call_id: int, flags: int, deadline: Optional[float]) -> None:
        """For the session."""
        self._running = running
        self._call_id = call_id
        self._is_wanted = bool(flags & WANT_PROGRESS)
        self._deadline = deadline
        self.attempt, self.key = running.attempt_of(call_id)
        self._reason: Optional[str] = None
        self._lock = Lock()
        # All below is guarded by the lock.
        self._waiting: Optional[Encoded] = None
        self._left_out = 0
        self._is_over = False
        self.is_late = False

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the answer any more: the caller cancelled or has gone, or its deadline has passed.

        From the first look on a thread of its own reads the stream, so that a cancel is heard while the handler works.
        """
        return self.cancel_reason is not None

    @property
    def cancel_reason(self) -> Optional[str]:
        """Why the request was cancelled, as text for people; None while it is not. Otherwise as `cancelled`."""
        if self._reason is None and not self._is_over:
            self._running.listen()
            self._reason = self._running.reason_of(self._call_id)
            if self._reason is None and self._deadline is not None:
                if monotonic() >= self._deadline + _CUT_OFF_SECONDS:
                    self._reason = "deadline passed"
                    self.is_late = True
        return self._reason

    def raise_if_cancelled(self) -> None:
        """Goes on only if the request is still wanted; else raises `Cancelled`, with the reason."""
        reason = self.cancel_reason
        if reason is not None:
            raise Cancelled(Phase.RUNNING, reason)

    def time_left(self) -> Optional[float]:
        """Returns for how many seconds the caller still waits, 0.0 if the time is up, None if it set no deadline.

        Requests that the handler makes on its own thread get no more than this, whatever their timeout says.
        """
        return None if self._deadline is None else max(0.0, self._deadline - monotonic())

    def progress(self, message: object) -> None:
        """Sends news of this request to its caller. Never blocks; does nothing if nobody listens, or wants it any more.

        Updates arrive in order, before the answer. If more than 1 MiB waits to be written the latest one waits for
        room, and the caller is told how many were left out. Raises Rejected or Undecodable as `Session.notify` does.
        """
        if not self._is_wanted or self._running.reason_of(self._call_id) is not None:
            return
        update = self._running.encode(message, _COUNT_BYTES)
        with self._lock:
            if self._is_over:
                return
            self._left_out += self._waiting is not None
            self._waiting = update
            self._append(MAX_BYTES_BEFORE_PROGRESS)
        self._running.flush()

    def due(self) -> Tuple[int, Optional[float]]:
        """For the session: returns the id of the request and its deadline."""
        return self._call_id, self._deadline

    def is_waiting(self) -> bool:
        """For the session: returns whether an update waits for room."""
        return self._waiting is not None

    def retry(self) -> None:
        """For the session: sends what waits, if there is room now."""
        with self._lock:
            if not self._is_over:
                self._append(MAX_BYTES_BEFORE_PROGRESS)

    def close(self) -> None:
        """For the session: the handler has returned; its last update leaves if there is room for an answer."""
        with self._lock:
            self._is_over = True
            self._append(_NO_LIMIT)
            self._waiting = None

    def _append(self, max_bytes: int) -> None:
        update = self._waiting
        if update is None:
            return
        flags = 0
        if self._left_out:
            count = min(self._left_out, _MOST).to_bytes(_COUNT_BYTES, "big")
            update = with_more(update, _TYPE_BYTES, count)
            flags = MERGED
        if self._running.offer(self._call_id, flags, update, max_bytes):
            self._waiting = None
            self._left_out = 0


class Running:
    """What runs on the thread that serves; one request at a time."""

    def __init__(self, frames: FrameWriter, outbound: Outbound, inbox: Inbox) -> None:
        self._frames = frames
        self._outbound = outbound
        self._inbox = inbox
        self._ended: Optional[str] = None
        self._context: Optional[RequestContext] = None
        # Of the handlers of streams: by thread, the deadline of each.
        self._deadlines: Dict[int, Optional[float]] = {}
        self._others: Set[RequestContext] = set()
        self._thread_id: Optional[int] = None
        # Of the thread that serves: the request whose handlers are about to be entered, or were, until `end`.
        self.item: Optional[Item] = None
        self.late: Optional[Late] = None
        # What else it needs, set before the first request.
        self.encode: Callable[[Any, int], Encoded] = lambda _message, _more: b""
        self.listen: Callable[[], None] = lambda: None

    def serves_here(self) -> None:
        """Says that this thread is the one that serves."""
        self._thread_id = get_ident()

    def context(self) -> RequestContext:
        """Returns what the handlers of the request that runs may use."""
        if self._context is None:
            assert self.item is not None
            call_id, flags, deadline, _ = self.item
            self._context = RequestContext(self, call_id or 0, flags, deadline)
        return self._context

    def end(self) -> bool:
        """Says that the handlers have returned. Returns whether one saw the deadline pass."""
        self.item = None
        context = self._context
        if context is None:
            return False
        self._context = None
        context.close()
        return context.is_late

    def join(self, context: RequestContext, deadline: Optional[float]) -> None:
        """Says that the handler of a stream is about to be entered, on this thread."""
        self._deadlines[get_ident()] = deadline
        self._others.add(context)

    def leave(self, context: RequestContext) -> None:
        """Says that it has returned."""
        self._deadlines.pop(get_ident(), None)
        self._others.discard(context)
        context.close()

    def join_later(self, context: RequestContext) -> None:
        """Says that a request was handed on, to be answered from elsewhere."""
        self._others.add(context)

    def leave_later(self, context: RequestContext) -> None:
        """Says that it is about to be answered."""
        self._others.discard(context)
        context.close()

    def rest(self) -> Optional[float]:
        """Returns how many seconds a call made on this thread may take; None without a limit."""
        thread_id = get_ident()
        if self._thread_id == thread_id:
            deadline = None if self.item is None else self.item[2]
        else:
            deadline = self._deadlines.get(thread_id)
        return None if deadline is None else deadline - monotonic()

    def cancel_all(self, why: str) -> None:
        """Says that nobody takes an answer any more."""
        if self._ended is None:
            self._ended = why
            self._inbox.wake_streams()

    def reason_of(self, call_id: int) -> Optional[str]:
        """Returns why nobody waits for an answer, None if somebody does."""
        return self._ended or self._inbox.drop_reason(call_id)

    def attempt_of(self, call_id: int) -> Tuple[int, Optional[str]]:
        """Returns which attempt at its work a request is, and the key of all of them."""
        return self._inbox.attempts.get(call_id, _FIRST)

    def offer(self, call_id: int, flags: int, update: Encoded, max_bytes: int) -> bool:
        """Appends PROGRESS; false if there is no room."""
        return self._outbound.offer(self._frames.message(PROGRESS, call_id, update, flags), None, max_bytes)

    def flush(self) -> None:
        """Has written what was appended, as far as that does not block."""
        self._outbound.flush(False)

    def retry(self) -> None:
        """Sends the update that waits, if there is room now; on the thread that watches, every half a second."""
        for context in (self._context, *tuple(self._others)):
            if context is not None and context.is_waiting():
                context.retry()
                self._outbound.nudge()
        if self.late is not None:
            self.late.look([one.due() for one in tuple(self._others)] + self._on_the_thread_that_serves())

    def _on_the_thread_that_serves(self) -> List[Tuple[int, Optional[float]]]:
        # Read once, as it may be another one, or none, right afterwards.
        item = self.item
        return [] if item is None else [(item[0] or 0, item[2])]
