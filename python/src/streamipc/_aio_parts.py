"""Streams of parts as a program on asyncio reads and sends them."""
from __future__ import annotations

import asyncio

from ._parts import CLOSING_SECONDS, cut_short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Callable, Optional, Set, Type, Union

    from ._aio_loop import Loop, Room
    from ._call import Call
    from ._parts import PartsIn, PartsOut
    from ._stream import Parts as ThreadedParts
    from ._stream import PartStream as ThreadedPartStream

_PARTS_IN_A_ROW = 16


class Turn:
    """Waits on the loop for what one end of a stream waits for on its thread."""

    def __init__(self, loop: Loop, end: Union[PartsIn, PartsOut]) -> None:
        self._loop = loop
        self._end = end
        self._waiting: Set[asyncio.Future[None]] = set()
        self._in_a_row = 0
        end.on_change = self._changed

    async def come(self) -> None:
        """Waits until the next step would not block, or raises; behind it that is so until the next `await`."""
        self._in_a_row += 1
        if self._in_a_row % _PARTS_IN_A_ROW == 0:
            # A fast stream would leave no time for other tasks.
            await asyncio.sleep(0)
        while not self._end.is_ready() and not self._end.is_over():
            self._end.check()
            news = self._loop.here().create_future()
            self._waiting.add(news)
            try:
                if self._end.is_ready() or self._end.is_over():
                    return
                is_closing = self._end.is_closing()
                await asyncio.wait({news}, timeout=CLOSING_SECONDS if is_closing else None)
            finally:
                self._waiting.discard(news)
            if is_closing and not news.done():
                raise cut_short()

    def _changed(self) -> None:
        if self._waiting:
            self._loop.post(self._tell)

    def _tell(self) -> None:
        for news in self._waiting:
            if not news.done():
                news.set_result(None)


async def send(out: PartsOut, turn: Turn, room: Room, encoded: Any) -> None:
    """Waits until a part is wanted and there is room for it, and sends it; raises what the stream ended by."""
    while True:
        await turn.come()
        out.go_on()
        if room.is_here():
            out.put(encoded)
            return
        await room.wait()


class Parts:
    """The parts of a stream as they come in: an asynchronous iterator, which waits for the next.

    It raises an `IpcFailure` where the stream ended before its last part, behind the parts that came before that.
    """

    def __init__(self, parts: ThreadedParts, turn: Turn) -> None:
        """For the session."""
        self._parts = parts
        self._turn = turn

    def __aiter__(self) -> Parts:
        return self

    async def __anext__(self) -> Any:
        await self._turn.come()
        try:
            return next(self._parts)
        except StopIteration:
            raise StopAsyncIteration from None


class PartStream(Parts):
    """The answer to a request for a stream: an asynchronous iterator of its parts, and context manager that closes it.

    16 parts are asked for ahead of those that were taken, no more. The call is cancelled where the task that waits for
    a part is, where the stream is closed, and where nobody holds it any more, as behind a `break` out of
    `async for part in session.stream(...)`.
    """

    def __init__(self, stream: ThreadedPartStream, turn: Turn, post: Callable[[Callable[[], object]], bool]) -> None:
        """For the session."""
        super().__init__(stream, turn)
        self._stream = stream
        self._post = post

    def __aiter__(self) -> PartStream:
        return self

    async def __anext__(self) -> Any:
        try:
            return await super().__anext__()
        except StopAsyncIteration:
            raise
        except BaseException:
            self.close()
            raise

    @property
    def call(self) -> Call:
        """The call behind the stream: `done`, `cancel`, `exception`. Its result is None."""
        return self._stream.call

    def close(self) -> None:
        """Cancels the call if it goes on; parts that wait are dropped. Idempotent, never blocks."""
        self._stream.close()

    def __del__(self) -> None:
        if not self._stream.call.done():
            # Not here: who collects garbage may hold a lock of the session.
            self._post(self._stream.close)

    async def __aenter__(self) -> PartStream:
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()
