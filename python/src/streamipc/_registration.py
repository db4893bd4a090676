"""How a program says what it handles."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Type, TypeVar, overload

    from ._handlers import Handlers
    from ._running import RequestContext
    from ._stream import Parts
    from ._typed import R, TakesMessages, TakesRequests, TakesUploads

    M = TypeVar("M")
    F = TypeVar("F", bound=Callable[..., Any])
else:

    def overload(function: Any) -> Any:
        return function


class Registration:
    """The part of a session that takes handlers. Safe for all threads."""

    def __init__(self, handlers: Handlers) -> None:
        """For the session."""
        self._handlers = handlers

    @overload
    def on_request(self, cls: Type[M]) -> TakesRequests[M]: ...

    @overload
    def on_request(self, cls: Type[M], handler: Callable[[M], R]) -> Callable[[M], R]: ...

    @overload
    def on_request(
        self, cls: Type[M], handler: Callable[[M, RequestContext], R]
    ) -> Callable[[M, RequestContext], R]: ...

    def on_request(self, cls: Type[Any], handler: Optional[Callable[..., Any]] = None) -> Any:
        """Registers a handler for requests of a type, as a decorator or with the function.

        It takes the message, and a `RequestContext` if it has a second parameter without a default; it returns the
        answer, or None to leave it to the next handler as if it had not come here: where all do so, the caller gets
        Rejected (UNHANDLED), which tells it to be free to ask again. What it raises reaches the caller as text;
        SystemExit and KeyboardInterrupt also end the session, and leave `serve`. Raises TypeError for a class that was
        no message when the session was opened, and for a coroutine function: `streamipc.aio` runs these.

        A generator answers a request for a stream with what it yields, and no other request. It runs on a thread of its
        own, one part ahead of what the caller wants, and is closed where nobody wants the rest. At most 64 handlers of
        streams run at a time; beyond that a request is Rejected (QUEUE_FULL).
        """
        if handler is None:
            self._handlers.route_to_listen(cls)
            return lambda function: self.on_request(cls, function)
        self._handlers.add_request(cls, handler)
        return handler

    @overload
    def function(self, function: F) -> F: ...

    @overload
    def function(self, *, name: str) -> Callable[[F], F]: ...

    def function(self, function: Any = None, *, name: Optional[str] = None) -> Any:
        """Lets the other side of this session call a function by its name, or by `name`; as `streamipc.function`.

        Its annotations are looked up at once: raises TypeError for one that JSON has no form for.
        """

        def add(one: Any) -> Any:
            self._handlers.functions.own.add(one, name).resolve()
            return one

        return add if function is None else add(function)

    @overload
    def on_upload(self, cls: Type[M]) -> TakesUploads[M]: ...

    @overload
    def on_upload(self, cls: Type[M], handler: Callable[[M, Parts], R]) -> Callable[[M, Parts], R]: ...

    @overload
    def on_upload(
        self, cls: Type[M], handler: Callable[[M, Parts, RequestContext], R]
    ) -> Callable[[M, Parts, RequestContext], R]: ...

    def on_upload(self, cls: Type[Any], handler: Optional[Callable[..., Any]] = None) -> Any:
        """Registers a handler for requests of a type that bring a stream of parts along.

        It takes the message, the `Parts`, an iterator of messages, and a `RequestContext` if it has a third parameter
        without a default. It may answer before the last part has come; otherwise as `on_request`, threads of streams
        included. A generator answers requests that bring a stream and want one.
        """
        if handler is None:
            self._handlers.route_to_listen(cls)
            return lambda function: self.on_upload(cls, function)
        self._handlers.add_upload(cls, handler)
        return handler

    @overload
    def on_message(self, cls: Type[M]) -> TakesMessages[M]: ...

    @overload
    def on_message(self, cls: Type[M], handler: Callable[[M], R]) -> Callable[[M], R]: ...

    def on_message(self, cls: Type[Any], handler: Optional[Callable[..., Any]] = None) -> Any:
        """Registers a handler for messages of a type that want no answer; all handlers hear each of them.

        As a decorator or with the function. What it raises is logged. Raises TypeError as `on_request` does.
        """
        if handler is None:
            self._handlers.route_to_listen(cls)
            return lambda function: self.on_message(cls, function)
        self._handlers.add_message(cls, handler)
        return handler
