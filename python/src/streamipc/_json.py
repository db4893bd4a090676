"""JSON text as strictly as docs/PROTOCOL.md section 9 asks: no doubled names, no NaN, nothing behind, 64 levels."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, NoReturn, Optional, Tuple


def _written_in_c() -> Tuple[Callable[[str], str], Callable[[Any], Any]]:
    try:
        # The package `json` around it compiles ten patterns that nobody here needs: it comes only for what is wrong.
        import _json as parts
    except ImportError:
        import json.decoder as decoder
        import json.encoder as encoder

        return getattr(encoder, "py_encode_basestring"), getattr(decoder, "scanner").py_make_scanner
    return getattr(parts, "encode_basestring"), getattr(parts, "make_scanner")


write_str, _make_scanner = _written_in_c()

MAX_DEPTH = 64
# A whole text that is nested deeper has at least a bracket on either side for each level.
_DEEPEST_SAFE_CHARS = 2 * MAX_DEPTH
TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"

_TEXT = r'(?s)"[^"\\]*(?:\\.[^"\\]*)*"'
_NO_BRACKETS = r"[^\[\]{}]+"
_WORDS = {None: "null", True: "true", False: "false"}
_SQUARE = str.maketrans("{}", "[]")


def parse(payload: bytes) -> Any:
    """Returns the tree of a UTF-8 text; raises ValueError that says what is wrong with it."""
    text = str(payload, "utf-8")
    if len(text) > _DEEPEST_SAFE_CHARS:
        _check_depth(text)
    try:
        if text.count("{") == 1:
            value, end = _scan_quick(text, 0)
            # A colon for each member that is left: none stood there twice.
            if end == len(text) and type(value) is dict and text.count(":") == len(value):
                return value
        value, end = _scan(text, 0)
        if end == len(text):
            return value
    except (StopIteration, ValueError):
        # Blanks in front: the slower way below skips them, and says what is wrong with anything else.
        pass
    return _decode(text)


def encoded(text: str) -> bytes:
    """Returns a text that was written here as UTF-8; raises ValueError if it is nested deeper than may be."""
    if len(text) > _DEEPEST_SAFE_CHARS:
        _check_depth(text)
    return text.encode()


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_deeper(text):
        raise ValueError(TOO_DEEP)


def dump(tree: Any) -> bytes:
    """Returns a tree of plain values as UTF-8 text; half a surrogate pair becomes a question mark."""
    return write(tree).encode("utf-8", "replace")


def write(tree: Any) -> str:
    """Returns a tree of plain values as text; raises ValueError or TypeError for what JSON can't carry."""
    if type(tree) is str:
        return write_str(tree)
    if type(tree) in (list, tuple):
        return f"[{','.join(map(write, tree))}]"
    if type(tree) is dict and all(type(name) is str for name in tree):
        return f"{{{','.join(f'{write_str(name)}:{write(value)}' for name, value in tree.items())}}}"
    if type(tree) is int:
        return repr(tree)
    if tree is None or tree is True or tree is False:
        return _WORDS[tree]
    from json import dumps

    return dumps(tree, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _is_deeper(text: str) -> bool:
    import re

    # Each pass takes away the innermost brackets, so a legal text is empty after as many passes as it has levels.
    brackets = re.sub(_NO_BRACKETS, "", re.sub(_TEXT, "", text)).translate(_SQUARE)
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


class _Strict:
    """What the scanner asks for: a function for objects, and others as `json` has them."""

    strict = True
    object_hook = None
    object_pairs_hook: Optional[Callable[[List[Tuple[str, Any]]], Dict[str, Any]]] = staticmethod(_unique)
    parse_float = float
    parse_int = int
    parse_constant = staticmethod(_refuse_constant)
    memo: Dict[str, str] = {}


class _Quick(_Strict):
    object_pairs_hook = None


def _decode(text: str) -> Any:
    from json import JSONDecoder

    return JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant).decode(text)


_scan: Callable[[str, int], Tuple[Any, int]] = _make_scanner(_Strict())
_scan_quick: Callable[[str, int], Tuple[Any, int]] = _make_scanner(_Quick())
