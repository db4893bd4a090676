"""The session of a child with its parent."""
from __future__ import annotations

import os
from threading import Lock

from ._asking import Asking
from ._decoder import Decoder
from ._failures import StartFailed
from ._frame import HELLO, MIN_PAYLOAD_LIMIT, READY, ZERO_SALT, FrameWriter
from ._handlers import Handlers
from ._hello import hello, ready
from ._inbox import Inbox
from ._incoming import Incoming
from ._lifecycle import Lifecycle
from ._message import declared
from ._outbound import Outbound
from ._parts import NUMBER_BYTES
from ._pending import Pending
from ._reading import Reading
from ._registration import Registration
from ._serving import Serving
from ._stdio import close_once
from ._stream import PartStream, send_parts
from ._watch import Watch
from ._way import Way, open_way
from ._wires import Wires

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Callable, Iterable, Optional, Type

    from ._exchange import Exchange
    from ._pending import Call
    from ._stream import PartTypes
    from ._updates import Progress

DEFAULT_MAX_PAYLOAD_BYTES = 16 * 1024 * 1024
_DEFAULT_TIMEOUT_SECONDS = 30.0
_CLOSE_SECONDS = 2.0


class Session(Registration):
    """One conversation with the parent: answers its requests, hears its messages, and may ask it back.

    Handlers run on the thread that calls `serve`, one at a time, in order of arrival; those of streams each on a thread
    of its own. All other methods may be called from any thread, handlers included. A `with` block closes the session at
    its end.
    """

    def __init__(self, way: Way, max_payload_bytes: int = DEFAULT_MAX_PAYLOAD_BYTES) -> None:
        """For `stdio`: takes over the way to a parent that has not been spoken to yet."""
        if max_payload_bytes < MIN_PAYLOAD_LIMIT:
            raise ValueError(f"limit too small: maxPayloadBytes={max_payload_bytes}, least={MIN_PAYLOAD_LIMIT}")
        in_fd = way.in_fd
        self._close_in = close_once(in_fd)
        self._token = way.token
        self._max_payload_bytes = max_payload_bytes
        # Never zero: that is the salt of the frames that have none.
        self._salt = (int.from_bytes(os.urandom(4), "big") or 1).to_bytes(4, "big")
        frames = FrameWriter(self._salt)
        self._outbound = Outbound(way.out_fd, frames, self._on_broken)
        pending = Pending(self._outbound.withdraw)
        wires = Wires(frames, self._outbound, Inbox(), pending)
        self._frames = frames
        self._wires = wires
        self._pending = pending
        self._running = wires.running
        self._watch = Watch(in_fd, self._expire)
        super().__init__(Handlers(declared()))
        self._lifecycle = Lifecycle(wires, self._watch)
        self._incoming = Incoming(wires, Decoder(max_payload_bytes), self._handlers, self._lifecycle)
        self._reading = Reading(way, self._incoming, self._outbound, self._lifecycle)
        self._serving = Serving(wires, self._handlers, self._lifecycle, self._incoming)
        self._asking = Asking(wires, self._handlers, self._lifecycle, self._watch)
        self._running.encode = self._asking.encode
        self._running.listen = self._reading.ensure_reader
        self._ready_lock = Lock()
        self._is_ready = False

    @classmethod
    def stdio(
        cls, *, max_payload_bytes: int = DEFAULT_MAX_PAYLOAD_BYTES, start_timeout: float = _DEFAULT_TIMEOUT_SECONDS
    ) -> Session:
        """Opens the session over stdin and stdout and waits for the parent's HELLO.

        From then on `print` and all other output to stdout goes to stderr, stdin is empty, and Ctrl-C is left to the
        parent. A parent may want to talk over a Unix domain socket instead: the program is the same, and `print` goes
        to stdout, which the parent logs. Messages must be declared before. `max_payload_bytes` is what this side
        accepts, at least 4,096; `start_timeout` is in seconds. Raises StartFailed if there is no parent or it can't
        talk to this side.
        """
        session = cls(open_way(), max_payload_bytes)
        session.open(start_timeout)
        return session

    def open(self, start_timeout: float) -> None:
        """For `stdio`: sends HELLO and waits for the other side's; raises StartFailed."""
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)
        self._watch.start()
        payload = hello(self._handlers.names(), self._max_payload_bytes, self._salt, self._token)
        self._outbound.put_control(FrameWriter(ZERO_SALT).frame(HELLO, 0, payload))
        self._outbound.flush(False)
        if not self._reading.await_hello(start_timeout):
            self._lifecycle.refuse(f"no hello from the parent: startTimeoutMs={int(start_timeout * 1000)}")
        failure = self._lifecycle.failure
        if self._incoming.other is None or failure is not None:
            self._outbound.await_end(_CLOSE_SECONDS)
            raise failure or StartFailed("the stream ended before the hello of a parent; start this program from one")

    def request(
        self,
        message: object,
        timeout: Optional[float] = _DEFAULT_TIMEOUT_SECONDS,
        *,
        on_progress: Optional[Callable[[Progress], object]] = None,
    ) -> Call:
        """Asks the parent and returns the open call. Does not block; never raises an `IpcFailure`, the call has it.

        `timeout` is in seconds, None for no deadline; ValueError if it is infinite or no number. In a handler the call
        gets no more than the rest of the handler's own time. `on_progress` is called with each update, in order, on a
        thread of its own, none behind the end of the call; what it raises is logged. From the first request on a thread
        of its own reads the stream.
        """
        self._reading.ensure_reader()
        self._tell_ready()
        return self._asking.request(message, timeout, on_progress)

    def call(
        self,
        message: object,
        timeout: Optional[float] = _DEFAULT_TIMEOUT_SECONDS,
        *,
        on_progress: Optional[Callable[[Progress], object]] = None,
    ) -> Any:
        """Asks the parent, waits and returns the answer; raises the `IpcFailure` that ended the call."""
        return self.request(message, timeout, on_progress=on_progress).result()

    def stream(
        self, message: object, parts: PartTypes, *, deadline: Optional[float] = _DEFAULT_TIMEOUT_SECONDS
    ) -> PartStream:
        """Asks the parent for a stream and returns its parts, an iterator and a context manager. Does not block.

        `parts` is the message class of the parts, or a tuple of some; another type that comes ends the call as
        Undecodable. `deadline` is in seconds for all of the stream until its last part has come, None for none;
        otherwise as the timeout of `request`. Never raises an `IpcFailure`, the iteration does: Rejected (UNHANDLED)
        where the other side knows no streams. Raises TypeError if `parts` is no class.
        """
        isinstance(None, parts)
        exchange = self._wires.exchange(True, False)
        call = self._ask(message, deadline, exchange)
        incoming = exchange.parts_in
        assert incoming is not None
        if not call.done():
            incoming.begin()
        return PartStream(call, incoming, self._handlers, parts)

    def upload(
        self, message: object, parts: Iterable[object], *, deadline: Optional[float] = _DEFAULT_TIMEOUT_SECONDS
    ) -> Any:
        """Asks the parent, sends parts along as fast as it wants them, and returns the answer, which may come early.

        Blocks; the iterable runs on this thread, one part ahead of what is wanted, and is closed at the end if it can
        be. `deadline` is in seconds for all of it, None for none. Raises the `IpcFailure` that ended the call. What the
        iterable raises, and Rejected or Undecodable for a part that can't be sent, cancels the call and is raised.
        """
        exchange = self._wires.exchange(False, True)
        call = self._ask(message, deadline, exchange)
        outgoing = exchange.parts_out
        assert outgoing is not None
        return send_parts(call, outgoing, parts, lambda part: self._asking.encode(part, NUMBER_BYTES))

    def _ask(self, message: object, deadline: Optional[float], exchange: Exchange) -> Call:
        self._reading.ensure_reader()
        self._tell_ready()
        return self._asking.request(message, deadline, None, exchange)

    def notify(self, message: object) -> None:
        """Sends a message that wants no answer. Does not block; returns when it is queued.

        Raises Rejected if its type is not known there, it is too large or the queue is full, Undecodable if a value
        does not fit its field, and SessionClosed.
        """
        self._asking.notify(message)

    def serve(self) -> None:
        """Answers requests on this thread until either side closes the session or the stream ends.

        Raises ProtocolError if one side broke the protocol, RuntimeError if another thread serves.
        """
        self._tell_ready()
        self._serving.run(self._reading)
        self._outbound.await_end(_CLOSE_SECONDS)
        self._serving.leave()
        if self._lifecycle.failure is not None:
            raise self._lifecycle.failure

    def close(self) -> None:
        """Ends the session: open calls fail, waiting requests are rejected, running ones answered. Idempotent.

        Inside a handler it returns at once and the session ends behind the answer; elsewhere it waits for at most 2 s.
        """
        self._lifecycle.close("closed by the child")
        if not self._serving.is_here():
            self._outbound.await_end(_CLOSE_SECONDS)

    def is_closed(self) -> bool:
        """Returns whether the session takes nothing any more."""
        return not self._lifecycle.is_open()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def _tell_ready(self) -> None:
        with self._ready_lock:
            if self._is_ready:
                return
            self._is_ready = True
            payload = ready(self._reading.has_reader)
            self._outbound.put_control(self._frames.frame(READY, 0, payload))
        self._outbound.flush(False)

    def _expire(self, now: float) -> Optional[float]:
        self._running.retry()
        return self._pending.expire(now)

    def _on_broken(self, error: OSError) -> None:
        self._lifecycle.stream_ended(f"the parent does not read any more: {error}")

    def _forked(self) -> None:
        # The copy has no right to the stream: not a byte of it may come from here, nor be read.
        self._lifecycle.abandon()
        self._outbound.abandon()
        self._close_in()
