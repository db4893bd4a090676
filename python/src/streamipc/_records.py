"""How dataclasses stand in JSON: plans made from annotations, on first use."""
from __future__ import annotations

from enum import EnumMeta

from ._attachments import PLAN, Attachment
from ._dataclasses import dataclasses
from ._failure_json import text_of
from ._json import TOO_DEEP, encoded, parse, write_str
from ._scalars import PLANS as SCALARS
from ._scalars import BadValue, Unmade, enum_plan, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple, Type

    from ._scalars import Plan, Reader

_PLANS = {**SCALARS, Attachment: PLAN}
_CONTAINERS = (list, tuple, set, frozenset, dict)


def logical_name(cls: type) -> str:
    """Returns the name that travels: what `@message` was given, else the name with its outer classes."""
    given = cls.__dict__.get("__streamipc_name__")
    return given if isinstance(given, str) else cls.__qualname__.rsplit("<locals>.", 1)[-1]


class Record:
    """Reads and writes one dataclass. Its fields are looked up on first use, so that types may name each other."""

    def __init__(self, cls: Type[Any]) -> None:
        self._cls = cls
        self._readers: Optional[List[Tuple[str, Reader]]] = None
        self._writers: List[Tuple[str, str, Callable[[Any], str]]] = []
        # Fields that must be passed by name; true where a missing one takes the default of the class.
        self._by_name: Dict[str, bool] = {}
        # What those are called here that have another name there.
        self._names_here: Dict[str, str] = {}

    def decode(self, body: bytes) -> Any:
        """Returns a message from the bytes of a frame; raises ValueError that names field, expected and found."""
        tree = parse(body)
        return refuse("object", tree) if tree is None else self.read(tree)

    def encode(self, value: Any) -> bytes:
        """Returns the bytes for a frame; raises ValueError where a value does not fit its annotation."""
        try:
            return encoded(self.write(value))
        except RecursionError:
            raise ValueError(TOO_DEEP) from None
        except UnicodeEncodeError as error:
            raise self._lone_surrogate(value, error) from None

    def _lone_surrogate(self, value: Any, error: UnicodeEncodeError) -> BadValue:
        # File names that are no UTF-8 have them.
        bad = BadValue("text of whole characters", f"a lone surrogate {error.object[error.start]!r}")
        for _, name, write in self._writers:
            try:
                write(getattr(value, name)).encode()
            except UnicodeEncodeError:
                return bad.within(name)
        return bad

    def resolve(self) -> List[Tuple[str, Reader]]:
        """Looks the fields up; raises TypeError for an annotation that JSON has no form for."""
        hints = _hints(self._cls)
        readers: List[Tuple[str, Reader]] = []
        writers = []
        before = "{"
        for field in dataclasses.fields(self._cls):
            if field.init:
                read, write = _field_plan(self._cls, field.name, hints[field.name])
                name = _name_of(self._cls, field)
                readers.append((name, read))
                writers.append((before + write_str(name) + ":", field.name, write))
                before = ","
                if name != field.name:
                    self._names_here[name] = field.name
        self._by_name = _passed_by_name(self._cls)
        self._writers = writers
        self._readers = readers
        return readers

    def read(self, tree: Any) -> Any:
        """Returns an instance from a parsed object, None from null."""
        if type(tree) is not dict:
            return None if tree is None else refuse("object", tree)
        readers = self._readers
        if readers is None:
            readers = self.resolve()
        if self._by_name:
            return self._read_by_name(tree, readers)
        values = []
        name = ""
        try:
            for name, read in readers:
                values.append(read(tree.get(name)))
        except BadValue as bad:
            raise bad.within(name) from None
        try:
            return self._cls(*values)
        except Exception as error:
            raise Unmade(text_of(error)) from error

    def _read_by_name(self, tree: Dict[str, Any], readers: List[Tuple[str, Reader]]) -> Any:
        values = {}
        name = ""
        try:
            for name, read in readers:
                if name in tree or not self._by_name.get(name):
                    values[self._names_here.get(name, name)] = read(tree.get(name))
        except BadValue as bad:
            raise bad.within(name) from None
        try:
            return self._cls(**values)
        except Exception as error:
            raise Unmade(text_of(error)) from error

    def write(self, value: Any) -> str:
        """Returns the JSON text of an instance."""
        if type(value) is not self._cls:
            return "null" if value is None else refuse(self._cls.__qualname__, value)
        if self._readers is None:
            self.resolve()
        text = ""
        name = ""
        try:
            for before, name, write in self._writers:
                text += before + write(getattr(value, name))
        except BadValue as bad:
            raise bad.within(name) from None
        return text + "}" if text else "{}"


_records: Dict[type, Record] = {}


def record_of(cls: type) -> Record:
    """Returns the one plan of a dataclass."""
    record = _records.get(cls)
    return record if record is not None else _records.setdefault(cls, Record(cls))


def put_record(cls: type, record: Record) -> None:
    """Says how a class stands in JSON that is no dataclass."""
    _records[cls] = record


def _passed_by_name(cls: type) -> Dict[str, bool]:
    missing = dataclasses.MISSING
    found = {}
    for field in dataclasses.fields(cls):
        has_default = field.default is not missing or field.default_factory is not missing
        if field.init and (has_default or getattr(field, "kw_only", False)):
            found[_name_of(cls, field)] = has_default
    return found


def _name_of(cls: type, field: Any) -> str:
    """Returns what a field is called in JSON: words such as `from` can be no name here."""
    name = field.metadata.get("streamipc", field.name)
    if not isinstance(name, str):
        raise TypeError(f"name of a field is no text: type={logical_name(cls)}, field={field.name}, name={name!r}")
    return name


def _hints(cls: type) -> Dict[str, Any]:
    plain = {field.name: field.type for field in dataclasses.fields(cls)}
    if all(isinstance(hint, type) and not hasattr(hint, "__args__") for hint in plain.values()):
        return plain
    from ._annotations import hints_of_class

    return hints_of_class(cls, logical_name(cls), list(_records))


def _field_plan(cls: type, name: str, hint: Any) -> Plan:
    try:
        return plan_of(hint)
    except RecursionError:
        raise TypeError(f"no JSON form: type={logical_name(cls)}, field={name}, annotation={hint!r}") from None
    except TypeError as error:
        raise TypeError(f"no JSON form: type={logical_name(cls)}, field={name}, annotation={error}") from None


def plan_of(hint: Any) -> Plan:
    """Returns reader and writer for an annotation; raises TypeError with the annotation if there is no JSON form."""
    try:
        plan = _PLANS.get(hint)
    except TypeError:
        # One that is annotated with a list, such as Annotated[int, []].
        plan = None
    if plan is not None:
        return plan
    if isinstance(hint, EnumMeta):
        return enum_plan(hint)
    # list[str] is a class on some versions of Python; its arguments tell.
    if isinstance(hint, type) and not hasattr(hint, "__args__") and hint not in _CONTAINERS:
        return _class_plan(hint)
    from ._containers import container_plan

    return container_plan(hint, plan_of, logical_name)


def _class_plan(cls: type) -> Plan:
    if dataclasses.is_dataclass(cls):
        record = record_of(cls)
        return record.read, record.write
    if cls.__module__ in ("datetime", "uuid"):
        from ._times import PLANS as TIMES

        if cls in TIMES:
            return TIMES[cls]
    if (cls.__module__, cls.__qualname__) == ("numpy", "ndarray"):
        from ._arrays import array_plan

        return array_plan(cls, ())
    if (cls.__module__, cls.__qualname__) == ("typing", "Any"):
        return SCALARS[object]
    raise TypeError(repr(cls))
