"""A program that ends lets leave what its sessions have still to write: the threads that write end with it."""
from __future__ import annotations

import atexit
from time import monotonic
from weakref import WeakSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Leaving(Protocol):
        """What there is to wait for."""

        has_waited_in_vain: bool

        def await_last(self, limit_seconds: float) -> None:
            """Waits for the last bytes."""

    _those: WeakSet[Leaving]

# For all sessions together.
_LIMIT_SECONDS = 2.0
_those = WeakSet()


def wait_for_at_exit(one: Leaving) -> None:
    """Has the program wait for this at its end, as long as somebody uses the object."""
    _those.add(one)


def _wait_for_all() -> None:
    until = monotonic() + _LIMIT_SECONDS
    for one in list(_those):
        if not one.has_waited_in_vain:
            one.await_last(max(0.0, until - monotonic()))


atexit.register(_wait_for_all)
