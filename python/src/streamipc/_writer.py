"""The thread that writes what nobody else may: what would block a reader, and what is large."""
from __future__ import annotations

from threading import Event, Lock, Thread

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

    def wake(self) -> None:
        """Has `work` called. Never blocks."""
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="streamipc-writer", daemon=True)
                self._thread.start()
        self._event.set()

    def let_end(self) -> None:
        """Has the thread look whether it is over, if there is one."""
        self._event.set()

    def _run(self) -> None:
        pause: Optional[float] = None
        while not self._is_over():
            self._event.wait(pause)
            self._event.clear()
            pause = self._work()
