"""Raw bytes beside the body of a message, docs/PROTOCOL.md section 13.

    | count | length of each | type, ..., body | attachment 0 | attachment 1 | ...
    | 2     | 4 x count      |                 |              |              |
"""
from __future__ import annotations

from struct import pack, unpack_from
from threading import local

from ._scalars import refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional, Sequence, Tuple, Union

    from ._scalars import Plan

    # Type and body of a message that is to leave.
    Encoded = Union[bytes, "Bulky"]

MAX_ATTACHMENTS = 256
_COUNT_BYTES = 2
_LENGTH_BYTES = 4


class _Made:
    """Whether there has been an attachment in this process: without one, messages cost no more than before."""

    any = False


made = _Made()


class First(Exception):
    """There is an attachment where nobody looked for one."""


class Attachment:
    """Bytes that travel beside the JSON of a message, as they are. A field of a message is annotated with it.

    Made from anything that has a buffer: `bytes`, `bytearray`, `memoryview`, an array. One in C order is not copied:
    leave it unchanged until it has left, which the answer to a request proves. What came in is read-only. `view` is a
    flat `memoryview` of bytes; since Python 3.12 `memoryview(attachment)` is the same, `bytes(attachment)` is a copy.
    Raises TypeError for what has no buffer.
    """

    __slots__ = ("view",)

    def __init__(self, data: Any) -> None:
        self.view = _flat(memoryview(data))
        made.any = True

    def __len__(self) -> int:
        return len(self.view)

    def __bytes__(self) -> bytes:
        return bytes(self.view)

    def __buffer__(self, _flags: int) -> memoryview:
        return self.view

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Attachment) and self.view == other.view

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Attachment(bytes={len(self.view)})"


def _flat(view: memoryview) -> memoryview:
    if not view.nbytes or not view.c_contiguous:
        return memoryview(view.tobytes())
    try:
        return view.cast("B").toreadonly()
    except (TypeError, ValueError):
        # Elements that a memoryview knows nothing of, such as big-endian ones.
        return memoryview(view.tobytes())


class Bulky:
    """A message to be sent whose attachments are not copied: type and body, and what stands behind them."""

    __slots__ = ("core", "_views")

    def __init__(self, core: bytes, views: Sequence[memoryview]) -> None:
        self.core = core
        self._views = views

    def __len__(self) -> int:
        table = _COUNT_BYTES + _LENGTH_BYTES * len(self._views)
        return table + len(self.core) + sum(map(len, self._views))

    def with_core(self, core: bytes) -> Bulky:
        """Returns the same attachments with another type and body."""
        return Bulky(core, self._views)

    def pieces(self) -> List[Union[bytes, memoryview]]:
        """Returns the payload of a frame in pieces."""
        table = pack(f">H{len(self._views)}I", len(self._views), *map(len, self._views))
        return [table + self.core, *self._views]


class Received:
    """A payload that came with attachments: what stands there without them, and they."""

    __slots__ = ("core", "attachments", "_size")

    def __init__(self, payload: bytes) -> None:
        """Takes the table apart; raises ValueError if it does not fit the payload."""
        view = memoryview(payload)
        count = int.from_bytes(view[:_COUNT_BYTES], "big")
        at = _COUNT_BYTES + _LENGTH_BYTES * count
        if not 0 < count <= MAX_ATTACHMENTS or at > len(view):
            raise ValueError(f"no table of attachments: count={count}, payloadBytes={len(view)}")
        lengths = unpack_from(f">{count}I", view, _COUNT_BYTES)
        start = len(view) - sum(lengths)
        if start < at:
            raise ValueError(f"attachments are longer than their payload: payloadBytes={len(view)}")
        self._size = len(view)
        self.core = bytes(view[at:start])
        self.attachments: List[memoryview] = []
        for length in lengths:
            self.attachments.append(view[start:start + length].toreadonly())
            start += length

    def __len__(self) -> int:
        return self._size


def core_of(payload: Union[bytes, Received]) -> bytes:
    """Returns what stands in a payload that came, without attachments."""
    return payload.core if isinstance(payload, Received) else payload


def with_more(encoded: Encoded, at: int, more: bytes) -> Encoded:
    """Returns a message with more bytes in front of byte `at` of its type and body."""
    if isinstance(encoded, bytes):
        return encoded[:at] + more + encoded[at:]
    return encoded.with_core(encoded.core[:at] + more + encoded.core[at:])


# While a body is read or written: what its positions stand for. A body holds nothing but positions.
_here = local()


def encode(write: Callable[[Any], bytes], value: Any) -> Tuple[bytes, List[memoryview]]:
    """Returns the body that `write` makes of a message, and its attachments; raises ValueError for too many."""
    leaving: List[memoryview] = []
    _here.leaving = leaving
    try:
        body = write(value)
    finally:
        _here.leaving = None
    if len(leaving) > MAX_ATTACHMENTS:
        raise ValueError(f"too many attachments: count={len(leaving)}, most={MAX_ATTACHMENTS}")
    return body, leaving


def decode(read: Callable[[bytes], Any], body: bytes, attachments: Sequence[memoryview]) -> Any:
    """Returns the message that `read` makes of a body whose attachments are these."""
    before = getattr(_here, "came", None)
    _here.came = list(attachments)
    try:
        return read(body)
    finally:
        _here.came = before


def came() -> Optional[Sequence[Any]]:
    """Returns the attachments of the body that is being read, for what of it is read later."""
    return getattr(_here, "came", None)


def _read(value: Any) -> Optional[Attachment]:
    if value is None:
        return None
    came = getattr(_here, "came", None)
    if type(value) is not int or not came or not 0 <= value < len(came):
        refuse("position of an attachment", value)
    view = came[value]
    if view is None:
        refuse("position that stands here once", value)
    came[value] = None
    return Attachment(view)


def _write(value: Any) -> str:
    leaving = getattr(_here, "leaving", None)
    if not isinstance(value, Attachment):
        return "null" if value is None else refuse("Attachment", value)
    if leaving is None:
        raise First
    leaving.append(value.view)
    return str(len(leaving) - 1)


PLAN: Plan = (_read, _write)
