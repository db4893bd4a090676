"""The event loop that a session on asyncio passes everything on to."""
from __future__ import annotations

import asyncio
from threading import Thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Set

    from ._call import Call
    from ._outbound import Outbound


class Loop:
    """Knows the loop once a coroutine of the session has run on it. `post` may be called from any thread."""

    def __init__(self) -> None:
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._tasks: Set[asyncio.Task[Any]] = set()

    def here(self) -> asyncio.AbstractEventLoop:
        """Returns the loop that runs on this thread, and keeps it."""
        self._loop = asyncio.get_running_loop()
        return self._loop

    def post(self, action: Callable[[], object]) -> bool:
        """Runs it on the loop; false if that was closed. Never blocks."""
        try:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(action)
            return self._loop is not None
        except RuntimeError:
            return False

    def keep(self, coroutine: Any) -> asyncio.Task[Any]:
        """Makes a task of a coroutine, which the loop alone would not hold."""
        task: asyncio.Task[Any] = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def answer_to(self, call: Call) -> Any:
        """Waits for the end of a call: returns its answer or raises its failure; being cancelled cancels it."""
        future = self.here().create_future()
        call.when_done(lambda: self.post(lambda: _settle(future, call)))
        try:
            return await future
        except asyncio.CancelledError:
            call.cancel("the task that waits was cancelled")
            raise


def _settle(future: asyncio.Future[Any], call: Call) -> None:
    failure = call.exception()
    if not future.done():
        if failure is None:
            future.set_result(call.result())
        else:
            future.set_exception(failure)


class Room:
    """Room in the outbound buffer, to wait for on the loop: one thread waits for all."""

    def __init__(self, loop: Loop, outbound: Outbound) -> None:
        self._loop = loop
        self._outbound = outbound
        self._coming: Optional[asyncio.Future[None]] = None

    def is_here(self) -> bool:
        """Returns whether there is room."""
        return self._outbound.await_room(0)

    async def wait(self) -> None:
        """Waits until there was some, or the stream has ended."""
        if self._coming is None:
            self._coming = self._loop.here().create_future()
            Thread(target=self._await, name="streamipc-room", daemon=True).start()
        # Of those who wait here one may be cancelled, and not the others.
        await asyncio.wait({self._coming})

    def _await(self) -> None:
        self._outbound.await_room()
        self._loop.post(self._came)

    def _came(self) -> None:
        coming, self._coming = self._coming, None
        if coming is not None:
            coming.set_result(None)
