"""Puts large messages together from their chunks, docs/PROTOCOL.md section 12. No I/O, no logging."""
from __future__ import annotations

from zlib import crc32

from ._aside import MAX_MESSAGES
from ._decoder import DAMAGED, VIOLATION
from ._frame import (
    ABANDONED,
    CHECKED_BYTES,
    CHUNK,
    FIRST_CHUNK,
    HEADER,
    HEADER_BYTES,
    KINDS_WITHOUT_ID,
    LARGE_KINDS,
    LAST_CHUNK,
    MAGIC,
    MAX_CHUNK_BYTES,
    PAYLOAD_CRC,
    VERSION,
    FrameWriter,
)
from ._landing import Landing
from ._room import Room, Spare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

    from ._decoder import Event


class _Message:
    """A message on its way. Its memory grows with what has come."""

    def __init__(self) -> None:
        # Until its header is there, and all of it from then on.
        self.begun = b""
        self.room: Optional[Room] = None
        self.landing: Optional[Landing] = None
        self.is_damaged = False
        # What its header tells, as soon as it is there.
        self.kind = self.flags = self.call_id = self.length = 0


class Chunks:
    """Takes the chunks of one inbound stream; a message is given on in the place of its last one.

    A chunk that is damaged or missing damages its message and no other. Used by one thread at a time.
    """

    def __init__(self, salt: bytes, allowed: Dict[int, int], max_payload_bytes: int) -> None:
        self._seed = crc32(salt)
        self._allowed = {kind: flags for kind, flags in allowed.items() if kind in LARGE_KINDS}
        self._max_payload_bytes = max_payload_bytes
        self._messages: Dict[int, _Message] = {}
        self._frames = FrameWriter(salt)
        self._spare = Spare()
        self._is_broken = False
        # Where the next chunks most likely belong, if that is known.
        self.landing: Optional[Landing] = None

    def look(self, now: float) -> None:
        """Gives back memory that was kept for a message that did not come. For any thread."""
        self._spare.look(now)

    def take(self, flags: int, number: int, piece: Optional[bytes]) -> List[Event]:
        """Takes a chunk in, without its piece if that is damaged; returns what messages came to by it.

        Behind a violation nothing comes any more.
        """
        self.landing = None
        if self._is_broken:
            return []
        if flags & ABANDONED:
            self._messages.pop(number, None)
            return []
        events = self._begin(number) if flags & FIRST_CHUNK else []
        message = self._messages.get(number)
        if message is None:
            return events
        message.is_damaged = message.is_damaged or piece is None
        rule = None if message.is_damaged or piece is None else self._add(message, piece)
        if rule is not None:
            self._is_broken = True
            self._messages.clear()
            return [(VIOLATION, 0, 0, rule.encode())]
        if flags & LAST_CHUNK:
            return events + self._ended(number, message)
        self._guess(number, flags, message)
        return events

    def _guess(self, number: int, flags: int, message: _Message) -> None:
        room = message.room
        if room is None or message.is_damaged or len(self._messages) > 1 or room.left() <= MAX_CHUNK_BYTES:
            return
        if message.landing is None:
            crc_flag = flags & PAYLOAD_CRC
            header = self._frames.header(CHUNK, crc_flag, number, MAX_CHUNK_BYTES)
            message.landing = Landing(room, header, bool(crc_flag))
        self.landing = message.landing

    def _begin(self, number: int) -> List[Event]:
        """Begins a message; the oldest one makes room, since its last chunk must be lost."""
        lost = []
        self._messages.pop(number, None)
        if len(self._messages) == MAX_MESSAGES:
            oldest = next(iter(self._messages))
            self._messages[oldest].is_damaged = True
            lost = self._ended(oldest, self._messages[oldest])
        self._messages[number] = _Message()
        return lost

    def _add(self, message: _Message, piece: bytes) -> Optional[str]:
        room = message.room
        if room is None:
            message.begun += piece
            if len(message.begun) < HEADER_BYTES:
                return None
            rule = self._read_header(message)
            if rule is not None:
                return rule
            come = len(message.begun)
        else:
            come = room.filled + len(piece)
        size = HEADER_BYTES + message.length
        if come > size:
            return f"chunks of more than was claimed: payloadBytes={message.length}"
        if room is None:
            message.room = Room(message.begun, size, self._spare)
            message.begun = b""
        else:
            room.add(piece)
        return None

    def _read_header(self, message: _Message) -> Optional[str]:
        magic, version, kind, flags, call_id, length, crc = HEADER.unpack_from(message.begun)
        fits = crc32(message.begun[:CHECKED_BYTES], self._seed) == crc
        if not fits or magic != MAGIC or version != VERSION or kind not in self._allowed:
            return f"chunks of what is no message: kind={kind}, version={version}"
        # The chunks have a checksum each.
        if flags & ~(self._allowed[kind] & ~PAYLOAD_CRC):
            return f"flag not allowed in chunks: kind={kind}, flags={flags:04x}"
        if length > self._max_payload_bytes:
            return f"payload over the limit: payloadBytes={length}, maxPayloadBytes={self._max_payload_bytes}"
        if call_id and kind in KINDS_WITHOUT_ID:
            return f"request id where none may be: kind={kind}, id={call_id:016x}"
        message.kind, message.flags, message.call_id, message.length = kind, flags, call_id, length
        return None

    def _ended(self, number: int, message: _Message) -> List[Event]:
        del self._messages[number]
        if message.room is None:
            return []
        if message.is_damaged or message.room.filled != HEADER_BYTES + message.length:
            return [(DAMAGED, message.flags, message.call_id, bytes((message.kind,)))]
        payload: Any = message.room.whole()[HEADER_BYTES:]
        return [(message.kind, message.flags, message.call_id, payload)]
