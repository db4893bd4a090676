"""Streams of parts as the user sees them: an iterator of what comes in, and the sending of what an iterable brings."""
from __future__ import annotations

from ._failure_json import text_of
from ._failures import Cancelled, Undecodable
from ._parts import StreamOver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Callable, Iterable, Optional, Tuple, Type, Union

    from ._call import Call
    from ._handlers import Handlers
    from ._parts import PartsIn, PartsOut

    PartTypes = Union[type, Tuple[type, ...]]


class Parts:
    """The parts of a stream as they come in: an iterator for one thread at a time, which waits for the next.

    It raises an `IpcFailure` where the stream ended before its last part, behind the parts that came before that; in a
    handler that is `Cancelled` if nobody waits for the answer any more.
    """

    def __init__(self, parts: PartsIn, handlers: Handlers, types: PartTypes) -> None:
        """For the session."""
        self._parts = parts
        self._handlers = handlers
        self._types = types
        self.failed: Optional[Undecodable] = None

    def __iter__(self) -> Parts:
        return self

    def __next__(self) -> Any:
        try:
            payload = self._parts.take()
        except StreamOver:
            raise StopIteration from None
        try:
            part = self._handlers.decode_answer(payload)
        except Exception as error:
            self.failed = Undecodable("ANSWER", "HERE", None, text_of(error))
            raise self.failed from None
        if not isinstance(part, self._types):
            cause = f"expected a part of {self._types}, found {type(part).__qualname__}"
            self.failed = Undecodable("ANSWER", "HERE", type(part).__qualname__, cause)
            raise self.failed
        return part


class PartStream(Parts):
    """The answer to a request for a stream: an iterator of its parts, and a context manager that closes it.

    Iteration ends behind the last part, or raises the `IpcFailure` that ended the call. 16 parts are asked for ahead of
    those that were taken, no more. Whoever stops before the end closes it, or leaves its `with` block: the call is
    cancelled then. All methods but `close` are for one thread at a time.
    """

    def __init__(self, call: Call, parts: PartsIn, handlers: Handlers, types: PartTypes) -> None:
        """For the session."""
        super().__init__(parts, handlers, types)
        self._call = call
        self._is_closed = False

    @property
    def call(self) -> Call:
        """The call behind the stream: `done`, `cancel`, `exception`. Its result is None."""
        return self._call

    def __iter__(self) -> PartStream:
        return self

    def __next__(self) -> Any:
        if self._is_closed:
            raise StopIteration
        try:
            return super().__next__()
        except Undecodable as failure:
            self._call.cancel(str(failure))
            raise
        except Cancelled:
            if self._is_closed:
                raise StopIteration from None
            raise

    def close(self) -> None:
        """Cancels the call if it goes on; parts that wait are dropped. Idempotent, never blocks."""
        self._is_closed = True
        self._call.cancel("the stream was closed before its end")

    def __enter__(self) -> PartStream:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


def send_parts(call: Call, out: PartsOut, parts: Iterable[Any], encode: Callable[[Any], Any]) -> Any:
    """Sends parts until there are no more or the call ends; returns its answer or raises its failure.

    What the iterable raises, and a part that can't be sent, cancels the call and is raised here. An iterable that has
    `close` is closed.
    """
    source = iter(parts)
    try:
        for part in source:
            out.send(encode(part))
        out.end()
    except StreamOver:
        pass
    except BaseException as error:
        call.cancel(f"the parts ended by {type(error).__name__}")
        raise
    finally:
        close: Callable[[], object] = getattr(source, "close", lambda: None)
        close()
    return call.result()
