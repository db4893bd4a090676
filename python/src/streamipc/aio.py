"""Sessions for programs that run on asyncio: coroutine handlers, and calls to wait for. Imported only when asked for.

A session of `streamipc` does the work on its own threads; this one passes on to the event loop what comes.
"""
from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread

from ._aio_by_name import ByName
from ._aio_loop import Loop, Room
from ._aio_parts import Parts, PartStream, Turn
from ._aio_tasks import is_handling, within_due
from ._aio_upload import Upload
from ._asking import Extra
from ._frame import NUMBER_BYTES
from ._session import Session as ThreadedSession

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Callable, Optional, Type, TypeVar

    from ._stream import PartTypes
    from ._updates import Progress

    T = TypeVar("T")

__all__ = ["PartStream", "Parts", "Session", "Upload"]

_DEFAULT_TIMEOUT_SECONDS = 30.0


class Session(ByName):
    """Wraps a session; one event loop uses it. Failures are the same."""

    def __init__(self, session: ThreadedSession) -> None:
        """Takes an open session over, for instance `Session(streamipc.Session.stdio())`."""
        self.session = session
        loop = Loop()
        self._room = Room(loop, session._outbound)
        super().__init__(session, loop, self._room)
        self.take_functions()

    @classmethod
    def stdio(cls, **options: Any) -> Session:
        """As `streamipc.Session.stdio`. Blocks until the parent's HELLO: call it first, on the main thread."""
        return cls(ThreadedSession.stdio(**options))

    @classmethod
    async def spawn(cls, command: Any, **options: Any) -> Session:
        """As `streamipc.Session.spawn`; other tasks go on meanwhile. Being cancelled leaves no child behind."""
        return cls(await _opened(lambda: ThreadedSession.spawn(command, **options)))

    @classmethod
    async def unix(cls, path: Any, **options: Any) -> Session:
        """As `streamipc.Session.unix`; other tasks go on meanwhile."""
        return cls(await _opened(lambda: ThreadedSession.unix(path, **options)))

    async def request(
        self,
        message: object,
        timeout: Optional[float] = _DEFAULT_TIMEOUT_SECONDS,
        *,
        on_progress: Optional[Callable[[Progress], object]] = None,
        tell_started: bool = False,
    ) -> Any:
        """Asks the other side and returns the answer; raises the `IpcFailure` that ended the call.

        `on_progress` is called on the event loop, all before the answer is here. Cancelling the task cancels the call.
        In a handler the call gets no more than the rest of the handler's time. `tell_started` as for
        `streamipc.Session.request`.
        """
        self._loop.here()
        told = self._on_loop(on_progress) if on_progress else None
        timeout = within_due(timeout)
        call = self.session.request(message, timeout, on_progress=told, tell_started=tell_started)
        return await self._loop.answer_to(call)

    def notify(self, message: object) -> None:
        """As `streamipc.Session.notify`."""
        self.session.notify(message)

    def stream(
        self,
        message: object,
        parts: PartTypes,
        *,
        deadline: Optional[float] = _DEFAULT_TIMEOUT_SECONDS,
        tell_started: bool = False,
    ) -> PartStream:
        """Asks for a stream; returns its parts, an asynchronous iterator, and context manager that closes it.

        Does not wait; never raises an `IpcFailure`, the iteration does. Otherwise as `streamipc.Session.stream`, and
        as `request`.
        """
        self._loop.here()
        stream = self.session.stream(message, parts, deadline=within_due(deadline), tell_started=tell_started)
        incoming = stream.call.exchange.parts_in if stream.call.exchange else None
        assert incoming is not None
        return PartStream(stream, Turn(self._loop, incoming), self._loop.post)

    def upload(
        self, message: object, *, deadline: Optional[float] = _DEFAULT_TIMEOUT_SECONDS, tell_started: bool = False
    ) -> Upload:
        """Asks, and returns what sends parts along and waits for the answer. Does not wait.

        `deadline` is in seconds for all of it, None for none; `tell_started` as for `request`. Never raises an
        `IpcFailure`, `send` and `result` do.
        """
        self._loop.here()
        exchange = self.session._wires.exchange(False, True)
        call = self.session._ask(message, within_due(deadline), Extra(tell_started, exchange))
        assert exchange.parts_out is not None
        wires = self._loop, self._room
        return Upload(call, exchange.parts_out, lambda part: self.session._asking.encode(part, NUMBER_BYTES), wires)

    async def serve(self) -> None:
        """Has requests and messages handled until the session ends; raises as `streamipc.Session.serve`.

        Handlers run as long as this is awaited; cancelling it closes the session.
        """
        loop = self._loop.here()
        future = loop.create_future()

        def run() -> None:
            failure: Optional[BaseException] = None
            try:
                self.session.serve()
            except BaseException as error:
                failure = error
            self._loop.post(lambda: _finish(future, failure))

        Thread(target=run, name="streamipc-serve", daemon=True).start()
        try:
            await future
        finally:
            await self.close()

    async def close(self) -> None:
        """As `streamipc.Session.close`; other tasks go on meanwhile. In a handler it does not wait for the end."""
        # Not in the executor of the loop, whose threads may all be busy; and the end of the program waits for it.
        closing = _in_a_thread(self.session.close, "streamipc-close")
        if not is_handling():
            await asyncio.shield(asyncio.wrap_future(closing))

    async def __aenter__(self) -> Session:
        self._loop.here()
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self.close()

    def _on_loop(self, callback: Callable[[Progress], object]) -> Callable[[Progress], object]:
        return lambda progress: self._loop.post(lambda: callback(progress))


async def _opened(opening: Callable[[], ThreadedSession]) -> ThreadedSession:
    opened = _in_a_thread(opening, "streamipc-open")
    try:
        return await asyncio.shield(asyncio.wrap_future(opened))
    except asyncio.CancelledError:
        # It goes on in its thread; what comes of it is nobody's.
        opened.add_done_callback(_close_what_came)
        raise


def _in_a_thread(action: Callable[[], T], name: str) -> Future[T]:
    pool = ThreadPoolExecutor(1, name)
    try:
        return pool.submit(action)
    finally:
        pool.shutdown(wait=False)


def _close_what_came(opened: Future[ThreadedSession]) -> None:
    if opened.exception() is None:
        Thread(target=opened.result().close, name="streamipc-close", daemon=True).start()


def _finish(future: asyncio.Future[None], failure: Optional[BaseException]) -> None:
    if not future.done():
        if failure is None:
            future.set_result(None)
        else:
            future.set_exception(failure)
