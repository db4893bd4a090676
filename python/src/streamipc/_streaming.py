"""Runs the handlers of streams: each on a thread of its own, so that waiting for a slow reader stops nobody else."""
from __future__ import annotations

from threading import Lock, Thread, get_ident
from time import monotonic

from ._encoding import sendable
from ._exchange import Exchange
from ._failure_json import deadline_passed, of_error, rejected, text_of, undecodable
from ._failures import IpcFailure, Phase, Undecodable
from ._frame import BRINGS_PARTS, REPLY, STARTED, WANT_PARTS, WANT_STARTED
from ._handlers import END_THE_PROGRAM
from ._running import RequestContext
from ._stream import Parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, Iterator, Optional, Set

    from ._handlers import Handlers
    from ._inbox import Item
    from ._lifecycle import Lifecycle
    from ._wires import Wires

    Failure = Optional[Dict[str, Any]]

MAX_STREAMS = 64


class Streaming:
    """Begun by the thread that serves, in order of arrival; at most 64 handlers at a time."""

    def __init__(self, wires: Wires, handlers: Handlers, lifecycle: Lifecycle) -> None:
        self._frames = wires.frames
        self._outbound = wires.outbound
        self._inbox = wires.inbox
        self._running = wires.running
        self._handlers = handlers
        self._lifecycle = lifecycle
        self._lock = Lock()
        # Guarded by the lock.
        self._threads: Set[int] = set()
        self._calls: Set[int] = set()
        self.leaves_by: Optional[BaseException] = None

    def is_here(self) -> bool:
        """Returns whether the caller is inside the handler of a stream."""
        return get_ident() in self._threads

    def begin(self, call_id: int, item: Item) -> None:
        """Has a request with streams handled, or says why not. Does not wait."""
        if len(self._calls) >= MAX_STREAMS:
            self._refuse(call_id)
        elif not self._lifecycle.begin_stream(call_id):
            self._lifecycle.reject_draining(call_id)
        else:
            self._start(call_id, item)

    def _start(self, call_id: int, item: Item) -> None:
        with self._lock:
            self._calls.add(call_id)
        try:
            Thread(target=self._run, args=(call_id, item), name="streamipc-stream", daemon=True).start()
        except RuntimeError:
            # The process may have no more threads.
            self._leave_room(call_id)
            self._refuse(call_id)
            self._lifecycle.end_stream()

    def _refuse(self, call_id: int) -> None:
        facts = f"runningStreams={len(self._calls)}; wait for some"
        self._lifecycle.fail_call(call_id, rejected("QUEUE_FULL", facts))

    def _run(self, call_id: int, item: Item) -> None:
        with self._lock:
            self._threads.add(get_ident())
        try:
            self._answer(call_id, item)
        except BaseException as error:
            # SystemExit and its like end the program: the thread that serves leaves by it.
            self._fail(call_id, of_error(error))
            self.leaves_by = error
            self._lifecycle.close(f"handler raised {type(error).__name__}")
        finally:
            with self._lock:
                self._threads.discard(get_ident())
            self._outbound.flush(False)
            self._lifecycle.end_stream()

    def _leave_room(self, call_id: int) -> None:
        """Before the answer leaves: its caller may ask for the next stream at once, by the same id."""
        with self._lock:
            self._calls.discard(call_id)
        self._inbox.answered(call_id)

    def _fail(self, call_id: int, tree: Dict[str, Any]) -> None:
        self._leave_room(call_id)
        self._lifecycle.fail_call(call_id, tree)

    def _answer(self, call_id: int, item: Item) -> None:
        _, flags, deadline, payload = item
        exchange = self._inbox.exchanges[call_id]
        if deadline is not None and monotonic() >= deadline:
            self._fail(call_id, deadline_passed(Phase.QUEUED))
            return
        context = RequestContext(self._running, call_id, flags, deadline)
        for end in exchange.ends():
            end.deadline = deadline
            end.check = context.raise_if_cancelled
            end.is_closing = lambda: not self._lifecycle.is_open()
        self._running.join(context, deadline)
        try:
            failure = self._handle(payload, flags, exchange, context)
        finally:
            self._running.leave(context)
        if failure is None:
            return
        if context.is_late and failure["failure"] == "RemoteFailure":
            failure = deadline_passed(Phase.RUNNING)
        if context.cancel_reason is not None:
            self._outbound.take_back(call_id)
        self._fail(call_id, failure)

    def _handle(self, payload: Any, flags: int, exchange: Exchange, context: RequestContext) -> Failure:
        """Asks the handlers; answers, or returns the tree of the FAILURE."""
        name = None
        try:
            route = self._handlers.route_of(payload)
            name = route.name
            message = route.decode_request(payload)
        except Exception as error:
            return undecodable("ARGUMENT", name, text_of(error))
        called = route.for_streams(bool(flags & WANT_PARTS), bool(flags & BRINGS_PARTS))
        if called and flags & WANT_STARTED:
            self._outbound.put(self._frames.frame(STARTED, exchange.call_id, b""))
            self._outbound.flush(False)
        parts = None if exchange.parts_in is None else Parts(exchange.parts_in, self._handlers, object)
        try:
            for handler, wants_context in called:
                arguments = [message, context] if wants_context else [message]
                if exchange.parts_in is not None:
                    exchange.parts_in.begin()
                    arguments.insert(1, parts)
                if exchange.parts_out is not None:
                    return self._send_parts(handler(*arguments), exchange, context)
                answer = handler(*arguments)
                if answer is not None:
                    return self._reply(answer, exchange, context)
        except END_THE_PROGRAM:
            raise
        except BaseException as error:
            if isinstance(error, Undecodable) and (exchange.is_ended_by(error) or (parts and parts.failed is error)):
                # The handler has run all the same: an argument would say that it has not.
                return undecodable("ANSWER", error.type_name, text_of(error))
            return of_error(error)
        return rejected("UNHANDLED", f"type={name}, handlers={len(called)}, streams=True")

    def _send_parts(self, parts: Iterator[Any], exchange: Exchange, context: RequestContext) -> Failure:
        out = exchange.parts_out
        assert out is not None
        try:
            for part in parts:
                try:
                    encoded = sendable(self._handlers, part, self._lifecycle.max_payload_bytes, 8)
                except IpcFailure as error:
                    return undecodable("ANSWER", type(part).__qualname__, text_of(error))
                out.send(encoded)
        finally:
            close: Callable[[], object] = getattr(parts, "close", lambda: None)
            close()
        context.close()
        self._leave_room(exchange.call_id)
        out.end()
        return None

    def _reply(self, answer: Any, exchange: Exchange, context: RequestContext) -> Failure:
        reply, failure = self._handlers.encode_answer(answer, self._lifecycle.max_payload_bytes)
        if reply is not None:
            context.close()
            self._leave_room(exchange.call_id)
            self._outbound.put(self._frames.message(REPLY, exchange.call_id, reply))
        return failure
