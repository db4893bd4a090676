"""Bytes to frames, with the search behind damage of docs/PROTOCOL.md section 10. No I/O, no logging."""
from __future__ import annotations

from struct import Struct
from zlib import crc32

from ._frame import (
    CHECKED_BYTES,
    CHUNK,
    CRC_BYTES,
    HEADER,
    HEADER_BYTES,
    HELLO,
    KINDS_WITHOUT_ID,
    MAGIC,
    MAX_CHUNK_BYTES,
    MAX_HELLO_BYTES,
    NOTIFY,
    PAYLOAD_CRC,
    PROGRESS,
    REPLY,
    REQUEST,
    STARTED,
    VERSION,
    ZERO_SALT,
    allowed_flags,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

    # Kind, flags, request id, payload. A plain tuple: a class would cost more than the rest of the decoding. What is
    # large is a view of what was read.
    Event = Tuple[int, int, int, bytes]

# Events that are no frames. The payload of DAMAGED is the kind as one byte; of VIOLATION it is the rule as text, and
# its id is the offset in the stream.
JUNK, DAMAGED, VIOLATION = -1, -2, -3

_unpack = HEADER.unpack_from
_unpack_crc = Struct(">I").unpack_from
# What there are many of.
_COMMON = (REQUEST, REPLY, NOTIFY, STARTED, PROGRESS)
_ALWAYS_ALLOWED = allowed_flags(())
_LIMITS = {HELLO: MAX_HELLO_BYTES, CHUNK: MAX_CHUNK_BYTES}
_ZERO_SEED = crc32(ZERO_SALT)
_NEAR_BYTES = 32

# Each damaged frame is searched again from behind its header: nested ones would cost time without end.
MAX_DAMAGED_IN_A_ROW = 1_000


class Decoder:
    """Cuts one inbound stream into events. Used by one thread at a time.

    Without a salt it waits for HELLO and pauses behind it: call `salt_is`, then feed on, with b"" for what is there.
    """

    def __init__(self, max_payload_bytes: int, salt: Optional[bytes] = None, may_carry_junk: bool = True) -> None:
        self.near = b""
        self.max_payload_bytes = max_payload_bytes
        self._allow(_ALWAYS_ALLOWED)
        self._may_carry_junk = may_carry_junk
        self._seed: Optional[int] = None if salt is None else crc32(salt)
        self._parts: List[bytes] = []
        self._held_bytes = 0
        self._needed_bytes = 0
        self._offset_bytes = 0
        self._searching = False
        self._damaged_in_a_row = 0
        self._paused = False
        self._broken = False

    def salt_is(self, salt: bytes, allowed: Optional[Dict[int, int]] = None) -> None:
        """Takes what the other side's HELLO told: its salt, and what `allowed_flags` says of its features."""
        self._seed = crc32(salt)
        self._allow(allowed or _ALWAYS_ALLOWED)
        self._paused = False

    def _allow(self, allowed: Dict[int, int]) -> None:
        self._allowed = allowed
        # By kind, the bits that may not be there; a kind that is not named has none.
        self._odd = {kind: ~allowed[kind] for kind in _COMMON if kind in allowed}

    def feed(self, data: bytes) -> List[Event]:
        """Takes bytes in and returns what is complete, in order. Behind a violation nothing comes any more."""
        events: List[Event] = []
        if self._broken:
            return events
        if self._parts:
            self._parts.append(data)
            self._held_bytes += len(data)
            if self._paused or self._held_bytes < self._needed_bytes:
                return events
            data = b"".join(self._parts)
        self._needed_bytes = 0
        position = self._cut(data, events)
        self._offset_bytes += position
        self._held_bytes = len(data) - position
        self._parts = [data[position:]] if self._held_bytes else []
        return events

    def missing_bytes(self) -> int:
        """Returns how much is to come of a frame that has begun, or at least of its header; 0 between two frames."""
        return max(0, (self._needed_bytes or HEADER_BYTES) - self._held_bytes) if self._parts else 0

    def passed(self, size: int) -> None:
        """Says that so many bytes were taken elsewhere."""
        self._offset_bytes += size

    def end(self) -> List[Event]:
        """Says that the stream has ended; returns what is left over as junk."""
        rest = b"".join(self._parts)
        self._parts = []
        return [(JUNK, 0, 0, rest)] if rest and self._may_carry_junk and not self._broken else []

    def _cut(self, data: bytes, events: List[Event]) -> int:
        position = 0
        last_start = len(data) - HEADER_BYTES
        while position <= last_start and not self._paused:
            if self._seed is not None:
                position = self._cut_common(data, position, events)
                if position > last_start:
                    break
            magic, version, kind, flags, call_id, length, crc = _unpack(data, position)
            if magic != MAGIC or not self._fits(data[position:position + CHECKED_BYTES], kind, crc):
                position = self._skip_junk(data, position, events)
                continue
            rule = self._broken_rule(version, kind, flags, call_id, length)
            if rule is not None:
                self._violate(rule, data, position, events)
                return position
            body = position + HEADER_BYTES
            behind = body + length
            end = behind + CRC_BYTES if flags & PAYLOAD_CRC else behind
            if end > len(data):
                self._needed_bytes = end - position
                return position
            payload: Any = data[body:behind] if kind != CHUNK else memoryview(data)[body:behind]
            if end == behind or crc32(payload) == int.from_bytes(data[behind:end], "big"):
                events.append((kind, flags, call_id, payload))
                self._searching = False
                self._damaged_in_a_row = 0
                self._paused = self._seed is None
                position = end
            else:
                position = self._skip_damaged(data, position, (kind, flags, call_id), events)
        if position == len(data) or self._paused or self._broken:
            return position
        return self._hold_tail(data, position, events)

    def _cut_common(self, data: bytes, position: int, events: List[Event]) -> int:
        """Takes whole messages as long as nothing is special or wrong; returns where that ends, for `_cut` to go on.

        Only for speed: `_cut` does the same with them, but a call for each step costs more than the step.
        """
        start, size = position, len(data)
        seed, odd, most = self._seed or 0, self._odd, self.max_payload_bytes
        while size - position >= HEADER_BYTES:
            magic, version, kind, flags, call_id, length, crc = _unpack(data, position)
            body = position + HEADER_BYTES
            end = behind = body + length
            if flags & PAYLOAD_CRC:
                end += CRC_BYTES
            if magic != MAGIC or version != VERSION or kind not in odd or flags & odd[kind]:
                break
            if end > size or length > most:
                break
            if crc32(data[position:position + CHECKED_BYTES], seed) != crc or (call_id and kind == NOTIFY):
                break
            payload = data[body:behind]
            if end != behind and crc32(payload) != _unpack_crc(data, behind)[0]:
                break
            events.append((kind, flags, call_id, payload))
            position = end
        if position > start:
            self._searching = False
            self._damaged_in_a_row = 0
        return position

    def _fits(self, start: bytes, kind: int, crc: int) -> bool:
        if self._seed is not None and crc32(start, self._seed) == crc:
            return True
        # While searching, a frame without salt may be forged: only in place can it be the other side's.
        in_place = self._seed is None or not self._searching
        return kind == HELLO and in_place and crc32(start, _ZERO_SEED) == crc

    def _broken_rule(self, version: int, kind: int, flags: int, call_id: int, length: int) -> Optional[str]:
        if version != VERSION:
            return f"unknown frame version: version={version}"
        if flags & ~self._allowed.get(kind, 0):
            return f"unknown kind or flag: kind={kind}, flags={flags:04x}"
        if kind not in self._allowed:
            return f"unknown kind: kind={kind}"
        limit = _LIMITS.get(kind, self.max_payload_bytes)
        if length > limit:
            return f"payload over the limit: payloadBytes={length}, maxPayloadBytes={limit}"
        if call_id and kind in KINDS_WITHOUT_ID:
            return f"request id where none may be: kind={kind}, id={call_id:016x}"
        return None

    def _skip_junk(self, data: bytes, position: int, events: List[Event]) -> int:
        """Skips at least one byte, up to the next place where a frame may begin."""
        if not self._may_carry_junk:
            self._violate("bytes that are no frame", data, position, events)
            return len(data)
        start = data.find(MAGIC, position + 1)
        if start < 0:
            start = len(data)
            for size in (3, 2, 1):
                if data.endswith(MAGIC[:size], position + 1):
                    start -= size
                    break
        events.append((JUNK, 0, 0, data[position:start]))
        self._searching = True
        return start

    def _skip_damaged(self, data: bytes, position: int, header: Tuple[int, int, int], events: List[Event]) -> int:
        """Gives up a frame whose payload is damaged and goes on right behind its header."""
        self._damaged_in_a_row += 1
        if not self._may_carry_junk:
            self._violate("payload does not fit its CRC", data, position, events)
            return len(data)
        if self._damaged_in_a_row > MAX_DAMAGED_IN_A_ROW:
            self._violate(f"damaged frames in a row: count={self._damaged_in_a_row}", data, position, events)
            return len(data)
        kind, flags, call_id = header
        events.append((DAMAGED, flags, call_id, bytes((kind,))))
        self._searching = True
        return position + HEADER_BYTES

    def _hold_tail(self, data: bytes, position: int, events: List[Event]) -> int:
        """Keeps a rest shorter than a header only as far as it may be the beginning of one."""
        rest = data[position:position + len(MAGIC)]
        if position < len(data) and not MAGIC.startswith(rest):
            return self._skip_junk(data, position, events)
        return position

    def _violate(self, rule: str, data: bytes, position: int, events: List[Event]) -> None:
        self._broken = True
        self.near = data[position:position + _NEAR_BYTES]
        events.append((VIOLATION, 0, self._offset_bytes + position, rule.encode()))
