"""Typed messages between this process and its parent or children, over stdin and stdout.

Importing has no side effects; `Session.stdio()` takes the two streams, `Session.spawn()` starts a child.
"""
from ._attachments import Attachment
from ._attempt import Attempt
from ._by_name import function
from ._call import Call
from ._failures import (
    Cancelled,
    Certainty,
    ChildDied,
    DeadlinePassed,
    ExitReport,
    IpcFailure,
    Phase,
    ProtocolError,
    Rejected,
    RemoteFailure,
    SessionClosed,
    StartFailed,
    Undecodable,
)
from ._message import LogMessage, message
from ._running import RequestContext
from ._session import Session
from ._updates import Progress
from ._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._arrays import NDArray
    from ._stream import Parts, PartStream

__all__ = [
    "Attachment",
    "Attempt",
    "Call",
    "Cancelled",
    "Certainty",
    "ChildDied",
    "DeadlinePassed",
    "ExitReport",
    "IpcFailure",
    "LogMessage",
    "NDArray",
    "PartStream",
    "Parts",
    "Phase",
    "Progress",
    "ProtocolError",
    "Rejected",
    "RemoteFailure",
    "RequestContext",
    "Session",
    "SessionClosed",
    "StartFailed",
    "Undecodable",
    "__version__",
    "function",
    "message",
]


def __getattr__(name: str) -> object:
    """Imports what only few programs need."""
    if name == "NDArray":
        from ._arrays import NDArray

        return NDArray
    if name in ("PartStream", "Parts"):
        from . import _stream

        return getattr(_stream, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
