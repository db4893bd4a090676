"""FAILURE and GOODBYE as JSON, docs/PROTOCOL.md sections 7 and 8."""
from __future__ import annotations

from ._failures import DeadlinePassed, Phase, Rejected, RemoteFailure, Undecodable
from ._json import dump, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Tuple

    from ._failures import IpcFailure

_MAX_MESSAGE_CHARS = 4_096
_MAX_STACK_CHARS = 65_536
_SUBJECTS = ("ARGUMENT", "ANSWER")


def text_of(error: BaseException) -> str:
    """Returns what an error of the user's code says, also where its own `__str__` fails."""
    try:
        return str(error)
    except BaseException as broken:
        return f"no text: str() raised {type(broken).__name__}"


class NotEntered(Exception):
    """A handler was not entered after all; `tree` says why not."""

    def __init__(self, tree: Dict[str, Any]) -> None:
        super().__init__(tree)
        self.tree = tree


def of_error(error: BaseException) -> Dict[str, Any]:
    """Returns the tree for what a handler threw, with its traceback as text."""
    if isinstance(error, NotEntered):
        return error.tree
    from traceback import format_exception

    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    text = text_of(error)[:_MAX_MESSAGE_CHARS]
    stack = "".join(format_exception(kind, error, error.__traceback__))[-_MAX_STACK_CHARS:]
    return {"failure": "RemoteFailure", "type": name, "message": text if text or error.args else None, "stack": stack}


def rejected(reason: str, facts: str) -> Dict[str, Any]:
    """Returns the tree for a request that was not accepted."""
    return {"failure": "Rejected", "reason": reason, "facts": facts}


def undecodable(subject: str, type_name: Optional[str], cause: str) -> Dict[str, Any]:
    """Returns the tree for an argument that could not be read or an answer that could not be written."""
    return {"failure": "Undecodable", "subject": subject, "type": type_name, "cause": cause[:_MAX_MESSAGE_CHARS]}


def deadline_passed(phase: Phase) -> Dict[str, Any]:
    """Returns the tree for a request that was not begun because its time was up, or whose handler stopped for that."""
    return {"failure": "DeadlinePassed", "phase": phase.value}


def write(tree: Dict[str, Any], max_payload_bytes: int) -> bytes:
    """Returns the payload; its longest text is cut until it fits: a traceback keeps its end, any other its start."""
    payload = dump(tree)
    while len(payload) > max_payload_bytes:
        texts = {name: text for name, text in tree.items() if isinstance(text, str)}
        name = max(texts, key=lambda one: len(texts[one]))
        half = len(texts[name]) // 2
        tree = dict(tree, **{name: texts[name][-half:] if name == "stack" else texts[name][:half]})
        payload = dump(tree)
    return payload


def read(payload: bytes) -> IpcFailure:
    """Returns the failure that an answer tells; an unknown one is a `RemoteFailure` of that type."""
    tree = parse(payload)
    if not isinstance(tree, dict):
        raise ValueError("failure is no object")
    name = _text(tree, "failure", "?")
    if name == "Rejected":
        return Rejected(_text(tree, "reason", "?"), _text(tree, "facts", ""))
    if name == "DeadlinePassed":
        return DeadlinePassed(_phase(tree.get("phase")))
    if name == "Undecodable" and tree.get("subject") in _SUBJECTS:
        return Undecodable(tree["subject"], "THERE", _text_or_none(tree, "type"), _text(tree, "cause", ""))
    kind = _text(tree, "type", "?") if name == "RemoteFailure" else name
    return RemoteFailure(kind, _text_or_none(tree, "message"), _text(tree, "stack", ""))


def goodbye(reason: str, text: str, last_started: Optional[int]) -> bytes:
    """Returns the payload of GOODBYE; `last_started` is the last request in order of arrival that was begun."""
    last = None if last_started is None else f"{last_started:016x}"
    return dump({"reason": reason, "text": text[:_MAX_MESSAGE_CHARS // 4], "lastStarted": last})


def read_goodbye(payload: bytes) -> Tuple[str, str, Optional[int]]:
    """Returns reason, text and the id of the last started request, None if none was."""
    tree = parse(payload)
    if not isinstance(tree, dict):
        raise ValueError("goodbye is no object")
    last = tree.get("lastStarted")
    return _text(tree, "reason", "?"), _text(tree, "text", ""), None if last is None else int(last, 16)


def _phase(name: object) -> Phase:
    if name is None or name == Phase.QUEUED.value:
        return Phase.QUEUED
    # What only a newer side knows leaves both open.
    return Phase.RUNNING if name == Phase.RUNNING.value else Phase.SENT


def _text(tree: Dict[str, Any], name: str, otherwise: str) -> str:
    value = _text_or_none(tree, name)
    return otherwise if value is None else value


def _text_or_none(tree: Dict[str, Any], name: str) -> Optional[str]:
    value = tree.get(name)
    # Half a surrogate pair can be neither printed nor logged.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else None
