"""What a child writes beside the protocol: cut into lines, logged under its name, the last ones kept."""
from __future__ import annotations

import os
from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger
    from typing import Callable, Deque, List

MAX_LINES = 100
MAX_LINE_BYTES = 4096
_READ_BYTES = 65_536


def log_of(name: str) -> Logger:
    """Returns the logger of a child."""
    import logging

    return logging.getLogger(f"streamipc.child.{name}")


class Lines:
    """Cuts bytes into lines and hands them over; longer ones in pieces. For one thread."""

    def __init__(self, take: Callable[[str], object]) -> None:
        self._take = take
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Takes bytes; b"" is the end, and hands over a line without its end."""
        *whole, rest = (self._rest + data).split(b"\n")
        if len(rest) >= MAX_LINE_BYTES or (not data and rest):
            whole.append(rest)
            rest = b""
        self._rest = rest
        for line in whole:
            for start in range(0, len(line) or 1, MAX_LINE_BYTES):
                text = line[start:start + MAX_LINE_BYTES].decode("utf-8", "backslashreplace")
                self._take(text.rstrip("\r"))


class Stderr:
    """Reads the stderr of a child to its end."""

    def __init__(self, fd: int, log: Logger) -> None:
        self._fd = fd
        self._log = log
        self._kept: Deque[str] = deque(maxlen=MAX_LINES)

    def last(self) -> List[str]:
        """Returns the last lines, oldest first."""
        return list(self._kept.copy())

    def run(self) -> None:
        """Reads, on the thread that calls."""
        lines = Lines(self._keep)
        data = b"?"
        try:
            while data:
                data = os.read(self._fd, _READ_BYTES)
                lines.feed(data)
        finally:
            os.close(self._fd)

    def _keep(self, line: str) -> None:
        self._kept.append(line)
        self._log.info("%s", line)
