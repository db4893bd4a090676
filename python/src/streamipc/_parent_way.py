"""The way to the parent: stdin and stdout, or the socket or memory that it asks for (docs/PROTOCOL.md, 11 and 17)."""
from __future__ import annotations

import os
import sys

from ._failures import StartFailed
from ._stdio import claim, ignore_interrupt, take_stdio
from ._way import Way

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from typing import Tuple

_VARIABLE = "STREAMIPC_CHANNEL"
_UNIX_SOCKET, _SHARED_MEMORY = "unix-socket", "shared-memory"
_MAX_LINE_BYTES = 1024


def open_way() -> Way:
    """Opens the way that the parent wants; can be done once in a process.

    Over stdio, which is the rule, it is what `take_stdio` says. Otherwise only the parent's first line is taken
    from stdin, which blocks until it is there; stdout stays what it is. Raises StartFailed.
    """
    if os.environ.get(_VARIABLE) not in (_UNIX_SOCKET, _SHARED_MEMORY):
        return Way(take_stdio())
    line = _first_line()
    words = line.rstrip(b"\n").split(b" ", 3)
    named = words[1].decode("latin-1") if len(words) == 4 else ""
    if words[0] != b"stream-ipc" or named not in (_UNIX_SOCKET, _SHARED_MEMORY):
        # The variable was inherited from a parent that was invited itself: this one talks over stdio.
        return Way(take_stdio(), ahead=line)
    claim()
    ignore_interrupt()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(line_buffering=True)
    path, token = os.fsdecode(words[3]), words[2].decode("ascii")
    way = Way(connect(path), token) if named == _UNIX_SOCKET else _over_memory(path, token)
    way.may_carry_junk = False
    return way


def _over_memory(path: str, token: str) -> Way:
    from ._shared import Rings

    rings = Rings(path, _connection)
    way = Way((rings.bytes.fd, rings.room.fd), token)
    way.rings = rings
    return way


def _first_line() -> bytes:
    # Byte by byte, so that nothing behind the line is taken; a frame begins otherwise.
    line = b""
    while not line.endswith(b"\n") and len(line) < _MAX_LINE_BYTES and line[:1] in (b"", b"s"):
        byte = os.read(0, 1)
        if not byte:
            break
        line += byte
    return line


def connect(path: str) -> Tuple[int, int]:
    """Returns two descriptors of a connection to a Unix domain socket; raises StartFailed."""
    try:
        fd = _connection(path).detach()
        return fd, os.dup(fd)
    except OSError as error:
        raise StartFailed(f"no way to the parent: path={path}, cause={error}") from error


def _connection(path: str) -> socket.socket:
    import socket

    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    return connection
