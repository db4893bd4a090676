"""Joins a parent that listens on a Unix domain socket, docs/PROTOCOL.md section 11."""
from __future__ import annotations

import os

from ._failures import StartFailed
from ._parent_way import connect
from ._stdio import end_of_socket
from ._way import Way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, TypeVar, Union

    S = TypeVar("S")
    PathLike = os.PathLike[str]

_MAX_TOKEN_CHARS = 1_000
_END_SECONDS = 2.0


class SocketWay(Way):
    """The way of a child that goes on without its parent."""

    is_bound = False
    may_carry_junk = False
    no_hello = "the listener closed the connection without a hello; its token may be another one"

    def stop(self) -> None:
        """Waits for the end of the stream, for 2 s; then ends it from here."""
        if not self.is_read_up.wait(_END_SECONDS):
            end_of_socket(self.in_fd, False)


def join(path: Union[str, PathLike], opened: Callable[[Way], S]) -> S:
    """Returns what is made of the way to a listener, with its token; tries twice if that changed; StartFailed."""
    name = os.fspath(path)
    token = _token(name)
    try:
        return _try(name, token, opened)
    except StartFailed:
        # Who is turned away finds out so: somebody else was faster.
        again = _token(name)
        if again == token:
            raise
        return _try(name, again, opened)


def _try(path: str, token: str, opened: Callable[[Way], S]) -> S:
    way = SocketWay(connect(path), token)
    try:
        return opened(way)
    except StartFailed as error:
        raise StartFailed(f"{error.why}, path={path}") from None


def _token(path: str) -> str:
    try:
        with open(path + ".token", encoding="ascii") as file:
            return file.read(_MAX_TOKEN_CHARS).strip()
    except (OSError, ValueError) as error:
        facts = f"path={path}, cause={error}"
        raise StartFailed(f"no token beside the socket: {facts}; does a listener run there?") from error
