"""Requests that are answered later, by another thread: what `streamipc.aio` is built on."""
from __future__ import annotations

from threading import Lock
from time import monotonic

from ._encoding import sendable
from ._failure_json import deadline_passed, of_error, rejected, text_of, undecodable
from ._failures import IpcFailure, Phase, Undecodable
from ._frame import NUMBER_BYTES, OF_STREAMS, REPLY, STARTED, WANT_STARTED
from ._running import RequestContext
from ._stream import Parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Set

    from ._exchange import Exchange
    from ._handlers import Handlers
    from ._inbox import Item
    from ._lifecycle import Lifecycle
    from ._wires import Wires

MAX_STREAMS = 1_024


class Later:
    """Hands requests on. Each stays unanswered, and keeps the session from ending, until its answer comes."""

    def __init__(self, wires: Wires, handlers: Handlers, lifecycle: Lifecycle) -> None:
        self._wires = wires
        self._frames = wires.frames
        self._outbound = wires.outbound
        self._lifecycle = lifecycle
        # Those with streams. Added to by the thread that serves alone.
        self._streams: Set[int] = set()
        self.handlers = handlers

    def takes(self, call_id: int, item: Item) -> bool:
        """Hands a request on; false if its type, with its streams, is not for later."""
        _, flags, deadline, payload = item
        streams = flags & OF_STREAMS
        try:
            route = self.handlers.route_of(payload)
        except ValueError:
            return False
        later = route.later.get(streams)
        if later is None:
            return False
        if deadline is not None and monotonic() >= deadline:
            self._lifecycle.fail_call(call_id, deadline_passed(Phase.QUEUED))
        elif streams and len(self._streams) >= MAX_STREAMS:
            self._lifecycle.fail_call(call_id, rejected("QUEUE_FULL", f"runningStreams={MAX_STREAMS}; wait for some"))
        elif not self._lifecycle.begin_stream(call_id):
            self._lifecycle.reject_draining(call_id)
        else:
            try:
                message = route.decode_request(payload)
            except Exception as error:
                self.fail(call_id, undecodable("ARGUMENT", route.name, text_of(error)))
                return True
            answer = self._begin(item)
            try:
                later(message, answer)
            except BaseException as error:
                answer.settle(None, error)
        return True

    def _begin(self, item: Item) -> OpenAnswer:
        call_id, flags, deadline, _ = item
        assert call_id is not None
        context = RequestContext(self._wires.running, call_id, flags, deadline)
        exchange = self._wires.inbox.exchanges.get(call_id)
        if exchange is None:
            # One without parts: it is woken when somebody has to look whether the answer is still wanted.
            exchange = self._wires.inbox.exchanges[call_id] = self._wires.exchange(False, False)
            exchange.call_id = call_id
        else:
            self._streams.add(call_id)
        for end in exchange.ends():
            end.deadline = deadline
            end.check = context.raise_if_cancelled
            end.is_closing = lambda: not self._lifecycle.is_open()
        self._wires.running.join_later(context)
        if flags & WANT_STARTED:
            self._outbound.put(self._frames.frame(STARTED, call_id, b""))
            self._outbound.flush(False)
        return OpenAnswer(self, exchange, context)

    def max_payload_bytes(self) -> int:
        """Returns what the other side accepts."""
        return self._lifecycle.max_payload_bytes

    def answer(self, call_id: int, context: RequestContext, value: Any) -> None:
        """Sends REPLY; FAILURE for what can't be one."""
        self._wires.running.leave_later(context)
        if value is None:
            self.fail(call_id, rejected("UNHANDLED", "the handler returned None"))
            return
        reply, failure = self.handlers.encode_answer(value, self._lifecycle.max_payload_bytes)
        if reply is None:
            self.fail(call_id, failure or {})
            return
        self._leave_room(call_id)
        self._outbound.put(self._frames.message(REPLY, call_id, reply))
        self._end()

    def answer_with_end(self, exchange: Exchange, context: RequestContext) -> None:
        """Says that there are no more parts."""
        self._wires.running.leave_later(context)
        self._leave_room(exchange.call_id)
        if exchange.parts_out is not None:
            exchange.parts_out.end()
        self._end()

    def fail(self, call_id: int, tree: Any) -> None:
        """Sends FAILURE."""
        self._leave_room(call_id)
        self._lifecycle.fail_call(call_id, tree)
        self._end()

    def fail_by(self, answer: OpenAnswer, error: BaseException) -> None:
        """Sends FAILURE for what a handler raised."""
        self._wires.running.leave_later(answer.context)
        if answer.context.is_late:
            tree = deadline_passed(Phase.RUNNING)
        elif isinstance(error, Undecodable) and answer.is_lost_by(error):
            # The handler has run all the same: an argument would say that it has not.
            tree = undecodable("ANSWER", error.type_name, text_of(error))
        else:
            tree = of_error(error)
        if answer.context.cancel_reason is not None:
            self._outbound.take_back(answer.call_id)
        self.fail(answer.call_id, tree)

    def _leave_room(self, call_id: int) -> None:
        # Before the answer leaves: its caller may ask for the next stream at once, by the same id.
        self._streams.discard(call_id)
        self._wires.inbox.answered(call_id)

    def _end(self) -> None:
        self._outbound.flush(False)
        self._lifecycle.end_stream()


class OpenAnswer:
    """What is due for one request, once. For all threads."""

    def __init__(self, later: Later, exchange: Exchange, context: RequestContext) -> None:
        self._later = later
        self._first = Lock()
        self.call_id = exchange.call_id
        self.context = context
        self.exchange = exchange
        self.parts = None if exchange.parts_in is None else Parts(exchange.parts_in, later.handlers, object)
        self.unsent: Optional[Undecodable] = None

    def when_unsure(self, action: Callable[[], object]) -> None:
        """Has `action` called now, and whenever the answer may be wanted no longer; it must not block."""
        self.exchange.on_wake = action
        action()

    def encode_part(self, part: Any) -> Any:
        """Returns a part as it is sent; raises Undecodable, by which the call fails, if it can't be."""
        try:
            return sendable(self._later.handlers, part, self._later.max_payload_bytes(), NUMBER_BYTES)
        except IpcFailure as error:
            self.unsent = Undecodable("ANSWER", "HERE", type(part).__qualname__, text_of(error))
            raise self.unsent from None

    def is_lost_by(self, error: Undecodable) -> bool:
        """Returns whether this is a part that was lost or can't be read, or sent."""
        return self.unsent is error or self.exchange.is_ended_by(error) or (self.parts and self.parts.failed) is error

    def settle(self, value: Any, error: Optional[BaseException]) -> None:
        """Answers, by a failure if there is an error; does nothing the second time."""
        if not self._first.acquire(False):
            return
        if error is not None:
            self._later.fail_by(self, error)
        elif self.exchange.parts_out is not None:
            self._later.answer_with_end(self.exchange, self.context)
        else:
            self._later.answer(self.call_id, self.context, value)
