"""How a program on asyncio says what it handles."""
from __future__ import annotations

from ._aio_tasks import Tasks
from ._frame import BRINGS_PARTS, WANT_PARTS
from ._signatures import is_async_generator, is_coroutine, is_generator, takes_values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Type, TypeVar, overload

    from ._aio_loop import Loop, Room
    from ._aio_parts import Parts
    from ._running import RequestContext
    from ._session import Session
    from ._typed import Flow, Later, TakesMessagesLater, TakesRequestsLater, TakesStreamsLater, TakesUploadsLater

    M = TypeVar("M")
else:

    def overload(function: Any) -> Any:
        return function


class Registration:
    """The part of a session on asyncio that takes handlers. For the thread of the loop, or before it runs."""

    def __init__(self, session: Session, loop: Loop, room: Room) -> None:
        """For the session."""
        self._session = session
        self._handlers = session._handlers
        self._loop = loop
        self._tasks = Tasks(loop, room)

    @overload
    def on_request(self, cls: Type[M]) -> TakesRequestsLater[M]: ...

    @overload
    def on_request(self, cls: Type[M], handler: Callable[[M], Later]) -> Callable[[M], Later]: ...

    @overload
    def on_request(
        self, cls: Type[M], handler: Callable[[M, RequestContext], Later]
    ) -> Callable[[M, RequestContext], Later]: ...

    def on_request(self, cls: Type[Any], handler: Optional[Callable[..., Any]] = None) -> Any:
        """Registers the coroutine function that answers requests of a type, as a decorator or with the function.

        It takes the message, and a `RequestContext` if it has a second parameter without a default. Each request has a
        task of its own, begun in order of arrival, which is cancelled when nobody waits for the answer any more. What
        it raises reaches the caller as text; None is Rejected (UNHANDLED). A type has one; the last one counts. A plain
        function runs on the event loop as well, and holds it up.
        """
        if handler is None:
            self._handlers.route_to_listen(cls)
            return lambda function: self.on_request(cls, function)
        if is_async_generator(handler):
            return self.on_stream(cls, handler)
        later = self._tasks.later(handler, takes_values(handler, 2))
        self._handlers.add_later(cls, 0, later)
        return handler

    @overload
    def on_stream(self, cls: Type[M]) -> TakesStreamsLater[M]: ...

    @overload
    def on_stream(self, cls: Type[M], handler: Callable[[M], Flow]) -> Callable[[M], Flow]: ...

    @overload
    def on_stream(
        self, cls: Type[M], handler: Callable[[M, RequestContext], Flow]
    ) -> Callable[[M, RequestContext], Flow]: ...

    def on_stream(self, cls: Type[Any], handler: Optional[Callable[..., Any]] = None) -> Any:
        """Registers the asynchronous generator that answers requests for a stream of parts with what it yields.

        It takes the message, and a `RequestContext` if it has a second parameter without a default. It runs in a task
        of its own, one part ahead of what the caller wants; where nobody wants the rest, the task is cancelled, or the
        generator closed. At most 1,024 handlers of streams run at a time; beyond that a request is Rejected
        (QUEUE_FULL). A type has one; the last one counts. Raises TypeError for a coroutine function or a generator.
        """
        if handler is None:
            self._handlers.route_to_listen(cls)
            return lambda function: self.on_stream(cls, function)
        if is_coroutine(handler) or is_generator(handler):
            raise TypeError(f"no asynchronous generator: handler={handler!r}; write `async def` and `yield` each part")
        later = self._tasks.later(handler, takes_values(handler, 2))
        self._handlers.add_later(cls, WANT_PARTS, later)
        return handler

    @overload
    def on_upload(self, cls: Type[M]) -> TakesUploadsLater[M]: ...

    @overload
    def on_upload(self, cls: Type[M], handler: Callable[[M, Parts], Later]) -> Callable[[M, Parts], Later]: ...

    @overload
    def on_upload(
        self, cls: Type[M], handler: Callable[[M, Parts, RequestContext], Later]
    ) -> Callable[[M, Parts, RequestContext], Later]: ...

    def on_upload(self, cls: Type[Any], handler: Optional[Callable[..., Any]] = None) -> Any:
        """Registers the coroutine function that answers requests of a type that bring a stream of parts along.

        It takes the message, the `Parts`, an asynchronous iterator of messages, and a `RequestContext` if it has a
        third parameter without a default. It may answer before the last part has come. An asynchronous generator
        answers requests that bring a stream and want one. Otherwise as `on_request` and `on_stream`.
        """
        if handler is None:
            self._handlers.route_to_listen(cls)
            return lambda function: self.on_upload(cls, function)
        streams = BRINGS_PARTS | WANT_PARTS if is_async_generator(handler) else BRINGS_PARTS
        later = self._tasks.later(handler, takes_values(handler, 3))
        self._handlers.add_later(cls, streams, later)
        return handler

    @overload
    def on_message(self, cls: Type[M]) -> TakesMessagesLater[M]: ...

    @overload
    def on_message(self, cls: Type[M], handler: Callable[[M], Later]) -> Callable[[M], Later]: ...

    def on_message(self, cls: Type[Any], handler: Optional[Callable[..., Any]] = None) -> Any:
        """Registers a coroutine function that hears messages of a type, as a decorator or with the function.

        Each message has a task of its own, begun in order of arrival. What it raises is logged. Where 10,000 of them go
        on, further messages are dropped, and the first one that is so is logged.
        """
        if handler is None:
            self._handlers.route_to_listen(cls)
            return lambda function: self.on_message(cls, function)
        self._session.on_message(cls, self._tasks.hearing(handler))
        return handler
