"""Those who wait for something under a lock."""
from __future__ import annotations

from threading import Condition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from threading import Lock
    from typing import Callable, Optional


class Waiters:
    """A condition that costs next to nothing while nobody waits. The caller holds the lock."""

    def __init__(self, lock: Lock) -> None:
        self._changed = Condition(lock)
        self._count = 0

    def wait_for(self, is_met: Callable[[], bool], limit_seconds: Optional[float] = None) -> bool:
        """Gives the lock up until `is_met` says so; false if it does not by then."""
        self._count += 1
        try:
            return self._changed.wait_for(is_met, limit_seconds)
        finally:
            self._count -= 1

    def notify_all(self) -> None:
        """Has all who wait look again."""
        if self._count:
            self._changed.notify_all()
