"""Message types and their logical names: one table for the process."""
from __future__ import annotations


from ._dataclasses import dataclasses
from ._records import logical_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Type, TypeVar, overload

    from typing_extensions import dataclass_transform

    T = TypeVar("T")
else:

    def dataclass_transform(**_options: Any) -> Callable[[T], T]:
        return lambda function: function

    def overload(function: T) -> T:
        return function


_MAX_NAME_CHARS = 200
_RESERVED = "streamipc."
_LEVELS = ("ALL", "TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "OFF")
_types: Dict[str, type] = {}


@overload
def message(cls: Type[T]) -> Type[T]: ...


@overload
def message(*, name: str) -> Callable[[Type[T]], Type[T]]: ...


@dataclass_transform(frozen_default=True)
def message(cls: Optional[Type[Any]] = None, *, name: Optional[str] = None) -> Any:
    """Makes a class a message: a frozen dataclass with a logical name, under which both sides know it.

    The name is the class name, `Outer.Inner` for a nested class, or `name`. Declare messages before `Session.stdio()`,
    which tells the other side of them. A class that is a dataclass already is taken as it is. Raises ValueError for a
    name that is taken or has blanks in it.
    """
    if cls is None:
        return lambda named: _declare(named, name)
    return _declare(cls, name)


def _declare(cls: Type[T], name: Optional[str]) -> Type[T]:
    if not isinstance(cls, type) or issubclass(cls, tuple) or hasattr(cls, "__members__"):
        raise TypeError(f"no class that can be a message: message={cls!r}; write a plain class with annotations")
    if "__dataclass_params__" not in cls.__dict__:
        if cls.__doc__ is None:
            cls.__doc__ = f"{cls.__name__}({', '.join(cls.__dict__.get('__annotations__', ()))})"
        cls = dataclasses.dataclass(frozen=True)(cls)
    if name is not None:
        if not isinstance(name, str):
            raise TypeError(f"logical name is no text: name={name!r}")
        setattr(cls, "__streamipc_name__", name)
    known_as = logical_name(cls)
    if not 0 < len(known_as) <= _MAX_NAME_CHARS or not known_as.isprintable() or " " in known_as:
        raise ValueError(f"no logical name: name={known_as!r}; use 1 to 200 printable characters without blanks")
    if known_as.startswith(_RESERVED):
        raise ValueError(f"logical name is reserved: name={known_as}; choose one that does not begin with {_RESERVED}")
    taken = _types.get(known_as)
    # The same place declared again (a module loaded anew) replaces the type; another place is a mistake.
    if taken is not None and (taken.__module__, taken.__qualname__) != (cls.__module__, cls.__qualname__):
        raise ValueError(
            f"logical name is taken: name={known_as}, by={taken.__module__}.{taken.__qualname__};"
            f" give one of them another with @message(name=...)"
        )
    _types[known_as] = cls
    return cls


def built_in(cls: type) -> None:
    """Takes a message of the library's own in, whose name is reserved."""
    _types[logical_name(cls)] = cls


def declared() -> List[type]:
    """Returns all message types declared so far, in order."""
    return list(_types.values())


@message
class LogMessage:
    """A line of text with a level. Every side knows this type without being told."""

    message: str
    level: str = "INFO"

    def __post_init__(self) -> None:
        if not isinstance(self.message, str):
            raise ValueError(f"log message without text: message={self.message!r}")
        if self.level is None:
            object.__setattr__(self, "level", "INFO")
        elif self.level not in _LEVELS:
            raise ValueError(f"unknown level: level={self.level!r}; use one of {', '.join(_LEVELS)}")
