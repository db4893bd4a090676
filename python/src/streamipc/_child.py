"""Starts a child, and is the way to it."""
from __future__ import annotations

import os

from ._failures import ChildDied, Phase, StartFailed
from ._process import ChildProcess
from ._stderr import Lines, log_of
from ._way import Way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger
    from subprocess import Popen
    from typing import Callable, Dict, List, Mapping, Optional, Sequence, Union

    from ._failures import IpcFailure

    PathLike = os.PathLike[str]

# A busy machine may take its time between the last bytes of a process and its end.
_EXIT_SECONDS = 2.0
_REPORT_SECONDS = 0.5


class ChildWay(Way):
    """The way of a parent to a child that it has started."""

    role = "parent"
    other = "the child"
    is_bound = False
    no_hello = "the child ended, or closed its stdout, before its hello; see its last lines on stderr"
    first_id = 1

    def __init__(self, process: Popen[bytes], command: Sequence[str], logger: Logger) -> None:
        assert process.stdin is not None and process.stdout is not None
        super().__init__((os.dup(process.stdout.fileno()), os.dup(process.stdin.fileno())))
        process.stdin.close()
        process.stdout.close()
        self._command = command
        self._junk = Lines(lambda line: logger.warning("junk on stdout: text=%s", line))
        self.process = ChildProcess(process, logger, self.await_read_up)

    def watch(self, on_lost: Callable[[str], object]) -> None:
        """Has the exit of the process end the session, whoever else holds its stream."""
        self.process.on_exit(lambda: on_lost("the child has ended"))

    def lost(self, why: str) -> Callable[[Phase], IpcFailure]:
        """Waits for the exit, which most often comes with the end of the stream; a child that lives has not died."""
        # In this order: the process is reaped once the stream is read up, and its group can't be ended behind that.
        self.process.end_rest()
        self.is_read_up.set()
        if not self.process.await_exit(_EXIT_SECONDS):
            return super().lost(f"{why}, and the child goes on")
        report = self.process.report(_REPORT_SECONDS)
        return lambda phase: ChildDied(phase, report)

    def tell_junk(self, junk: List[bytes]) -> None:
        """Writes lines down as the child's."""
        for piece in junk:
            self._junk.feed(piece)
        junk.clear()

    def read_up(self) -> None:
        """Writes down what is left of junk: its last line may have no end."""
        self._junk.feed(b"")
        super().read_up()

    def stop(self) -> None:
        """Ends the process, if it does not by itself."""
        self.process.stop()

    def abandon(self) -> None:
        """Leaves the process alone: it is the child of another."""
        super().abandon()
        self.process.abandon()

    def kill(self) -> None:
        """Ends the process at once: nothing became of the session."""
        self.process.kill()

    def start_failed(self, error: StartFailed) -> StartFailed:
        """Ends the process; returns the failure of its start, with all that is known."""
        self.process.report(_REPORT_SECONDS if error.why == self.no_hello else 0.0)
        self.process.kill()
        return StartFailed(error.why, self._command, self.process.report(_REPORT_SECONDS))


def start(
    command: Sequence[Union[str, PathLike]],
    cwd: Optional[Union[str, PathLike]],
    env: Optional[Mapping[str, str]],
    name: Optional[str],
) -> ChildWay:
    """Starts a child and returns the way to it; raises StartFailed, ValueError for an empty command."""
    if isinstance(command, (str, bytes)) or not command:
        raise ValueError(f"no list of words: command={command!r}; there is no shell")
    from subprocess import PIPE, Popen

    words = [os.fspath(word) for word in command]
    environment = {**os.environ, **(env or {})}
    # What invites a child over a socket is for this process, not for its own children.
    environment.pop("STREAMIPC_CHANNEL", None)
    if cwd is not None and not os.path.isdir(cwd):
        raise StartFailed(f"no such folder: cwd={os.fspath(cwd)}", words)
    try:
        process = Popen(
            words, stdin=PIPE, stdout=PIPE, stderr=PIPE, bufsize=0, cwd=cwd, env=environment, start_new_session=True
        )
    except (OSError, ValueError) as error:
        raise StartFailed(_why_not(words[0], environment, error), words) from error
    return ChildWay(process, words, log_of(name or os.path.basename(words[0])))


def _why_not(program: str, environment: Dict[str, str], error: Exception) -> str:
    if isinstance(error, FileNotFoundError) and os.path.dirname(program) == "":
        return f"no such program: program={program}, lookedForIn={environment.get('PATH', os.defpath)}"
    return f"the program can't be run: program={program}, cause={error}"
