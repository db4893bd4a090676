"""Progress of calls of this side, on its way to the user's callbacks: on a thread of its own, bounded, in order."""
from __future__ import annotations

from collections import deque
from threading import Condition, Lock, Thread

from ._log import log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Deque, Optional, Tuple

MAX_WAITING = 256
MAX_BYTES = 64 * 1024 * 1024
# So long the thread stays with nothing to do; the next update starts another.
IDLE_SECONDS = 1.0


class Progress:
    """News of a call that goes on: its `message`, and how many updates right before it were `skipped`.

    Updates are skipped where they come faster than they are taken, or can't be decoded.
    """

    __slots__ = ("message", "skipped")

    def __init__(self, message: Any, skipped: int) -> None:
        self.message = message
        self.skipped = skipped


class Callbacks:
    """Runs the callbacks of all calls, one at a time, on a daemon thread that is there while it has work."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.held_bytes = 0
        self._changed = Condition(self.lock)
        self._ready: Deque[Listener] = deque()
        self._thread: Optional[Thread] = None

    def post(self, listener: Listener) -> None:
        """Says that a listener has something to do. With the lock."""
        if listener.is_ready:
            return
        listener.is_ready = True
        self._ready.append(listener)
        if self._thread is None:
            self._thread = Thread(target=self._run, name="streamipc-callback", daemon=True)
            self._thread.start()
        self._changed.notify()

    def _run(self) -> None:
        while True:
            with self.lock:
                while not self._ready:
                    if not self._changed.wait(IDLE_SECONDS) and not self._ready:
                        self._thread = None
                        return
                listener = self._ready.popleft()
                listener.is_ready = False
                action = listener.next()
            if action is not None:
                try:
                    action()
                except BaseException:
                    log().exception("progress callback failed")
                with self.lock:
                    self.post(listener)


class Listener:
    """What waits for the callback of one call. Never blocks."""

    def __init__(self, callbacks: Callbacks, callback: Callable[[Progress], object]) -> None:
        if not callable(callback):
            raise TypeError(f"on_progress can't be called: on_progress={callback!r}")
        self._callbacks = callbacks
        self._callback = callback
        # All below is guarded by the lock of the callbacks.
        self.is_ready = False
        self._waiting: Deque[Tuple[Progress, int]] = deque()
        self._skipped = 0
        self._finish: Optional[Callable[[], None]] = None
        self._is_over = False

    def take(self, message: Any, size: int, skipped: int) -> None:
        """Takes an update in; over the bound the oldest is dropped."""
        with self._callbacks.lock:
            if self._is_over:
                return
            update = Progress(message, skipped + self._skipped)
            self._skipped = 0
            while self._waiting and self._is_full(size):
                dropped = self._pop()
                behind = self._waiting[0][0] if self._waiting else update
                behind.skipped += dropped.skipped + 1
            self._waiting.append((update, size))
            self._callbacks.held_bytes += size
            self._callbacks.post(self)

    def skip(self, count: int) -> None:
        """Says that so many updates can't be handed over."""
        with self._callbacks.lock:
            self._skipped += count

    def end(self, finish: Callable[[], None]) -> None:
        """Has `finish` called behind the last update."""
        with self._callbacks.lock:
            self._finish = finish
            self._callbacks.post(self)

    def stop(self) -> None:
        """Lets no update begin any more."""
        with self._callbacks.lock:
            self._is_over = True
            while self._waiting:
                self._pop()

    def next(self) -> Optional[Callable[[], object]]:
        """For the callback thread, with the lock: returns what to do next."""
        if self._waiting:
            update = self._pop()
            return lambda: self._callback(update)
        finish, self._finish = self._finish, None
        self._is_over = self._is_over or finish is not None
        return finish

    def _is_full(self, more_bytes: int) -> bool:
        return len(self._waiting) >= MAX_WAITING or self._callbacks.held_bytes + more_bytes > MAX_BYTES

    def _pop(self) -> Progress:
        update, size = self._waiting.popleft()
        self._callbacks.held_bytes -= size
        return update
