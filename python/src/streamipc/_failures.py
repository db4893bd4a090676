"""Why a call, a session or a start ended without a value: one family, each with its certainty."""
from __future__ import annotations

from enum import Enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional, Sequence, Tuple, Type

_MAX_COMMAND_CHARS = 10_000


class Certainty(Enum):
    """What is known of a call that failed: whether its handler was entered on the other side."""

    NOT_EXECUTED = "NOT_EXECUTED"
    MAYBE_EXECUTED = "MAYBE_EXECUTED"
    EXECUTED = "EXECUTED"


class Phase(Enum):
    """How far a call had come when it ended."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    RUNNING = "RUNNING"

    @property
    def certainty(self) -> Certainty:
        """What a failure in this phase says of the handler."""
        return _CERTAINTY_OF[self]


_CERTAINTY_OF = {
    Phase.QUEUED: Certainty.NOT_EXECUTED,
    Phase.SENT: Certainty.MAYBE_EXECUTED,
    Phase.RUNNING: Certainty.EXECUTED,
}


def _as_it_was(kind: Type[IpcFailure], words: Tuple[Any, ...]) -> IpcFailure:
    return kind.__new__(kind, *words)


class IpcFailure(RuntimeError):
    """The base of all failures. Never compare texts; ask the type and its attributes.

    `certainty` says whether the handler was entered; only NOT_EXECUTED makes it safe to call again.
    """

    def __init__(self, text: str, certainty: Certainty) -> None:
        super().__init__(text)
        self.certainty = certainty

    def __reduce__(self) -> Tuple[Any, ...]:
        # So that what is raised in a process of a pool reaches the other one: subclasses are made of other words.
        return _as_it_was, (type(self), self.args), self.__dict__


class RemoteFailure(IpcFailure):
    """The handler on the other side threw; `remote_type`, `remote_message` and `remote_stack` are text."""

    def __init__(self, remote_type: str, remote_message: Optional[str], remote_stack: str) -> None:
        super().__init__(f"handler failed: type={remote_type}, message={remote_message}", Certainty.EXECUTED)
        self.remote_type = remote_type
        self.remote_message = remote_message
        self.remote_stack = remote_stack


class Rejected(IpcFailure):
    """The call or message was not accepted, here or there; `reason` is a word such as UNHANDLED or TOO_LARGE."""

    def __init__(self, reason: str, facts: str) -> None:
        super().__init__(f"rejected: reason={reason}, {facts}", Certainty.NOT_EXECUTED)
        self.reason = reason


class Undecodable(IpcFailure):
    """A payload that its writer could not encode or its receiver could not decode, or an answer over the limit.

    `subject` is ARGUMENT or ANSWER, `side` is HERE or THERE, `type_name` is None where it could not be read.
    """

    def __init__(self, subject: str, side: str, type_name: Optional[str], cause: str) -> None:
        super().__init__(
            f"undecodable payload: subject={subject}, side={side}, type={type_name}, cause={cause}",
            Certainty.NOT_EXECUTED if subject == "ARGUMENT" else Certainty.EXECUTED,
        )
        self.subject = subject
        self.side = side
        self.type_name = type_name


class DeadlinePassed(IpcFailure):
    """The deadline went by before an answer came. That says nothing of whether the work goes on."""

    def __init__(self, phase: Phase, limit_ms: Optional[int] = None) -> None:
        limit = "" if limit_ms is None else f", limitMs={limit_ms}"
        super().__init__(f"deadline passed: phase={phase.value}{limit}", phase.certainty)
        self.phase = phase


class Cancelled(IpcFailure):
    """The caller cancelled the call."""

    def __init__(self, phase: Phase, reason: str) -> None:
        super().__init__(f"cancelled: phase={phase.value}, reason={reason}", phase.certainty)
        self.phase = phase


class SessionClosed(IpcFailure):
    """Either side closed the session, or its stream ended; `who` is THIS_SIDE, OTHER_SIDE or STREAM."""

    def __init__(self, phase: Phase, who: str, why: str) -> None:
        super().__init__(f"session closed: phase={phase.value}, who={who}, why={why}", phase.certainty)
        self.phase = phase
        self.who = who


# of a JVM: a frame of a stack, or how each one that can't start takes its leave
_VOID = ("\tat ", "\t... ", "Error: Could not create the Java", "Error: A fatal exception has")


class ExitReport:
    """How a child process ended, as far as it can be told.

    `exit_code` and `signal`, the name of one, are None where the other says it, and both are if the process lives.
    `uptime` is in seconds from its start to its exit; `last_stderr` are its last lines, oldest first, at most 100.
    """

    __slots__ = ("pid", "exit_code", "signal", "uptime", "last_stderr")

    def __init__(self, pid: int, end: Tuple[Optional[int], Optional[str]], uptime: float, lines: Sequence[str]) -> None:
        self.pid = pid
        self.exit_code, self.signal = end
        self.uptime = uptime
        self.last_stderr = tuple(lines)

    def summary(self) -> str:
        """Returns the report in one line, with the last line of stderr that is no frame of a stack."""
        ends = (("exitCode", self.exit_code), ("signal", self.signal))
        end = "".join(f", {name}={value}" for name, value in ends if value is not None)
        words = [line for line in self.last_stderr if not line.startswith(_VOID)] or list(self.last_stderr)
        last = f", lastStderr={words[-1]}" if words else ""
        return f"pid={self.pid}{end}, uptimeMs={int(self.uptime * 1000)}{last}"


class ChildDied(IpcFailure):
    """The child process ended while the call was open; `report` says how."""

    def __init__(self, phase: Phase, report: ExitReport) -> None:
        super().__init__(f"child died: phase={phase.value}, {report.summary()}", phase.certainty)
        self.phase = phase
        self.report = report


class ProtocolError(IpcFailure):
    """One side broke the protocol; the session is over. `offset_bytes` counts from the start of the inbound stream."""

    def __init__(self, phase: Phase, rule: str, offset_bytes: int = 0, hex_near: str = "") -> None:
        super().__init__(
            f"protocol error: {rule}, phase={phase.value}, offsetBytes={offset_bytes}, hexNear={hex_near}",
            phase.certainty,
        )
        self.phase = phase
        self.offset_bytes = offset_bytes
        self.hex_near = hex_near


class StartFailed(IpcFailure):
    """The session could not be opened, or the two sides did not agree on how to talk.

    `command` is what was tried, empty where this side started nothing; `report` says how that ended, None if it never
    ran.
    """

    def __init__(self, why: str, command: Sequence[str] = (), report: Optional[ExitReport] = None) -> None:
        tried = f", command={list(command)}"[:_MAX_COMMAND_CHARS] if command else ""
        end = "" if report is None else f", {report.summary()}"
        super().__init__(f"start failed: {why}{tried}{end}", Certainty.NOT_EXECUTED)
        self.why = why
        self.command = tuple(command)
        self.report = report


def failure_to_start(failure: Optional[IpcFailure], otherwise: str) -> StartFailed:
    """Returns how a start failed that ended by this failure, if by any."""
    if isinstance(failure, StartFailed):
        return failure
    return StartFailed(otherwise if failure is None else str(failure))
