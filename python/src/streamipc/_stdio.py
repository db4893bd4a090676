"""The stdout guard: takes the protocol off the descriptors that everybody writes to."""
from __future__ import annotations

import os
import select
import stat
import sys

from ._failures import StartFailed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Tuple

# On Linux a pipe can be opened once more there, at its other end as well.
_OWN_FILES = "/proc/self/fd/"
_taken = False
_ADVICE = (
    "start this program from a stream-ipc parent; where multiprocessing imports it once more,"
    " put the session behind: if __name__ == '__main__'"
)


def take_stdio() -> Tuple[int, int]:
    """Returns private descriptors of the real stdin and stdout; can be done once in a process.

    From then on `print`, `os.system`, C libraries and grandchildren write to stderr and read the end of the file.
    Raises StartFailed if a stream is missing, is a terminal or another device, or was taken before.
    """
    claim()
    try:
        return _take()
    except StartFailed:
        release()
        raise


def claim() -> None:
    """Sees to it that a process has one session with its parent; raises StartFailed for a second."""
    global _taken
    if _taken:
        raise StartFailed("stdin and stdout belong to a session already; use that one")
    _taken = True


def release() -> None:
    """Takes the claim back: nothing was opened."""
    global _taken
    _taken = False


def _take() -> Tuple[int, int]:
    _fill_stderr()
    try:
        if os.isatty(0):
            raise StartFailed("stdin is a terminal; start this program from a stream-ipc parent")
        if stat.S_ISCHR(os.fstat(0).st_mode):
            # Such as below a session: nothing may be written there that nobody understands.
            raise StartFailed(f"stdin is a device, and no parent; {_ADVICE}")
        # Looked at before anything is opened: the copy of stdin would take the number of a stdout that is closed.
        mode = os.fstat(1).st_mode
        if stat.S_ISCHR(mode) or stat.S_ISREG(mode):
            raise StartFailed("stdout is a file or a device, and no parent; start this program from one")
        # os.dup makes descriptors that are closed on exec; dup2 makes ones that are handed down.
        private_in, private_out = os.dup(0), os.dup(1)
    except OSError as error:
        raise StartFailed(f"stdin or stdout is closed: cause={error}") from error
    _lead_away()
    ignore_interrupt()
    return private_in, private_out


def close_once(fd: int) -> Callable[[], None]:
    """Returns what closes a descriptor, the first time only: its number may soon be somebody else's."""
    left = [fd]

    def close() -> None:
        if left:
            os.close(left.pop())

    return close


def end_of_socket(fd: int, outbound_only: bool) -> None:
    """Tells the other end of a socket that nothing will come; with both directions, wakes who reads here, too."""
    try:
        if not stat.S_ISSOCK(os.fstat(fd).st_mode):
            return
        import socket

        with socket.socket(fileno=os.dup(fd)) as copy:
            copy.shutdown(socket.SHUT_WR if outbound_only else socket.SHUT_RDWR)
    except OSError:
        # The descriptor is closed, or its other end.
        return


def is_rousable(fd: int) -> bool:
    """Returns whether `rouse` has a read of it come back, which otherwise only the other end does."""
    try:
        return stat.S_ISFIFO(os.fstat(fd).st_mode) and os.access(_OWN_FILES + str(fd), os.W_OK)
    except OSError:
        return False


def rouse(fd: int) -> None:
    """Has a read of a pipe come back that blocks: a byte is put in from here, as nothing else wakes it up."""
    try:
        own_end = os.open(_OWN_FILES + str(fd), os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return
    try:
        os.write(own_end, b"!")
    except OSError:
        # It is full, so that nobody waits.
        pass
    finally:
        os.close(own_end)


def has_more(fd: int) -> bool:
    """Returns whether a stream has bytes that were not read yet, or has come to its end."""
    if not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(0))


def _fill_stderr() -> None:
    try:
        os.fstat(2)
    except OSError:
        null = os.open(os.devnull, os.O_RDWR)
        if null != 2:
            os.dup2(null, 2)
            os.close(null)


def _lead_away() -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    # What was printed before and is still in the buffer goes to stderr now.
    for stream in (sys.stdout, sys.__stdout__):
        # Somebody may have put a file of his own there.
        if _is_stdout(stream):
            getattr(stream, "reconfigure")(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    # The old object may hold bytes that it has read ahead.
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    setattr(sys, "__stdin__", sys.stdin)


def _is_stdout(stream: object) -> bool:
    try:
        return hasattr(stream, "reconfigure") and getattr(stream, "fileno")() == 1
    except (OSError, ValueError):
        return False


def ignore_interrupt() -> None:
    """Leaves Ctrl-C, which reaches the whole group, to the parent: it tells us by goodbye or the end of the stream."""
    import signal
    from threading import current_thread, main_thread

    if current_thread() is main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
