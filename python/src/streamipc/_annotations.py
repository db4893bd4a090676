"""Annotations as types: text is looked up, and names become what they stand for. Imported when first needed."""
from __future__ import annotations

import sys
import typing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, Optional

    Places = Optional[Dict[str, Any]]

_ALIAS = "TypeAliasType"
_ADVICE = "; before Python 3.10 write Optional[int] and List[int]"


def hints_of_class(cls: type, name: str, known: Iterable[type]) -> Dict[str, Any]:
    """Returns the annotations of a class; raises TypeError for one that stands for nothing.

    Classes in a function or in another class are no names of their module: there, messages of `known` are looked for.
    """
    try:
        return _hints(cls, None)
    except NameError:
        return _looked_up(cls, f"type={name}", _near(cls, known))
    except Exception:
        # Once more, for its text.
        return _looked_up(cls, f"type={name}", None)


def hints_of_function(function: Any, name: str) -> Dict[str, Any]:
    """Returns the annotations of a function; raises TypeError for one that stands for nothing."""
    return _looked_up(function, f"function={name}", None)


def _looked_up(one: Any, facts: str, places: Places) -> Dict[str, Any]:
    try:
        return _hints(one, places)
    except Exception as error:
        advice = _ADVICE if isinstance(error, TypeError) and sys.version_info < (3, 10) else ""
        raise TypeError(f"annotation can't be resolved: {facts}, cause={error}{advice}") from error


def _hints(one: Any, places: Places) -> Dict[str, Any]:
    hints = typing.get_type_hints(one, None, places)
    if sys.version_info >= (3, 9):
        return hints

    # Text in what was text itself is looked up by later versions only.
    def holder() -> None: ...

    holder.__annotations__ = hints
    return typing.get_type_hints(holder, vars(sys.modules[one.__module__]), places)


def _near(cls: type, known: Iterable[type]) -> Dict[str, Any]:
    near = {}
    for one in sorted(known, key=lambda each: len(each.__qualname__)):
        around = one.__qualname__.rpartition(".")[0]
        if around and one.__module__ == cls.__module__ and cls.__qualname__.startswith(around + "."):
            near[one.__name__] = one
    return {**near, **{name: value for name, value in vars(cls).items() if isinstance(value, type)}}


def meant(hint: Any) -> Any:
    """Returns what `NewType`, `Annotated`, `Final` or an alias stands for; all else as it is."""
    while True:
        if hasattr(hint, "__supertype__"):
            hint = hint.__supertype__
        elif hasattr(hint, "__metadata__"):
            hint = hint.__origin__
        elif type(hint).__name__ == _ALIAS:
            hint = hint.__value__
        elif typing.get_origin(hint) is typing.Final:
            hint = typing.get_args(hint)[0]
        else:
            return hint
