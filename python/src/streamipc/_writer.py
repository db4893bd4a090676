"""The thread that writes what nobody else may: what would block a reader, and what is large."""
from __future__ import annotations

from threading import Event, Lock, Thread

from ._log import log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional


class Writer:
    """A daemon thread that begins when it is first woken.

    Each time it calls `work`, which returns after how many seconds it wants to be called again, or None. It ends when
    `is_over` says so.
    """

    def __init__(self, work: Callable[[], Optional[float]], is_over: Callable[[], bool]) -> None:
        self._work = work
        self._is_over = is_over
        self._lock = Lock()
        self._event = Event()
        self._thread: Optional[Thread] = None
        # No thread could be had for it.
        self.is_missing = False

    def wake(self) -> None:
        """Has `work` called. Never blocks. Where no thread can be had any more, as when the process ends, later."""
        self._event.set()
        with self._lock:
            if self._thread is None:
                thread = Thread(target=self._run, name="streamipc-writer", daemon=True)
                try:
                    thread.start()
                except RuntimeError as error:
                    # Nobody is to be alarmed by that at every end of a process.
                    log().debug("no thread to write with: cause=%s", error)
                    self.is_missing = True
                    return
                self._thread = thread
                self.is_missing = False

    def let_end(self) -> None:
        """Has the thread look whether it is over, if there is one."""
        self._event.set()

    def _run(self) -> None:
        pause: Optional[float] = None
        while not self._is_over():
            self._event.wait(pause)
            self._event.clear()
            pause = self._work()
