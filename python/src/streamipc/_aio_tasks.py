"""The handlers of a session on asyncio: a task for each request, cancelled when nobody waits for its answer."""
from __future__ import annotations

import asyncio
from contextvars import ContextVar
from threading import Lock
from time import monotonic

from ._aio_parts import Parts, Turn, send
from ._log import log
from ._noticed import Drops
from ._records import logical_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AsyncIterator, Callable, List, Optional

    from ._aio_loop import Loop, Room
    from ._later import OpenAnswer

# When the request that a task handles is due.
_due: ContextVar[Optional[float]] = ContextVar("streamipc_due", default=None)
_is_handling: ContextVar[bool] = ContextVar("streamipc_is_handling", default=False)
# So many messages may have a task that goes on, or is to begin.
MAX_MESSAGES = 10_000
# Until so much behind the deadline the caller may still wait.
_LATE_SECONDS = 0.002


def is_handling() -> bool:
    """Returns whether the task that runs handles a request, or was made by one that does."""
    return _is_handling.get()


def within_due(timeout: Optional[float]) -> Optional[float]:
    """Returns how long a call of the task that runs may take: no longer than its own request has time."""
    due = _due.get()
    if due is None:
        return timeout
    rest = max(0.0, due - monotonic())
    return rest if timeout is None else min(timeout, rest)


async def _run(handler: Callable[..., Any], *arguments: Any) -> Any:
    value = handler(*arguments)
    return await value if hasattr(value, "__await__") else value


class Tasks:
    """Begins the tasks."""

    def __init__(self, loop: Loop, room: Room) -> None:
        self._loop = loop
        self._room = room
        self._lock = Lock()
        # Guarded by the lock.
        self._heard = 0
        self._drops = Drops()

    def later(self, handler: Callable[..., Any], wants_context: bool) -> Callable[[Any, OpenAnswer], None]:
        """Returns what takes requests for this handler, with or without streams, from any thread."""

        def begin(message: Any, answer: OpenAnswer) -> None:
            def start() -> Any:
                return self._handle(handler, wants_context, message, answer)

            if not self._loop.post(lambda: self._begin(start, answer)):
                answer.settle(None, RuntimeError("the event loop is closed"))

        return begin

    def hearing(self, handler: Callable[[Any], Any]) -> Callable[[Any], None]:
        """Returns what takes messages for this handler, from any thread."""

        def hear(message: Any) -> None:
            with self._lock:
                self._heard += 1
                is_too_many = self._heard > MAX_MESSAGES
            if is_too_many or not self._loop.post(lambda: self._loop.keep(self._hear(handler, message))):
                self._drops.note("message")
                self._hear_less()

        return hear

    def _hear_less(self) -> None:
        with self._lock:
            self._heard -= 1

    async def _hear(self, handler: Callable[[Any], Any], message: Any) -> None:
        try:
            await _run(handler, message)
        except Exception:
            log().exception("message handler failed: type=%s", logical_name(type(message)))
        finally:
            self._hear_less()

    def _handle(self, handler: Callable[..., Any], wants_context: bool, message: Any, answer: OpenAnswer) -> Any:
        """Returns the coroutine that answers."""
        exchange = answer.exchange
        arguments: List[Any] = [message]
        if exchange.parts_in is not None and answer.parts is not None:
            arguments.append(Parts(answer.parts, Turn(self._loop, exchange.parts_in)))
            exchange.parts_in.begin()
        if wants_context:
            arguments.append(answer.context)
        if exchange.parts_out is None:
            return _run(handler, *arguments)
        return self._send_all(handler(*arguments), answer)

    async def _send_all(self, parts: AsyncIterator[Any], answer: OpenAnswer) -> None:
        out = answer.exchange.parts_out
        assert out is not None
        turn = Turn(self._loop, out)
        try:
            async for part in parts:
                await send(out, turn, self._room, answer.encode_part(part))
        finally:
            close = getattr(parts, "aclose", None)
            if close is not None:
                await close()

    def _begin(self, start: Callable[[], Any], answer: OpenAnswer) -> None:
        left = answer.context.time_left()
        tokens = _due.set(None if left is None else monotonic() + left), _is_handling.set(True)
        try:
            task = self._loop.keep(start())
        except Exception as error:
            answer.settle(None, error)
            return
        finally:
            _due.reset(tokens[0])
            _is_handling.reset(tokens[1])
        timer = None if left is None else asyncio.get_running_loop().call_later(left + _LATE_SECONDS, lambda: look())

        def look() -> None:
            if answer.context.cancelled:
                task.cancel()

        def settle(_: Any) -> None:
            if timer is not None:
                timer.cancel()
            error = asyncio.CancelledError() if task.cancelled() else task.exception()
            answer.settle(None if error else task.result(), error)

        task.add_done_callback(settle)
        answer.when_unsure(lambda: self._loop.post(look))
