"""Shows where a handler is stuck whose caller waits no more."""
from __future__ import annotations

from time import monotonic

from ._log import log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable, Optional, Set, Tuple

# A handler that looks at its time stops by itself within this.
_SLACK_SECONDS = 0.25
_STDERR = 2


class Late:
    """Writes the stacks of all threads to stderr, once for each late request and every 10 s at most. For one thread."""

    def __init__(self) -> None:
        self._told: Set[int] = set()
        self._quiet_until = 0.0

    def look(self, running: Iterable[Tuple[int, Optional[float]]]) -> None:
        """Takes the requests whose handlers run, with their deadlines."""
        now = monotonic()
        late = {call_id: now - due for call_id, due in running if due is not None and now >= due + _SLACK_SECONDS}
        new = late.keys() - self._told
        self._told &= late.keys()
        if not new or now < self._quiet_until:
            return
        self._told |= new
        self._quiet_until = now + 10.0
        longest = max(new, key=lambda one: late[one])
        log().warning(
            "handler runs on behind its deadline: id=%016x, lateMs=%d; the stacks of all threads follow on stderr",
            longest, late[longest] * 1000,
        )
        from faulthandler import dump_traceback

        try:
            dump_traceback(_STDERR)
        except (OSError, ValueError):
            # There may be no stderr.
            return
