"""Whether a signal handler has interrupted this package where it may hold a lock."""
from __future__ import annotations

import sys
from threading import current_thread, main_thread

# Whoever closes a session takes locks of these. Nobody else's code is called from there, on the main thread.
_WITH_LOCKS = frozenset(
    f"{__package__}.{name}"
    for name in (
        "_aside", "_awaiting", "_call", "_chunks", "_child", "_inbox", "_leaving", "_lifecycle", "_outbound",
        "_pending", "_pipe", "_process", "_queued", "_updates", "_waiters", "_watch", "_writer",
    )
)


def is_in_a_step() -> bool:
    """Returns whether below the caller, on this thread, runs what has to go on before a lock is free."""
    if current_thread() is not main_thread():
        # Signal handlers run on no other.
        return False
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__") in _WITH_LOCKS:
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False
