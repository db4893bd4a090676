"""Reads the chunks of one large message straight to where they belong, as long as nothing else comes between them.

It goes by a guess: behind a chunk of a message stands the next one of it. Where the guess is wrong, the bytes are
handed back as they came.
"""
from __future__ import annotations

import os
from zlib import crc32

from ._frame import CRC_BYTES, HEADER_BYTES, MAX_CHUNK_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, List, Optional

    from ._decoder import Decoder
    from ._room import Room

_MOST_AT_ONCE = 4


def read_ahead(fd: int, landing: Landing, decoder: Decoder, is_over: Callable[[], bool]) -> Optional[bytes]:
    """Reads from where the next frame begins on; otherwise as `Landing.read`."""
    missing_bytes = decoder.missing_bytes()
    if missing_bytes:
        return os.read(fd, missing_bytes)
    data = landing.read(fd, is_over)
    decoder.passed(landing.landed_bytes)
    landing.landed_bytes = 0
    return data


class Landing:
    """The rest of one message, but for its last chunk. For the thread that reads."""

    def __init__(self, room: Room, header: bytes, has_crc: bool) -> None:
        """Takes the header that each whole chunk has, and whether a checksum stands behind it."""
        self._room = room
        self._header = header
        self._head = [bytearray(HEADER_BYTES) for _ in range(_MOST_AT_ONCE)]
        self._tail = [bytearray(CRC_BYTES if has_crc else 0) for _ in range(_MOST_AT_ONCE)]
        self._frame_bytes = HEADER_BYTES + MAX_CHUNK_BYTES + (CRC_BYTES if has_crc else 0)
        # What was read and found in order, since somebody last asked.
        self.landed_bytes = 0

    def read(self, fd: int, is_over: Callable[[], bool]) -> Optional[bytes]:
        """Reads until the last chunk is all that is left, and returns None; or else what came and is something else.

        Nothing is the end of the stream. Blocks; `is_over` is asked before it does in the midst of a chunk.
        """
        while self._count():
            views = self._views(self._count())
            got = os.readv(fd, views)
            if not got:
                return b""
            done = self._take(got // self._frame_bytes)
            if done == got // self._frame_bytes:
                begun = 3 * done
                part = got - done * self._frame_bytes
                while 0 < part < self._frame_bytes and self._may_be_one(done, part) and not is_over():
                    more = os.readv(fd, _behind(views[begun:begun + 3], part))
                    if not more:
                        break
                    part += more
                got = done * self._frame_bytes + part
                if part == self._frame_bytes:
                    done += self._take(1, done)
            if got > done * self._frame_bytes:
                rest = b"".join(_up_to(views[3 * done:], got - done * self._frame_bytes))
                self._pass(done)
                return rest
            self._pass(done)
        return None

    def _count(self) -> int:
        return min(_MOST_AT_ONCE, (self._room.left() - 1) // MAX_CHUNK_BYTES)

    def _views(self, count: int) -> List[memoryview]:
        views = []
        for at in range(count):
            place = self._room.ahead(at * MAX_CHUNK_BYTES, MAX_CHUNK_BYTES)
            views += [memoryview(self._head[at]), place, memoryview(self._tail[at])]
        return views

    def _take(self, count: int, first: int = 0) -> int:
        """Returns how many of the frames that came whole are what they were guessed to be."""
        for at in range(first, first + count):
            if self._head[at] != self._header:
                return at - first
            tail = self._tail[at]
            piece = self._room.ahead(at * MAX_CHUNK_BYTES, MAX_CHUNK_BYTES)
            if tail and crc32(piece) != int.from_bytes(tail, "big"):
                return at - first
        return count

    def _may_be_one(self, at: int, got: int) -> bool:
        return self._header.startswith(self._head[at][:got])

    def _pass(self, count: int) -> None:
        self._room.filled += count * MAX_CHUNK_BYTES
        self.landed_bytes += count * self._frame_bytes


def _behind(views: List[memoryview], size: int) -> List[memoryview]:
    rest = []
    for view in views:
        if size < len(view):
            rest.append(view[size:])
        size = max(0, size - len(view))
    return rest


def _up_to(views: List[memoryview], size: int) -> List[memoryview]:
    begun = []
    for view in views:
        begun.append(view[:size])
        size -= len(begun[-1])
    return begun
