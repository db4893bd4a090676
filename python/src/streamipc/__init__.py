"""Typed messages between this process and its parent, over stdin and stdout.

Importing has no side effects; `Session.stdio()` takes the two streams.
"""
from ._attachments import Attachment
from ._failures import (
    Cancelled,
    Certainty,
    DeadlinePassed,
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
from ._pending import Call
from ._running import RequestContext
from ._session import Session
from ._stream import Parts, PartStream
from ._updates import Progress
from ._version import __version__

__all__ = [
    "Attachment",
    "Call",
    "Cancelled",
    "Certainty",
    "DeadlinePassed",
    "IpcFailure",
    "LogMessage",
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
    "message",
]
