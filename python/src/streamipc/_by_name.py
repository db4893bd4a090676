"""Functions by name, docs/PROTOCOL.md section 15: the register, and the two messages by which they are called."""
from __future__ import annotations

from ._attachments import came, decode
from ._failure_json import NotEntered, rejected, text_of, undecodable
from ._json import write_str
from ._message import built_in
from ._records import Record, plan_of, put_record
from ._scalars import BadValue, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Sequence, TypeVar, overload

    from ._parameters import Parameters

    F = TypeVar("F", bound=Callable[..., Any])
else:

    def overload(function: Any) -> Any:
        return function


_MAX_NAME_CHARS = 200
_MAX_NAMES_TOLD = 20


def write_natural(value: Any) -> str:
    """Returns the JSON text of a value that is annotated nowhere."""
    # Imported when first needed, as are parameters: most programs call no function by name.
    from ._natural import write

    return write(value)


class FunctionCall:
    """Asks for a function by its name. Every side knows this type without being told."""

    __slots__ = ("function", "arguments", "came", "value_of")
    __streamipc_name__ = "streamipc.Call"

    def __init__(self, function: str, arguments: Sequence[Any], value_of: Callable[[Any], Any]) -> None:
        self.function = function
        self.arguments = arguments
        self.came: Optional[Sequence[Any]] = None
        # What its caller gets of the answer.
        self.value_of = value_of


class FunctionValue:
    """What a function returned. Every side knows this type without being told."""

    __slots__ = ("value", "came", "write")
    __streamipc_name__ = "streamipc.Value"

    def __init__(self, value: Any, write: Callable[[Any], str] = write_natural) -> None:
        self.value = value
        self.came: Optional[Sequence[Any]] = None
        self.write = write

    def read(self, reader: Callable[[Any], Any]) -> Any:
        """Returns the value as its caller wants it."""
        try:
            return decode(lambda _: reader(self.value), b"", self.came or ())
        except BadValue as bad:
            raise bad.within("value") from None


def asked(name: str, arguments: Sequence[Any], returns: Any) -> FunctionCall:
    """Returns a call whose value is checked against an annotation; raises TypeError if JSON has no form for that."""
    try:
        reader = plan_of(returns)[0]
    except TypeError as error:
        raise TypeError(f"no JSON form: function={name}, returns={error}") from None

    def value_of(answer: Any) -> Any:
        return answer.read(reader) if isinstance(answer, FunctionValue) else refuse("streamipc.Value", answer)

    return FunctionCall(name, arguments, value_of)


class _CallRecord(Record):
    def read(self, tree: Any) -> Any:
        if type(tree) is not dict or type(tree.get("function")) is not str:
            refuse("object with the name of a function", tree)
        arguments = tree.get("arguments")
        if arguments is not None and type(arguments) is not list:
            raise BadValue("array", type(arguments).__name__, "arguments")
        call = FunctionCall(tree["function"], arguments or (), FunctionValue)
        call.came = came()
        return call

    def write(self, value: Any) -> str:
        try:
            arguments = write_natural(list(value.arguments))
        except BadValue as bad:
            raise bad.within("arguments") from None
        return f'{{"function":{write_str(value.function)},"arguments":{arguments}}}'

    def resolve(self) -> Any:
        return []


class _ValueRecord(Record):
    def read(self, tree: Any) -> Any:
        value = FunctionValue(tree.get("value") if type(tree) is dict else refuse("object", tree))
        value.came = came()
        return value

    def write(self, value: Any) -> str:
        try:
            return f'{{"value":{value.write(value.value)}}}'
        except BadValue as bad:
            raise bad.within("value") from None

    def resolve(self) -> Any:
        return []


put_record(FunctionCall, _CallRecord(FunctionCall))
put_record(FunctionValue, _ValueRecord(FunctionValue))
built_in(FunctionCall)
built_in(FunctionValue)


class Register:
    """Functions by their names. Safe for all threads."""

    def __init__(self) -> None:
        self._by_name: Dict[str, Parameters] = {}

    def add(self, function: Callable[..., Any], name: Optional[str]) -> Parameters:
        """Takes a function in; raises ValueError for a name that is taken, TypeError for one that can't be called."""
        known_as = name if name is not None else getattr(function, "__name__", "")
        if not isinstance(known_as, str) or not 0 < len(known_as) <= _MAX_NAME_CHARS or not known_as.isprintable():
            raise ValueError(f"name of a function refused: name={known_as!r}; use 1 to 200 printable characters")
        from ._parameters import Parameters

        entry = Parameters(function, known_as)
        taken = self._by_name.get(known_as)
        # The same place declared again, as for messages, replaces it.
        if taken is not None and taken.place != entry.place:
            raise ValueError(
                f"name of a function is taken: name={known_as}, by={taken.place}; choose another with name=..."
            )
        self._by_name[known_as] = entry
        return entry

    def get(self, name: str) -> Optional[Parameters]:
        """Returns a function, None if there is none of this name."""
        return self._by_name.get(name)

    def names(self) -> List[str]:
        """Returns all names."""
        return list(self._by_name)


_everywhere = Register()


@overload
def function(taken: F) -> F: ...


@overload
def function(*, name: str) -> Callable[[F], F]: ...


def function(taken: Any = None, *, name: Optional[str] = None) -> Any:
    """Lets the other side of every session call a function by its name, or by `name`.

    What it is given has the types of its annotations, checked as the fields of messages are; a parameter without one is
    given the value as it came. One annotated `RequestContext` gets that of the call. What it returns is a message or an
    everyday value, or None. Raises ValueError for a name that is taken, TypeError for a parameter that can't be given.
    """

    def add(one: Any) -> Any:
        _everywhere.add(one, name)
        return one

    return add if taken is None else add(taken)


class Functions:
    """The functions of one session: its own, and those of all."""

    def __init__(self) -> None:
        self.own = Register()

    def entered(self, call: FunctionCall, context: Any) -> Any:
        """Calls a function; returns what it returns, and how that is written. Raises NotEntered."""
        entry = self.own.get(call.function) or _everywhere.get(call.function)
        if entry is None:
            raise NotEntered(rejected("UNHANDLED", self._why_unknown(call.function)))
        take = entry.values
        try:
            values = decode(lambda _: take(call.arguments, context), b"", call.came or ())
        except ValueError as error:
            facts = f"argument does not fit: function={entry.name}, {text_of(error)}"
            raise NotEntered(undecodable("ARGUMENT", FunctionCall.__streamipc_name__, facts)) from None
        return entry.function(*values), entry.writer() or write_natural

    def answer(self, call: FunctionCall, context: Any) -> FunctionValue:
        """Handles a call."""
        value, write = self.entered(call, context)
        if hasattr(value, "__await__"):
            getattr(value, "close", lambda: None)()
            name = call.function
            raise TypeError(f"coroutine function on a session without asyncio: function={name}; use aio.Session")
        return FunctionValue(value, write)

    def _why_unknown(self, name: str) -> str:
        known = sorted({*self.own.names(), *_everywhere.names()})
        told = ", ".join(known[:_MAX_NAMES_TOLD])
        return (
            f"no such function: function={name[:_MAX_NAME_CHARS]}, known=[{told}], knownCount={len(known)};"
            f" register it on the other side"
        )
