"""A stream of parts as a program on asyncio reads it."""
from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, AsyncIterator, Optional, Type

    from ._pending import Call
    from ._stream import PartStream


class Parts:
    """The parts of a stream: an asynchronous iterator, and a context manager that closes it."""

    def __init__(self, stream: PartStream) -> None:
        """For the session."""
        self._stream = stream
        self._thread = ThreadPoolExecutor(1, "streamipc-parts")

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        end = object()
        try:
            part = await asyncio.get_running_loop().run_in_executor(self._thread, next, self._stream, end)
        except BaseException:
            self.close()
            raise
        if part is end:
            self.close()
            raise StopAsyncIteration
        return part

    @property
    def call(self) -> Call:
        """The call behind the stream."""
        return self._stream.call

    def close(self) -> None:
        """Cancels the call if it goes on. Idempotent, never blocks."""
        self._stream.close()
        self._thread.shutdown(wait=False)

    async def __aenter__(self) -> Parts:
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()
