"""Sessions for programs that run on asyncio: coroutine handlers, and calls to wait for. Imported only when asked for.

A session of `streamipc` does the work on its own threads; this one passes on to the event loop what comes.
"""
from __future__ import annotations

import asyncio
from contextvars import ContextVar
from threading import Thread
from time import monotonic

from ._aio_by_name import ByName
from ._aio_parts import Parts
from ._session import Session as ThreadedSession

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Callable, Optional, Set, Type, Union

    from ._later import OpenAnswer
    from ._pending import Call
    from ._stream import PartTypes
    from ._updates import Progress

_DEFAULT_TIMEOUT_SECONDS = 30.0
# When the request that a task handles is due.
_due: ContextVar[Optional[float]] = ContextVar("streamipc_due", default=None)
_is_handling: ContextVar[bool] = ContextVar("streamipc_is_handling", default=False)


class Session(ByName):
    """Wraps a session; one event loop uses it. Failures are the same.

    Handlers of streams, and uploads, are left to the wrapped `session`, whose threads they need.
    """

    def __init__(self, session: ThreadedSession) -> None:
        """Takes an open session over, for instance `Session(streamipc.Session.stdio())`."""
        self.session = session
        self._tasks: Set[asyncio.Task[Any]] = set()
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self.take_functions()

    @classmethod
    def stdio(cls, **options: Any) -> Session:
        """As `streamipc.Session.stdio`. Blocks until the parent's HELLO: call it first, on the main thread."""
        return cls(ThreadedSession.stdio(**options))

    @classmethod
    async def spawn(cls, command: Any, **options: Any) -> Session:
        """As `streamipc.Session.spawn`; other tasks go on meanwhile."""
        return cls(await _in_thread(lambda: ThreadedSession.spawn(command, **options)))

    @classmethod
    async def unix(cls, path: Any, **options: Any) -> Session:
        """As `streamipc.Session.unix`; other tasks go on meanwhile."""
        return cls(await _in_thread(lambda: ThreadedSession.unix(path, **options)))

    def on_request(self, cls: type, handler: Any = None) -> Any:
        """Registers the coroutine function that answers requests of a type, as a decorator or with the function.

        It takes the message, and a `RequestContext` if it has a second parameter without a default. Each request has a
        task of its own, begun in order of arrival, which is cancelled when nobody waits for the answer any more. What
        it raises reaches the caller as text; None is Rejected (UNHANDLED). A type has one; the last one counts.
        """
        if handler is None:
            return lambda function: self.on_request(cls, function)
        from ._signatures import takes_values

        wants_context = takes_values(handler, 2)

        def begin(message: Any, answer: OpenAnswer) -> None:
            arguments = (message, answer.context) if wants_context else (message,)
            if not self._post(lambda: self._begin(lambda: handler(*arguments), answer)):
                answer.settle(None, RuntimeError("the event loop is closed"))

        self.session._handlers.add_later(cls, begin)
        return handler

    def on_message(self, cls: type, handler: Any = None) -> Any:
        """Registers a coroutine function that hears messages of a type; each has a task of its own."""
        if handler is None:
            return lambda function: self.on_message(cls, function)

        def hear(message: Any) -> None:
            self._post(lambda: self._keep(handler(message)))

        self.session.on_message(cls, hear)
        return handler

    async def request(
        self,
        message: object,
        timeout: Optional[float] = _DEFAULT_TIMEOUT_SECONDS,
        *,
        on_progress: Optional[Callable[[Progress], object]] = None,
    ) -> Any:
        """Asks the other side and returns the answer; raises the `IpcFailure` that ended the call.

        `on_progress` is called on the event loop, all before the answer is here. Cancelling the task cancels the call.
        In a handler the call gets no more than the rest of the handler's time.
        """
        loop = self._here()
        due = _due.get()
        if due is not None:
            rest = max(0.0, due - monotonic())
            timeout = rest if timeout is None else min(timeout, rest)

        call = self.session.request(message, timeout, on_progress=self._on_loop(on_progress) if on_progress else None)
        future = loop.create_future()
        call.when_done(lambda: self._post(lambda: _settle(future, call)))
        try:
            return await future
        except asyncio.CancelledError:
            call.cancel("the task that waits was cancelled")
            raise

    def notify(self, message: object) -> None:
        """As `streamipc.Session.notify`."""
        self.session.notify(message)

    def stream(
        self, message: object, parts: PartTypes, *, deadline: Optional[float] = _DEFAULT_TIMEOUT_SECONDS
    ) -> Parts:
        """Asks for a stream; returns an asynchronous iterator of its parts, and context manager that closes it."""
        self._here()
        return Parts(self.session.stream(message, parts, deadline=deadline))

    async def serve(self) -> None:
        """Has requests and messages handled until the session ends; raises as `streamipc.Session.serve`.

        Handlers run as long as this is awaited; cancelling it closes the session.
        """
        loop = self._here()
        future = loop.create_future()

        def run() -> None:
            failure: Optional[BaseException] = None
            try:
                self.session.serve()
            except BaseException as error:
                failure = error
            self._post(lambda: _finish(future, failure))

        Thread(target=run, name="streamipc-serve", daemon=True).start()
        try:
            await future
        finally:
            await self.close()

    async def close(self) -> None:
        """As `streamipc.Session.close`; other tasks go on meanwhile. In a handler it does not wait for the end."""
        self._here()
        if _is_handling.get():
            Thread(target=self.session.close, name="streamipc-close", daemon=True).start()
        else:
            await _in_thread(self.session.close)

    async def __aenter__(self) -> Session:
        self._here()
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self.close()

    def _here(self) -> asyncio.AbstractEventLoop:
        self._loop = asyncio.get_running_loop()
        return self._loop

    def _on_loop(self, callback: Callable[[Progress], object]) -> Callable[[Progress], object]:
        return lambda progress: self._post(lambda: callback(progress))

    def _post(self, action: Callable[[], object]) -> bool:
        """Runs it on the loop, from any thread; false if that was closed."""
        try:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(action)
            return self._loop is not None
        except RuntimeError:
            return False

    def _keep(self, coroutine: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _begin(self, handler: Callable[[], Any], answer: OpenAnswer) -> None:
        left = answer.context.time_left()
        tokens = _due.set(None if left is None else monotonic() + left), _is_handling.set(True)
        try:
            task = self._keep(handler())
        except Exception as error:
            answer.settle(None, error)
            return
        finally:
            _due.reset(tokens[0])
            _is_handling.reset(tokens[1])
        timer = None if left is None else asyncio.get_running_loop().call_later(left + 0.002, lambda: look())

        def look() -> None:
            if answer.context.cancelled:
                task.cancel()

        def settle(_: Any) -> None:
            if timer is not None:
                timer.cancel()
            error = asyncio.CancelledError() if task.cancelled() else task.exception()
            answer.settle(None if error else task.result(), error)

        task.add_done_callback(settle)
        answer.when_unsure(lambda: self._post(look))


async def _in_thread(action: Callable[[], Any]) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, action)


def _settle(future: Union[asyncio.Future[Any], Any], call: Call) -> None:
    failure = call.exception()
    if not future.done():
        if failure is None:
            future.set_result(call.result())
        else:
            future.set_exception(failure)


def _finish(future: asyncio.Future[None], failure: Optional[BaseException]) -> None:
    if not future.done():
        if failure is None:
            future.set_result(None)
        else:
            future.set_exception(failure)
