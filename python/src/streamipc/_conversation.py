"""One conversation of two sides, whichever of them this one is."""
from __future__ import annotations

import os
from _thread import start_new_thread
from threading import TIMEOUT_MAX, Lock, Thread
from time import monotonic

from ._asking import Asking, Extra
from ._calling import DEFAULT_TIMEOUT_SECONDS, Calling
from ._decoder import Decoder
from ._failures import failure_to_start
from ._farewell import wait_for_at_exit
from ._forks import Copies, cut_in_copies
from ._frame import HELLO, MIN_PAYLOAD_LIMIT, NUMBER_BYTES, READY, ZERO_SALT, FrameWriter
from ._handlers import Handlers
from ._hello import hello, ready
from ._incoming import Incoming
from ._interrupted import is_in_a_step
from ._lifecycle import Lifecycle
from ._message import declared
from ._outbound import Outbound
from ._pending import Pending
from ._reading import Reading
from ._serving import CLOSE_SECONDS, Serving
from ._shared_way import SharedPipe, SharedReading
from ._watch import Watch
from ._wires import Wires

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Optional

    from ._call import Call
    from ._stream import PartStream, PartTypes
    from ._updates import Progress
    from ._way import Way

DEFAULT_MAX_PAYLOAD_BYTES = 16 * 1024 * 1024
_LAST_WORDS_SECONDS = 1.0


class Conversation(Calling):
    """What a session does once there is a way to the other side. Its methods may be called from any thread."""

    def __init__(self, way: Way, max_payload_bytes: int = DEFAULT_MAX_PAYLOAD_BYTES) -> None:
        """For `Session`: takes over the way to another side that has not been spoken to yet."""
        if not isinstance(max_payload_bytes, int) or max_payload_bytes < MIN_PAYLOAD_LIMIT:
            way.close_in()
            os.close(way.out_fd)
            raise ValueError(f"limit too small: maxPayloadBytes={max_payload_bytes!r}, least={MIN_PAYLOAD_LIMIT}")
        self._way = way
        self._max_payload_bytes = max_payload_bytes
        # Never zero: that is the salt of the frames that have none.
        self._salt = (int.from_bytes(os.urandom(4), "big") or 1).to_bytes(4, "big")
        frames = FrameWriter(self._salt)
        self._outbound = Outbound(SharedPipe(way.rings) if way.rings else way.out_fd, frames, self._on_broken)
        pending = Pending(self._outbound.withdraw)
        wires = Wires(way, frames, self._outbound, pending)
        self._frames = frames
        self._wires = wires
        self._pending = pending
        self._running = wires.running
        self._watch = Watch(way, self._expire)
        super().__init__(Handlers(declared()))
        self._lifecycle = Lifecycle(wires, self._watch)
        decoder = Decoder(max_payload_bytes, may_carry_junk=way.may_carry_junk)
        self._incoming = Incoming(wires, decoder, self._handlers, self._lifecycle)
        reading = SharedReading if way.rings else Reading
        self._reading = reading(way, self._incoming, self._outbound, self._lifecycle)
        self._serving = Serving(wires, self._handlers, self._lifecycle, self._incoming)
        self._asking = Asking(wires, self._handlers, self._lifecycle, self._watch)
        self._running.encode = self._asking.encode
        self._running.listen = self._reading.ensure_reader
        self._lifecycle.on_ended = self._reading.wake
        self._lifecycle.on_owing = self._reading.ensure_reader
        self._copies = Copies(wires, self._lifecycle, self._asking, self._reading)
        self._ready_lock = Lock()
        way.watch(self._lifecycle.stream_ended)
        self._is_ready = self._has_told = False

    def open(self, start_timeout: float) -> None:
        """For `Session`: sends HELLO and waits for the other side's; raises StartFailed."""
        if not start_timeout <= TIMEOUT_MAX:
            raise ValueError(f"start timeout out of range: startTimeout={start_timeout}; give seconds")
        deadline = monotonic() + start_timeout
        cut_in_copies(self._copies)
        wait_for_at_exit(self._serving)
        self._watch.start()
        payload = hello(self._handlers.names(), self._max_payload_bytes, self._salt, self._way)
        self._outbound.put_control(FrameWriter(ZERO_SALT).frame(HELLO, 0, payload))
        self._outbound.flush(False)
        if not self._reading.await_hello(start_timeout):
            limit_ms = int(start_timeout * 1000)
            self._lifecycle.refuse(f"no hello from {self._way.other}: startTimeoutMs={limit_ms}")
        failure = self._lifecycle.failure
        if self._incoming.other is None or failure is not None:
            self._outbound.await_end(CLOSE_SECONDS)
            if not self._way.is_bound:
                self._let_go()
            raise failure_to_start(failure, self._way.no_hello)
        if not self._way.is_bound:
            if self._way.role == "parent":
                self._watch.once(deadline, self._want_ready)
            self._reading.ensure_reader(self._reader_ended)

    def stream(
        self,
        message: object,
        parts: PartTypes,
        *,
        deadline: Optional[float] = DEFAULT_TIMEOUT_SECONDS,
        tell_started: bool = False,
    ) -> PartStream:
        """Asks the other side for a stream and returns its parts, an iterator and a context manager. Does not block.

        `parts` is the message class of the parts, or a tuple of some; another type that comes ends the call as
        Undecodable. `deadline` is in seconds for all of the stream until its last part has come, None for none;
        otherwise as the timeout of `request`, as is `tell_started`; a part proves the same. Never raises an
        `IpcFailure`, the iteration does: Rejected (UNHANDLED) where the other side knows no streams. Raises TypeError
        if `parts` is no class.
        """
        from ._stream import PartStream

        isinstance(None, parts)
        exchange = self._wires.exchange(True, False)
        call = self._ask(message, deadline, Extra(tell_started, exchange))
        incoming = exchange.parts_in
        assert incoming is not None
        if not call.done():
            incoming.begin()
        return PartStream(call, incoming, self._handlers, parts)

    def upload(
        self,
        message: object,
        parts: Iterable[object],
        *,
        deadline: Optional[float] = DEFAULT_TIMEOUT_SECONDS,
        tell_started: bool = False,
    ) -> Any:
        """Asks, sends parts along as fast as they are wanted, and returns the answer, which may come early.

        Blocks; the iterable runs on this thread, one part ahead of what is wanted, and is closed at the end if it can
        be. `deadline` is in seconds for all of it, None for none; `tell_started` as for `request`. Raises the
        `IpcFailure` that ended the call. What the iterable raises, and Rejected or Undecodable for a part that can't be
        sent, cancels the call and is raised.
        """
        from ._stream import send_parts

        exchange = self._wires.exchange(False, True)
        call = self._ask(message, deadline, Extra(tell_started, exchange))
        outgoing = exchange.parts_out
        assert outgoing is not None
        return send_parts(call, outgoing, parts, lambda part: self._asking.encode(part, NUMBER_BYTES))

    def _ask(self, message: object, deadline: Optional[float], extra: Extra) -> Call:
        self._reading.ensure_reader()
        self._tell_ready()
        return self._asking.request(message, deadline, None, extra)

    def notify(self, message: object) -> None:
        """Sends a message that wants no answer. Does not block; returns when it is queued.

        Raises Rejected if its type is not known there, it is too large or the queue is full, Undecodable if a value
        does not fit its field, and SessionClosed.
        """
        self._asking.notify(message)

    def serve(self) -> None:
        """Answers requests on this thread until either side closes the session or the stream ends.

        Raises ProtocolError if one side broke the protocol, RuntimeError if another thread serves, and what a handler
        ended the program by; all once the answers have left, for which it waits up to 2 s.
        """
        self._tell_ready()
        self._serving.run(self._reading)
        self._serving.leave()
        if self._lifecycle.failure is not None:
            raise self._lifecycle.failure

    def close(self) -> None:
        """Ends the session: open calls fail, waiting requests are rejected, running ones answered. Idempotent.

        Inside a handler it returns at once and the session ends behind the answer; elsewhere it waits for at most 2 s.
        A child that this side started is waited for as well: for 2 s, then it gets SIGTERM, after 2 s more its whole
        group is killed. In a signal handler that interrupts the session itself it returns at once as well.
        """
        if is_in_a_step():
            # What was interrupted may hold the locks that this takes.
            self._serving.is_closing = True
            start_new_thread(self._close, ())
        else:
            self._close()

    def _close(self) -> None:
        self._lifecycle.close(f"closed by the {self._way.role}")
        if not self._serving.is_here():
            self._end()
        elif not self._way.is_bound:
            Thread(target=self._end, name="streamipc-close", daemon=True).start()

    def _end(self) -> None:
        # Where the process ends there is no thread any more that would write.
        self._outbound.flush(False)
        self._serving.await_last(CLOSE_SECONDS)
        self._way.stop()

    def _tell_ready(self) -> None:
        if self._has_told:
            return
        with self._ready_lock:
            if self._is_ready:
                return
            self._is_ready = True
            payload = ready(self._reading.has_reader)
            self._outbound.put_control(self._frames.frame(READY, 0, payload))
            self._has_told = True
        self._outbound.flush(False)

    def _expire(self, now: float) -> Optional[float]:
        self._running.retry()
        self._incoming.look(now)
        return self._pending.expire(now)

    def _want_ready(self) -> None:
        if self._incoming.other_has_reader is None and self._lifecycle.is_open():
            self._lifecycle.refuse(f"no ready from {self._way.other} within the start timeout")

    def _on_broken(self, error: OSError) -> None:
        why = f"{self._way.other} does not read any more: {error}"
        if self._way.is_bound:
            self._lifecycle.stream_ended(why)
        else:
            Thread(target=self._end_behind_reader, args=(why,), name="streamipc-close", daemon=True).start()

    def _end_behind_reader(self, why: str) -> None:
        # What the other side said before it went, such as a goodbye, tells more than a write that failed.
        self._way.await_read_up(_LAST_WORDS_SECONDS)
        self._lifecycle.stream_ended(why)
        self._way.stop()

    def _reader_ended(self) -> None:
        self._let_go()
        self._way.stop()

    def _let_go(self) -> None:
        self._way.close_in()
        self._way.read_up()
        self._watch.end()
