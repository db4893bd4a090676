"""One daemon thread for what must happen although nobody reads: deadlines, and the end of an orphan."""
from __future__ import annotations

import os
import select
from threading import Event, Lock, Thread
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional, Tuple

    from ._way import Way

POLL_SECONDS = 0.5
GRACE_SECONDS = 1.0
OWED_SECONDS = 2.0
ORPHAN_EXIT_CODE = 1
_SHORTEST_SECONDS = 0.005
_FOREVER = float("inf")


class Watch:
    """Calls `expire` when a deadline is due, and ends a process that is bound to its parent when that is gone.

    `expire` takes the time of `monotonic()` and returns when it wants to be called next, or None.
    """

    def __init__(self, way: Way, expire: Callable[[float], Optional[float]]) -> None:
        self._in_fd = way.in_fd
        self._is_bound = way.is_bound
        self._is_over = False
        self._once: Optional[Tuple[float, Callable[[], object]]] = None
        self._expire = expire
        self._parent_pid = os.getppid()
        self._wake = Event()
        self._lock = Lock()
        self._next = _FOREVER
        self._exit_at: Optional[float] = None
        self._is_orderly = self._is_orphan = self._is_owing = False

    def start(self) -> None:
        """Starts the thread."""
        Thread(target=self._run, name="streamipc-watch", daemon=True).start()

    def due_at(self, when: float) -> None:
        """Says that `expire` has something to do at a time of `monotonic()`."""
        # What the thread looks at before it sets a later time, it finds without being told.
        if when < self._next:
            self._wake.set()

    def once(self, when: float, action: Callable[[], object]) -> None:
        """Has `action` called at a time of `monotonic()`; one at a time."""
        self._once = (when, action)
        self.due_at(when)

    def orderly(self) -> None:
        """Says that the session came to an orderly end: from now on only the death of the parent counts."""
        self._is_orderly = True

    def begin_grace(self) -> None:
        """Ends the process in 1 second, unless it ends by itself before."""
        if self._is_bound and (self._is_orphan or not self._is_orderly):
            self._exit_by(monotonic() + GRACE_SECONDS)

    def owes(self, action: Callable[[], object]) -> None:
        """Has `action` called in 2 seconds, as long as answers may take, and ends the process behind that."""
        self._is_owing = True
        now = monotonic()
        self._exit_by(now + OWED_SECONDS + POLL_SECONDS)
        self.once(now + OWED_SECONDS, action)

    def _exit_by(self, when: float) -> None:
        if self._exit_at is None or when < self._exit_at:
            self._exit_at = when
            self._wake.set()

    def end(self) -> None:
        """Ends the thread: nothing will be due any more."""
        self._is_over = True
        self._wake.set()

    def _run(self) -> None:
        while not self._is_over:
            with self._lock:
                self._next = _FOREVER
            due = self._expire(monotonic())
            self._wake.wait(self._pause(self._with_once(due)))
            self._wake.clear()
            if self._is_bound:
                self._check_parent()
            exit_at = self._exit_time()
            if exit_at is not None and monotonic() >= exit_at:
                os._exit(ORPHAN_EXIT_CODE)

    def _with_once(self, due: Optional[float]) -> Optional[float]:
        if self._once is None:
            return due
        when, action = self._once
        if monotonic() < when:
            return when if due is None else min(due, when)
        self._once = None
        action()
        return due

    def _pause(self, due: Optional[float]) -> float:
        now = monotonic()
        times = [time for time in (due, self._exit_time()) if time is not None]
        with self._lock:
            self._next = max(min(times + [now + POLL_SECONDS]), now + _SHORTEST_SECONDS)
            return self._next - now

    def _exit_time(self) -> Optional[float]:
        # The thread that reads may have had the goodbye in hand when the stream was seen to be over.
        return self._exit_at if self._is_orphan or not self._is_orderly else None

    def _check_parent(self) -> None:
        if self._is_orphan:
            return
        if os.getppid() != self._parent_pid:
            self._exit_at = self._exit_time()
            self._is_orphan = True
            self.begin_grace()
        elif not self._is_owing and self._is_stream_over():
            self.begin_grace()

    def _is_stream_over(self) -> bool:
        # Hung up with nothing left to read: a goodbye can't be waiting there any more.
        if self._is_orderly or not hasattr(select, "poll"):
            return False
        poll = select.poll()
        poll.register(self._in_fd, select.POLLIN)
        states = [state for _, state in poll.poll(0)]
        return bool(states) and states[0] & (select.POLLIN | select.POLLHUP) == select.POLLHUP
