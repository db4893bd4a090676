"""What threads wait for at the outbound buffer: room, their own bytes, all bytes, the end."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from threading import Lock
    from typing import Optional

    from ._aside import Aside
    from ._leaving import Leaving
    from ._waiters import Waiters

MAX_BUFFER_BYTES = 8 * 1024 * 1024


class Awaiting:
    """The part of the outbound buffer that waits. Not for threads that read."""

    _lock: Lock
    _changed: Waiters
    _filling: bytearray
    _aside: Aside
    _leaving: Leaving
    _is_open: bool
    _is_closed: bool
    _taken: int
    _gone: int

    def await_room(self, limit_seconds: Optional[float] = None) -> bool:
        """Waits until an answer may be appended; false if it may not by then. For threads that do not read."""
        with self._lock:
            return self._changed.wait_for(
                lambda: self._is_closed or self._waiting_bytes() < MAX_BUFFER_BYTES, limit_seconds)

    def await_written(self) -> None:
        """Waits until what was put before, but for what is large, has left. For threads that do not read."""
        with self._lock:
            own = self._taken + bool(self._filling)
            self._changed.wait_for(lambda: self._is_closed or self._gone >= own)

    def await_end(self, limit_seconds: float) -> bool:
        """Waits until the stream has ended; false if it has not by then."""
        with self._lock:
            return self._changed.wait_for(lambda: self._is_closed, limit_seconds)

    def await_left(self, limit_seconds: float) -> bool:
        """Waits until nothing is there that may leave; false if there is by then."""
        with self._lock:
            return self._changed.wait_for(self._has_left, limit_seconds)

    def _has_left(self) -> bool:
        waits = self._filling or (self._is_open and self._aside.held_bytes)
        return self._is_closed or not (waits or self._leaving.flusher)

    def _waiting_bytes(self) -> int:
        return len(self._filling) + self._aside.held_bytes
