"""Runs handlers on the thread that serves, and writes their answers in batches."""
from __future__ import annotations

from threading import get_ident
from time import monotonic

from ._awaiting import MAX_BUFFER_BYTES
from ._failure_json import deadline_passed, of_error
from ._failures import Phase
from ._frame import OF_STREAMS, REPLY, STARTED, WANT_STARTED
from ._outbound import CORK_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Deque, Optional

    from ._handlers import Handlers
    from ._inbox import Item
    from ._incoming import Incoming
    from ._later import Later
    from ._lifecycle import Lifecycle
    from ._reading import Reading
    from ._streaming import Streaming
    from ._wires import Wires

# So long the end of a session waits for what is still to be written.
CLOSE_SECONDS = 2.0


class Serving:
    """The loop of `serve`: read or wait, handle all that is there, write once."""

    def __init__(
        self, wires: Wires, handlers: Handlers, lifecycle: Lifecycle, incoming: Incoming
    ) -> None:
        self._frames = wires.frames
        self._outbound = wires.outbound
        self._inbox = wires.inbox
        self._running = wires.running
        self._handlers = handlers
        self._lifecycle = lifecycle
        self._incoming = incoming
        self._wires = wires
        # Both are made, and their modules imported, for the first request that needs them.
        self._streaming: Optional[Streaming] = None
        self._later: Optional[Later] = None
        self._thread_id: Optional[int] = None
        # A thread of its own is about to close the session.
        self.is_closing = self.has_waited_in_vain = False

    def is_here(self) -> bool:
        """Returns whether the caller is inside a handler, or the loop."""
        return self._thread_id == get_ident() or (self._streaming is not None and self._streaming.is_here())

    def run(self, reading: Reading) -> None:
        """Serves until the session has ended."""
        if self._thread_id is not None:
            raise RuntimeError("session is being served already")
        self._thread_id = get_ident()
        self._running.serves_here()
        self._lifecycle.begin_serving()
        try:
            self._lifecycle.finish_if_idle()
            while not self._lifecycle.is_ended():
                self._run_waiting(reading)
                self._outbound.flush(self._may_block())
                if self._lifecycle.is_ended():
                    break
                if reading.has_reader:
                    self._inbox.await_item()
                else:
                    reading.pump()
        finally:
            self._thread_id = None
            self._lifecycle.end_serving()
            self._outbound.flush(self._may_block())
            # The program may end now, and with it the thread that writes.
            self.await_last(CLOSE_SECONDS)

    def await_last(self, limit_seconds: float) -> None:
        """Waits until the session has ended, if it does, or else until all that was put has left."""
        self._outbound.write_here(limit_seconds)
        ends = self.is_closing or not self._lifecycle.is_open()
        wait = self._outbound.await_end if ends else self._outbound.await_left
        self.has_waited_in_vain = not wait(limit_seconds)

    def leave(self) -> None:
        """Raises what the handler of a stream ended the program by, if one did."""
        if self._streaming is not None and self._streaming.leaves_by is not None:
            raise self._streaming.leaves_by

    def _run_waiting(self, reading: Reading) -> None:
        if self._inbox.count() == 0:
            return
        if not self._may_block():
            # Two pumps: this thread would not read while it waits for the other side to read its answers.
            reading.ensure_reader()
        self._lifecycle.begin_batch()
        is_batch = False
        try:
            items = self._inbox.take_all()
            is_batch = len(items) > 1
            if is_batch:
                self._outbound.batch(True)
            self._run(items)
        finally:
            if is_batch:
                self._outbound.batch(False)
            self._lifecycle.end_batch()

    def _run(self, items: Deque[Item]) -> None:
        for item in items:
            call_id = item[0]
            if call_id is not None:
                self._handle(call_id, item)
            elif not self._lifecycle.is_ended():
                self._hear(item)

    def _hear(self, item: Item) -> None:
        try:
            self._handlers.hear(item[3])
        except BaseException as error:
            self._lifecycle.close(f"handler raised {type(error).__name__}")
            raise

    def _handle(self, call_id: int, item: Item) -> None:
        if self._inbox.dropped and self._inbox.drop_reason(call_id) is not None:
            self._inbox.answered(call_id)
            return
        if self._handlers.has_later and self._for_later().takes(call_id, item):
            return
        if item[1] & OF_STREAMS:
            self._of_streams().begin(call_id, item)
            return
        if not self._lifecycle.begin(call_id):
            self._lifecycle.reject_draining(call_id)
            return
        try:
            waiting_bytes = self._answer(call_id, item)
        except BaseException as error:
            # SystemExit and its like end the program; the caller still learns why.
            self._lifecycle.fail_call(call_id, of_error(error))
            self._lifecycle.close(f"handler raised {type(error).__name__}")
            raise
        if waiting_bytes >= CORK_BYTES:
            self._outbound.flush(self._may_block())
            if waiting_bytes >= MAX_BUFFER_BYTES:
                self._outbound.await_room()

    def _of_streams(self) -> Streaming:
        if self._streaming is None:
            from ._streaming import Streaming

            self._streaming = Streaming(self._wires, self._handlers, self._lifecycle)
        return self._streaming

    def _for_later(self) -> Later:
        if self._later is None:
            from ._later import Later

            self._later = Later(self._wires, self._handlers, self._lifecycle)
        return self._later

    def _answer(self, call_id: int, item: Item) -> int:
        """Appends REPLY or FAILURE; returns how many bytes wait then."""
        _, flags, deadline, payload = item
        if deadline is not None and monotonic() >= deadline:
            self._lifecycle.fail_call(call_id, deadline_passed(Phase.QUEUED))
            return 0
        limit = self._lifecycle.max_payload_bytes
        enter = (lambda: self._tell_started(call_id)) if flags & WANT_STARTED else None
        running = self._running
        running.item = item
        try:
            reply, failure = self._handlers.answer(payload, limit, enter, running.context)
        finally:
            is_late = running.end()
        if is_late and failure is not None and failure["failure"] == "RemoteFailure":
            # The handler stopped because the time was up; its caller saw that in the same moment.
            failure = deadline_passed(Phase.RUNNING)
        if reply is None:
            self._lifecycle.fail_call(call_id, failure or {})
            return 0
        self._inbox.answered(call_id)
        return self._outbound.put(self._frames.message(REPLY, call_id, reply))

    def _tell_started(self, call_id: int) -> None:
        self._outbound.put(self._frames.frame(STARTED, call_id, b""))
        self._outbound.flush(self._may_block())
        if self._may_block():
            # Where this process is killed now, nobody takes what has begun for what has not.
            self._outbound.await_written()

    def _may_block(self) -> bool:
        return self._incoming.other_has_reader is True
