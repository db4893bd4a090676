"""The frame of docs/PROTOCOL.md section 1 to 3, and its writer.

    0       4       5      6       8            16        20        24
    +-------+-------+------+-------+------------+---------+---------+-------------+-------------+
    | magic | vers. | kind | flags | request id | length  | header  | payload     | payload CRC |
    +-------+-------+------+-------+------------+---------+---------+-------------+-------------+
"""
from __future__ import annotations

from struct import Struct
from zlib import crc32

MAGIC = b"\xfa\xc1\xf5\xfd"
VERSION = 1
HEADER_BYTES = 24
CHECKED_BYTES = 20
CRC_BYTES = 4
MAX_HELLO_BYTES = 65_536
MIN_PAYLOAD_LIMIT = 4_096
CHILD_BIT = 1 << 63
ZERO_SALT = bytes(4)

HELLO, READY, REQUEST, REPLY, FAILURE, NOTIFY, STARTED, PROGRESS, CANCEL, PING, PONG, GOODBYE, VOID = range(1, 14)
KIND_NAMES = (
    "HELLO", "READY", "REQUEST", "REPLY", "FAILURE", "NOTIFY", "STARTED", "PROGRESS", "CANCEL", "PING", "PONG",
    "GOODBYE", "VOID",
)

PAYLOAD_CRC, WANT_STARTED, WANT_PROGRESS, MERGED = 1, 2, 4, 8
ALLOWED_FLAGS = {kind: PAYLOAD_CRC for kind in range(HELLO, VOID + 1)}
ALLOWED_FLAGS[REQUEST] |= WANT_STARTED | WANT_PROGRESS
ALLOWED_FLAGS[PROGRESS] |= MERGED
KINDS_WITHOUT_ID = frozenset((HELLO, READY, NOTIFY, GOODBYE))

HEADER = Struct(">4sBBHQII")
_pack_start = Struct(">4sBBHQI").pack
_pack_crc = Struct(">I").pack


class FrameWriter:
    """Writes the frames of one sender. Immutable; safe for all threads."""

    def __init__(self, salt: bytes) -> None:
        self._seed = crc32(salt)

    def frame(self, kind: int, call_id: int, payload: bytes, flags: int = 0) -> bytes:
        """Returns a whole frame; a payload gets its CRC."""
        if not payload:
            return self._header(kind, flags, call_id, 0)
        header = self._header(kind, flags | PAYLOAD_CRC, call_id, len(payload))
        return b"".join((header, payload, _pack_crc(crc32(payload))))

    def void_over(self, frame_bytes: int) -> bytes:
        """Returns the header that turns a frame with a payload CRC, of so many bytes in all, into VOID."""
        return self._header(VOID, PAYLOAD_CRC, 0, frame_bytes - HEADER_BYTES - CRC_BYTES)

    def _header(self, kind: int, flags: int, call_id: int, length: int) -> bytes:
        start = _pack_start(MAGIC, VERSION, kind, flags, call_id, length)
        return start + _pack_crc(crc32(start, self._seed))
