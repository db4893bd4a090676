"""A request that brings parts along, as a program on asyncio makes it."""
from __future__ import annotations

from ._aio_parts import Turn, send
from ._parts import StreamOver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Callable, Optional, Tuple, Type

    from ._aio_loop import Loop, Room
    from ._call import Call
    from ._parts import PartsOut


class Upload:
    """A request that brings parts along: `await send(part)` for each, then `await result()`. A context manager.

    The call is cancelled where a task that waits in one of the two is, where the `async with` block is left before its
    end, and where nobody holds it any more. Several tasks may send.
    """

    def __init__(self, call: Call, out: PartsOut, encode: Callable[[Any], Any], wires: Tuple[Loop, Room]) -> None:
        """For the session."""
        self._call = call
        self._out = out
        self._encode = encode
        self._loop, self._room = wires
        self._turn = Turn(self._loop, out)
        self._is_whole = False

    @property
    def call(self) -> Call:
        """The call behind the upload: `done`, `cancel`, `exception`, `result`."""
        return self._call

    async def send(self, part: object) -> bool:
        """Waits until a part is wanted and sends it; False, and it is not sent, if the answer has come already.

        Raises the `IpcFailure` that ended the call; Rejected or Undecodable for a part that can't be sent, and the
        call goes on; RuntimeError behind `result`.
        """
        if self._is_whole:
            raise RuntimeError("no part can be sent behind the last one: result() said that it was")
        encoded = self._encode(part)
        try:
            if not self._call.done():
                await send(self._out, self._turn, self._room, encoded)
                return True
        except StreamOver:
            pass
        except BaseException:
            self._call.cancel("the task that sends parts was cancelled")
            raise
        failure = self._call.exception()
        if failure is not None:
            raise failure
        return False

    async def result(self) -> Any:
        """Says that there are no more parts, and waits for the answer; raises the `IpcFailure` that ended the call."""
        if not self._is_whole:
            self._is_whole = True
            if not self._call.done():
                self._out.end()
        return await self._loop.answer_to(self._call)

    def close(self) -> None:
        """Cancels the call if it goes on. Idempotent, never blocks."""
        self._call.cancel("the upload was closed before its end")

    def __del__(self) -> None:
        call = self._call
        if not call.done():
            # Not here: who collects garbage may hold a lock of the session.
            self._loop.post(lambda: call.cancel("the upload was left before its end"))

    async def __aenter__(self) -> Upload:
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()
