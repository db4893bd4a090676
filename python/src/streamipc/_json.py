"""JSON text as strictly as docs/PROTOCOL.md section 9 asks: no doubled names, no NaN, nothing behind, 64 levels."""
from __future__ import annotations

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, NoReturn, Tuple

MAX_DEPTH = 64
# A whole text that is nested deeper has at least a bracket on either side for each level.
_DEEPEST_SAFE_CHARS = 2 * MAX_DEPTH

_TEXT = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NO_BRACKETS = re.compile(r"[^\[\]{}]+")
_SQUARE = str.maketrans("{}", "[]")


def parse(payload: bytes) -> Any:
    """Returns the tree of a UTF-8 text; raises ValueError that says what is wrong with it."""
    text = str(payload, "utf-8")
    if len(text) > _DEEPEST_SAFE_CHARS and text.count("[") + text.count("{") > MAX_DEPTH and _is_deeper(text):
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
    try:
        if text.count("{") == 1:
            value, end = _scan_quick(text, 0)
            # A colon for each member that is left: none stood there twice.
            if end == len(text) and type(value) is dict and text.count(":") == len(value):
                return value
        value, end = _scan(text, 0)
        if end == len(text):
            return value
    except (json.JSONDecodeError, StopIteration):
        # Blanks in front: the slower way below skips them, and says what is wrong with anything else.
        pass
    return _decode(text)


def dump(tree: Any) -> bytes:
    """Returns a tree of plain values as UTF-8 text; half a surrogate pair becomes a question mark."""
    text = json.dumps(tree, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def _is_deeper(text: str) -> bool:
    # Each pass takes away the innermost brackets, so a legal text is empty after as many passes as it has levels.
    brackets = _NO_BRACKETS.sub("", _TEXT.sub("", text)).translate(_SQUARE)
    for _ in range(MAX_DEPTH):
        if not brackets:
            return False
        brackets = brackets.replace("[]", "")
    return bool(brackets)


def _unique(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"doubled field name: field={doubled}")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"no JSON number: {name}")


_decoder = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant)
# What raw_decode is made of: the detour costs as much as the work.
_scan: Callable[[str, int], Tuple[Any, int]] = getattr(_decoder, "scan_once")
_scan_quick: Callable[[str, int], Tuple[Any, int]] = getattr(
    json.JSONDecoder(parse_constant=_refuse_constant), "scan_once"
)
_decode = _decoder.decode
