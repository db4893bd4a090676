"""The child of the raw pipes: reads as many bytes as its word says, and writes them back, until its stdin ends.

The pipes have the room that a session gives them. With the word `checked` behind it, it takes a CRC of every 64 KiB that
it reads and of every 64 KiB that it writes; with `fresh`, it reads into new memory each time, as a session does where
somebody keeps what came before.
"""
import fcntl
import mmap
import os
import sys
from zlib import crc32

PIECE = 1 << 16
MOST = 1 << 20
SET_PIPE_SIZE = 1031


def widen(*fds):
    for fd in fds:
        fcntl.fcntl(fd, SET_PIPE_SIZE, MOST)


def check(view):
    for start in range(0, len(view), PIECE):
        crc32(view[start:start + PIECE])


def send(fd, view, is_checked):
    # Four pieces at a time, as a session does: the other end works meanwhile.
    most = 4 * PIECE if is_checked else MOST
    while view:
        if is_checked:
            check(view[:most])
        rest = view[:most]
        view = view[most:]
        while rest:
            rest = rest[os.write(fd, rest):]


def receive(fd, view, is_checked):
    """Fills the view; false where the stream has ended."""
    while view:
        count = os.readv(fd, [view[:MOST]])
        if not count:
            return False
        if is_checked:
            check(view[:count])
        view = view[count:]
    return True


def memory(size):
    """Returns memory that nobody has touched."""
    return memoryview(mmap.mmap(-1, size))


def main():
    size = int(sys.argv[1])
    is_checked = "checked" in sys.argv
    is_fresh = "fresh" in sys.argv
    widen(0, 1)
    buffer = memory(size)
    while receive(0, buffer, is_checked):
        send(1, buffer, is_checked)
        if is_fresh:
            buffer = memory(size)


if __name__ == "__main__":
    main()
