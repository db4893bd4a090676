"""The frame of docs/PROTOCOL.md section 1 to 3, and its writer.

    0       4       5      6       8            16        20        24
    +-------+-------+------+-------+------------+---------+---------+-------------+-------------+
    | magic | vers. | kind | flags | request id | length  | header  | payload     | payload CRC |
    +-------+-------+------+-------+------------+---------+---------+-------------+-------------+
"""
from __future__ import annotations

from struct import Struct
from zlib import crc32

from ._large import Large

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Collection, Dict, List, Union

    from ._attachments import Encoded

    # What the outbound buffer takes.
    Frame = Union[bytes, Large]

MAGIC = b"\xfa\xc1\xf5\xfd"
VERSION = 1
HEADER_BYTES = 24
CHECKED_BYTES = 20
CRC_BYTES = 4
MAX_HELLO_BYTES = 65_536
MIN_PAYLOAD_LIMIT = 4_096
MAX_CHUNK_BYTES = 65_536
# The number of a part, and what DEMAND says.
NUMBER_BYTES = 8
CHILD_BIT = 1 << 63
ZERO_SALT = bytes(4)

(
    HELLO, READY, REQUEST, REPLY, FAILURE, NOTIFY, STARTED, PROGRESS, CANCEL, PING, PONG, GOODBYE, VOID, CHUNK, PART,
    DEMAND,
) = range(1, 17)
KIND_NAMES = (
    "HELLO", "READY", "REQUEST", "REPLY", "FAILURE", "NOTIFY", "STARTED", "PROGRESS", "CANCEL", "PING", "PONG",
    "GOODBYE", "VOID", "CHUNK", "PART", "DEMAND",
)

PAYLOAD_CRC, WANT_STARTED, WANT_PROGRESS, MERGED, ATTACHMENTS = 1, 2, 4, 8, 0x10
FIRST_CHUNK, LAST_CHUNK, ABANDONED = 0x20, 0x40, 0x80
LAST_PART, WANT_PARTS, BRINGS_PARTS, ATTEMPT = 0x100, 0x200, 0x400, 0x800
OF_STREAMS = WANT_PARTS | BRINGS_PARTS
# What may travel in chunks.
LARGE_KINDS = frozenset((REQUEST, REPLY, FAILURE, NOTIFY, PROGRESS, PART))
KINDS_WITHOUT_ID = frozenset((HELLO, READY, NOTIFY, GOODBYE))

HEADER = Struct(">4sBBHQII")
_pack_start = Struct(">4sBBHQI").pack
_pack_crc = Struct(">I").pack


# The optional parts of the wire that this package speaks.
FEATURES = ("chunks", "attachments", "streams", "attempts")


def allowed_flags(features: Collection[str]) -> Dict[int, int]:
    """Returns the kinds that may come, each with its flags, where both sides name these features."""
    allowed = {kind: PAYLOAD_CRC for kind in range(HELLO, VOID + 1)}
    allowed[REQUEST] |= WANT_STARTED | WANT_PROGRESS
    allowed[PROGRESS] |= MERGED
    if "chunks" in features:
        allowed[CHUNK] = PAYLOAD_CRC | FIRST_CHUNK | LAST_CHUNK | ABANDONED
    if "streams" in features:
        allowed[REQUEST] |= WANT_PARTS | BRINGS_PARTS
        allowed[PART] = PAYLOAD_CRC | LAST_PART
        allowed[DEMAND] = PAYLOAD_CRC
    if "attempts" in features:
        allowed[REQUEST] |= ATTEMPT
    if "attachments" in features:
        for kind in {REQUEST, REPLY, NOTIFY, PROGRESS, PART} & set(allowed):
            allowed[kind] |= ATTACHMENTS
    return allowed


class FrameWriter:
    """Writes the frames of one sender. Safe for all threads; `has_chunks` is set once, before the first message."""

    def __init__(self, salt: bytes) -> None:
        self._seed = crc32(salt)
        self.has_chunks = False

    def frame(self, kind: int, call_id: int, payload: bytes, flags: int = 0) -> bytes:
        """Returns a whole frame; a payload gets its CRC."""
        if not payload:
            return self.header(kind, flags, call_id, 0)
        start = _pack_start(MAGIC, VERSION, kind, flags | PAYLOAD_CRC, call_id, len(payload))
        return b"".join((start, _pack_crc(crc32(start, self._seed)), payload, _pack_crc(crc32(payload))))

    def message(self, kind: int, call_id: int, payload: Encoded, flags: int = 0) -> Frame:
        """Returns the frame of a message, which leaves in chunks if it is large and the other side takes them."""
        size = len(payload)
        is_small = size <= MAX_CHUNK_BYTES or not self.has_chunks
        if isinstance(payload, bytes):
            if is_small:
                # As `frame` does: a message is never empty.
                start = _pack_start(MAGIC, VERSION, kind, flags | PAYLOAD_CRC, call_id, size)
                return b"".join((start, _pack_crc(crc32(start, self._seed)), payload, _pack_crc(crc32(payload))))
            pieces: List[Union[bytes, memoryview]] = [payload]
        else:
            pieces = payload.pieces()
            flags |= ATTACHMENTS
            if is_small:
                return self.frame(kind, call_id, b"".join(pieces), flags)
        return Large(kind, call_id, [self.header(kind, flags, call_id, size), *pieces])

    def chunk(self, number: int, flags: int, pieces: List[memoryview]) -> List[memoryview]:
        """Returns a chunk with these pieces inside, which are not copied."""
        crc = 0
        size = 0
        for piece in pieces:
            crc = crc32(piece, crc)
            size += len(piece)
        header = self.header(CHUNK, flags | PAYLOAD_CRC, number, size)
        return [memoryview(header), *pieces, memoryview(_pack_crc(crc))]

    def void_over(self, frame_bytes: int) -> bytes:
        """Returns the header that turns a frame with a payload CRC, of so many bytes in all, into VOID."""
        return self.header(VOID, PAYLOAD_CRC, 0, frame_bytes - HEADER_BYTES - CRC_BYTES)

    def header(self, kind: int, flags: int, call_id: int, length: int) -> bytes:
        """Returns the header of a frame."""
        start = _pack_start(MAGIC, VERSION, kind, flags, call_id, length)
        return start + _pack_crc(crc32(start, self._seed))
