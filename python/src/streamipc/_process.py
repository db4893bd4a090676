"""A child process: its exit, its report, and how it is ended. POSIX and Windows."""
from __future__ import annotations

import os
import signal
from threading import Event, Lock, Thread
from time import monotonic

from ._failures import ExitReport
from ._log import log
from ._stderr import Stderr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger
    from subprocess import Popen
    from typing import Callable, Optional, Tuple

STEP_SECONDS = 2.0
# So long a process that has ended may leave its output unread before others that hold it are ended, too.
_LAST_WORDS_SECONDS = 0.25


class ChildProcess:
    """Two daemon threads look after it: one drains its stderr, one waits for its exit. Safe for all threads."""

    def __init__(self, process: Popen[bytes], logger: Logger, await_read_up: Callable[[float, bool], bool]) -> None:
        self.pid = process.pid
        self._process = process
        self._await_read_up = await_read_up
        self._started = monotonic()
        assert process.stderr is not None
        self._stderr = Stderr(os.dup(process.stderr.fileno()), logger)
        process.stderr.close()
        self._drain = Thread(target=self._stderr.run, name=f"streamipc-stderr-{self.pid}", daemon=True)
        self._wait = Thread(target=self._await_exit, name=f"streamipc-exit-{self.pid}", daemon=True)
        self._exited = Event()
        self._lock = Lock()
        # All below is guarded by the lock. Until it is reaped its number can't be another process's.
        self._is_reaped = False
        self._wants_group_gone = False
        self._uptime = 0.0
        self._code: Optional[int] = None
        self._on_exit: Callable[[], object] = lambda: None
        self._drain.start()
        self._wait.start()

    def on_exit(self, action: Callable[[], object]) -> None:
        """Has `action` called once it has ended and what it wrote was read, or soon after."""
        with self._lock:
            self._on_exit = action
            is_late = self._is_reaped
        if is_late:
            action()

    def report(self, limit_seconds: float) -> ExitReport:
        """Returns how it ended; waits so long for its exit, and for its last lines."""
        until = monotonic() + limit_seconds
        if self._exited.wait(limit_seconds):
            self._drain.join(max(0.0, until - monotonic()))
        with self._lock:
            uptime = self._uptime or monotonic() - self._started
            return ExitReport(self.pid, _end_of(self._code), uptime, self._stderr.last())

    def await_exit(self, limit_seconds: float) -> bool:
        """Waits for its exit; false if it lives on."""
        return self._exited.wait(limit_seconds)

    def stop(self) -> bool:
        """Waits for its exit, ends it, ends its group, each step for 2 s; returns whether it has ended."""
        for number in (None, signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
            if number is not None:
                self.signal(number)
            if self._exited.wait(STEP_SECONDS):
                return self._reaped()
        log().warning("child can't be ended: pid=%d", self.pid)
        return False

    def abandon(self) -> None:
        """Leaves it alone from now on, in a forked copy of its parent."""
        self._lock = Lock()
        self._is_reaped = True
        self._exited = Event()
        self._exited.set()

    def kill(self) -> None:
        """Ends its group at once, and waits until that is done, for at most 2 s."""
        self.signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        self._exited.wait(STEP_SECONDS)
        self._reaped()

    def end_rest(self) -> None:
        """Has what is left of its group ended behind its exit. Does not wait; does nothing once it is reaped."""
        with self._lock:
            self._wants_group_gone = True

    def signal(self, number: int) -> None:
        """Sends a signal to the process and its group, unless it has ended."""
        with self._lock:
            self._wants_group_gone = True
            if not self._is_reaped:
                self._send(number)

    def _send(self, number: int) -> None:
        try:
            if hasattr(os, "killpg"):
                os.killpg(self.pid, number)
            else:
                self._process.terminate()
        except OSError as error:
            log().debug("no signal for a child: pid=%d, cause=%s", self.pid, error)

    def _reaped(self) -> bool:
        self._wait.join(STEP_SECONDS)
        return True

    def _await_exit(self) -> None:
        code = self._code_of_exit()
        with self._lock:
            self._code = code
            self._uptime = monotonic() - self._started
        self._exited.set()
        # Whoever has it ended waits for that, and not for what it said last.
        if not self._await_read_up(_LAST_WORDS_SECONDS, not self._wants_group_gone):
            self.signal(getattr(signal, "SIGKILL", signal.SIGTERM))
            self._await_read_up(_LAST_WORDS_SECONDS, False)
        with self._lock:
            if self._wants_group_gone:
                # Its number is still its own: nobody else can be meant.
                self._send(getattr(signal, "SIGKILL", signal.SIGTERM))
            self._process.wait()
            self._is_reaped = True
            action = self._on_exit
        action()

    def _code_of_exit(self) -> Optional[int]:
        if not hasattr(os, "waitid"):
            return self._process.wait()
        try:
            info = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        except ChildProcessError:
            # Somebody else has reaped it.
            return None
        if info is None:
            return None
        return info.si_status if info.si_code == os.CLD_EXITED else -info.si_status


def _end_of(code: Optional[int]) -> Tuple[Optional[int], Optional[str]]:
    if code is None or code >= 0:
        return code, None
    try:
        return None, signal.Signals(-code).name
    except ValueError:
        return None, f"SIG{-code}"
