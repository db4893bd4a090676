"""What the reading thread tells the log: junk, and what it had to drop."""
from __future__ import annotations

from ._log import log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List

_MAX_JUNK_CHARS = 500


class Drops:
    """Counts what is dropped; the first of each sort is told."""

    def __init__(self) -> None:
        self._counts: Dict[str, int] = {}

    def note(self, what: str) -> None:
        """Notes one that was dropped."""
        count = self._counts[what] = self._counts.get(what, 0) + 1
        if count == 1:
            log().warning("dropped a %s; further ones are dropped silently", what)


def tell_junk(junk: List[bytes]) -> None:
    """Writes down bytes that are no frames, and clears the list."""
    data = b"".join(junk)
    junk.clear()
    text = data[:_MAX_JUNK_CHARS].decode("utf-8", "backslashreplace")
    log().warning("junk on stdin: bytes=%d, text=%r", len(data), text)
