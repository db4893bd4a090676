"""What a handler looks like: how many values it takes, and whether it yields or awaits."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    Handler = Callable[..., Any]

_CO_GENERATOR, _CO_COROUTINE, _CO_ASYNC_GENERATOR = 0x20, 0x80, 0x200


def takes_values(handler: Handler, count: int) -> bool:
    """Returns whether a handler has to be given exactly so many values."""
    code = getattr(handler, "__code__", None)
    if code is not None and not hasattr(handler, "__wrapped__"):
        bound = 1 if getattr(handler, "__self__", None) is not None else 0
        return bool(code.co_argcount - bound - len(getattr(handler, "__defaults__", None) or ()) == count)
    # Imported late: it costs more start-up time than the whole package.
    from inspect import Parameter, signature

    try:
        parameters = signature(handler).parameters.values()
    except (TypeError, ValueError):
        return False
    given = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return sum(one.kind in given and one.default is Parameter.empty for one in parameters) == count


def is_generator(handler: Handler) -> bool:
    """Returns whether a handler has `yield` in it, so that its answer is a stream of parts."""
    return _is_kind(handler, _CO_GENERATOR)


def is_async_generator(handler: Handler) -> bool:
    """Returns whether a handler is an asynchronous one with `yield` in it."""
    return _is_kind(handler, _CO_ASYNC_GENERATOR)


def is_coroutine(handler: Handler) -> bool:
    """Returns whether a handler is an asynchronous one without `yield` in it."""
    return _is_kind(handler, _CO_COROUTINE)


def refuse_unfit(handler: Handler) -> None:
    """Raises TypeError for a handler that can't be called, or that nobody would run: some need an event loop."""
    if not callable(handler):
        raise TypeError(f"handler can't be called: handler={handler!r}")
    if is_coroutine(handler) or is_async_generator(handler):
        name = getattr(handler, "__qualname__", repr(handler))
        raise TypeError(f"coroutine function on a session without asyncio: function={name}; use aio.Session")


def _is_kind(handler: Handler, flag: int) -> bool:
    function = getattr(handler, "func", handler)
    code = getattr(function, "__code__", None) or getattr(type(function).__call__, "__code__", None)
    return code is not None and bool(code.co_flags & flag)
