"""What type checkers are told of the functions that take handlers: a handler stays what it is. Never imported."""
from __future__ import annotations

from typing import AsyncIterator, Awaitable, Callable, Protocol, TypeVar, Union, overload

from ._aio_parts import Parts as LaterParts
from ._running import RequestContext
from ._stream import Parts

M = TypeVar("M")
R = TypeVar("R")
Later = TypeVar("Later", bound=Union[Awaitable[object], AsyncIterator[object]])
Flow = TypeVar("Flow", bound=AsyncIterator[object])


class TakesRequests(Protocol[M]):
    """The decorator of `on_request`."""

    @overload
    def __call__(self, handler: Callable[[M], R]) -> Callable[[M], R]: ...

    @overload
    def __call__(self, handler: Callable[[M, RequestContext], R]) -> Callable[[M, RequestContext], R]: ...


class TakesUploads(Protocol[M]):
    """The decorator of `on_upload`."""

    @overload
    def __call__(self, handler: Callable[[M, Parts], R]) -> Callable[[M, Parts], R]: ...

    @overload
    def __call__(
        self, handler: Callable[[M, Parts, RequestContext], R]
    ) -> Callable[[M, Parts, RequestContext], R]: ...


class TakesMessages(Protocol[M]):
    """The decorator of `on_message`."""

    def __call__(self, handler: Callable[[M], R]) -> Callable[[M], R]: ...


class TakesRequestsLater(Protocol[M]):
    """The same on asyncio: of `on_request`."""

    @overload
    def __call__(self, handler: Callable[[M], Later]) -> Callable[[M], Later]: ...

    @overload
    def __call__(
        self, handler: Callable[[M, RequestContext], Later]
    ) -> Callable[[M, RequestContext], Later]: ...


class TakesStreamsLater(Protocol[M]):
    """The same on asyncio: of `on_stream`."""

    @overload
    def __call__(self, handler: Callable[[M], Flow]) -> Callable[[M], Flow]: ...

    @overload
    def __call__(self, handler: Callable[[M, RequestContext], Flow]) -> Callable[[M, RequestContext], Flow]: ...


class TakesUploadsLater(Protocol[M]):
    """The same on asyncio: of `on_upload`."""

    @overload
    def __call__(self, handler: Callable[[M, LaterParts], Later]) -> Callable[[M, LaterParts], Later]: ...

    @overload
    def __call__(
        self, handler: Callable[[M, LaterParts, RequestContext], Later]
    ) -> Callable[[M, LaterParts, RequestContext], Later]: ...


class TakesMessagesLater(Protocol[M]):
    """The same on asyncio: of `on_message`."""

    def __call__(self, handler: Callable[[M], Later]) -> Callable[[M], Later]: ...
