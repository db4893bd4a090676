"""Requests that are answered later, by another thread: what `streamipc.aio` is built on."""
from __future__ import annotations

from threading import Lock
from time import monotonic

from ._failure_json import deadline_passed, of_error, rejected, text_of, undecodable
from ._failures import Phase
from ._frame import REPLY, STARTED, WANT_STARTED
from ._running import RequestContext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from ._exchange import Exchange
    from ._handlers import Handlers
    from ._inbox import Item
    from ._lifecycle import Lifecycle
    from ._wires import Wires


class Later:
    """Hands requests on. Each stays unanswered, and keeps the session from ending, until its answer comes."""

    def __init__(self, wires: Wires, handlers: Handlers, lifecycle: Lifecycle) -> None:
        self._wires = wires
        self._frames = wires.frames
        self._outbound = wires.outbound
        self._handlers = handlers
        self._lifecycle = lifecycle

    def takes(self, call_id: int, item: Item) -> bool:
        """Hands a request on; false if its type is not for later."""
        try:
            route = self._handlers.route_of(item[3])
        except ValueError:
            return False
        if route.later is None:
            return False
        _, flags, deadline, payload = item
        if deadline is not None and monotonic() >= deadline:
            self._lifecycle.fail_call(call_id, deadline_passed(Phase.QUEUED))
        elif not self._lifecycle.begin_stream(call_id):
            self._lifecycle.reject_draining(call_id)
        else:
            try:
                message = route.decode_request(payload)
            except Exception as error:
                self.fail(call_id, undecodable("ARGUMENT", route.name, text_of(error)))
                return True
            answer = OpenAnswer(self, call_id, RequestContext(self._wires.running, call_id, flags, deadline))
            self._begin(answer, flags)
            try:
                route.later(message, answer)
            except BaseException as error:
                answer.settle(None, error)
        return True

    def _begin(self, answer: OpenAnswer, flags: int) -> None:
        self._wires.running.join_later(answer.context)
        # An exchange without parts: it is woken when somebody has to look whether the answer is still wanted.
        self._wires.inbox.exchanges[answer.call_id] = answer.exchange
        if flags & WANT_STARTED:
            self._outbound.put(self._frames.frame(STARTED, answer.call_id, b""))
            self._outbound.flush(False)

    def exchange(self) -> Exchange:
        """Returns one without parts."""
        return self._wires.exchange(False, False)

    def answer(self, call_id: int, context: RequestContext, value: Any) -> None:
        """Sends REPLY; FAILURE for what can't be one."""
        self._wires.running.leave_later(context)
        if value is None:
            self.fail(call_id, rejected("UNHANDLED", "the handler returned None"))
            return
        reply, failure = self._handlers.encode_answer(value, self._lifecycle.max_payload_bytes)
        if reply is None:
            self.fail(call_id, failure or {})
            return
        self._wires.inbox.answered(call_id)
        self._outbound.put(self._frames.message(REPLY, call_id, reply))
        self._end()

    def fail(self, call_id: int, tree: Any) -> None:
        """Sends FAILURE."""
        self._lifecycle.fail_call(call_id, tree)
        self._end()

    def fail_by(self, call_id: int, context: RequestContext, error: BaseException) -> None:
        """Sends FAILURE for what a handler raised."""
        self._wires.running.leave_later(context)
        self.fail(call_id, deadline_passed(Phase.RUNNING) if context.is_late else of_error(error))

    def _end(self) -> None:
        self._outbound.flush(False)
        self._lifecycle.end_stream()


class OpenAnswer:
    """What is due for one request, once. For all threads."""

    def __init__(self, later: Later, call_id: int, context: RequestContext) -> None:
        self._later = later
        self._first = Lock()
        self.call_id = call_id
        self.context = context
        self.exchange = later.exchange()

    def when_unsure(self, action: Callable[[], object]) -> None:
        """Has `action` called now, and whenever the answer may be wanted no longer; it must not block."""
        self.exchange.on_wake = action
        action()

    def settle(self, value: Any, error: Optional[BaseException]) -> None:
        """Answers, by a failure if there is an error; does nothing the second time."""
        if not self._first.acquire(False):
            return
        if error is not None:
            self._later.fail_by(self.call_id, self.context, error)
        else:
            self._later.answer(self.call_id, self.context, value)
