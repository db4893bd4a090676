"""Which attempt at its work a request is, docs/PROTOCOL.md section 16.

    | type | time left | attempt | length of key | key        | body
    | 2    | 4         | 2       | 2             | 0 to 1,024 |
"""
from __future__ import annotations

from struct import pack, unpack_from

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, Tuple

MAX_NUMBER = 65_535
MAX_KEY_BYTES = 1_024
_AT = 6
_KEY_AT = 10


class Attempt:
    """One of several attempts at the same work, for `request`, `call`, `stream` and `upload` in place of their message.

    `number` is 1 for the first attempt, then 2, at most 65,535; `key` is the same for all attempts, whoever is asked: 1
    to 1,024 bytes of UTF-8. The handler finds them in its `RequestContext`, as `attempt` and `key`, so that it can tell
    what it has done before. Another side that knows no attempts gets the message alone. Raises ValueError for a number
    or a key out of range, TypeError for a key that is no text.
    """

    __slots__ = ("message", "number", "key", "head")

    def __init__(self, message: object, number: int, key: str) -> None:
        if type(number) is not int or not 1 <= number <= MAX_NUMBER:
            raise ValueError(f"attempt out of range: attempt={number!r}, max={MAX_NUMBER}; count from 1")
        if not isinstance(key, str):
            raise TypeError(f"key of an attempt is no text: key={key!r}")
        try:
            key_bytes = key.encode()
        except UnicodeEncodeError:
            raise ValueError(
                f"key of an attempt has half a surrogate pair: keyChars={len(key)}; give whole characters"
            ) from None
        if not 1 <= len(key_bytes) <= MAX_KEY_BYTES:
            raise ValueError(
                f"key of an attempt out of range: keyBytes={len(key_bytes)}, max={MAX_KEY_BYTES}; give a short text"
            )
        self.message = message
        self.number = number
        self.key = key
        # For the session: what stands in front of the body.
        self.head = pack(">HH", number, len(key_bytes)) + key_bytes


def read_attempt(core: bytes) -> Tuple[int, Optional[str], bytes]:
    """Returns number and key of the attempt that a payload tells, and the payload without them; raises ValueError."""
    if len(core) < _KEY_AT:
        raise ValueError(f"request without its attempt: missingBytes={_KEY_AT - len(core)}")
    number, key_bytes = unpack_from(">HH", core, _AT)
    behind = _KEY_AT + key_bytes
    if not number or key_bytes > MAX_KEY_BYTES or behind > len(core):
        raise ValueError(f"no attempt of a request: attempt={number}, keyBytes={key_bytes}, payloadBytes={len(core)}")
    try:
        key = str(core[_KEY_AT:behind], "utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"key of an attempt is no UTF-8: keyBytes={key_bytes}") from None
    # What came in chunks is a view.
    return number, key or None, b"".join((core[:_AT], core[behind:]))
