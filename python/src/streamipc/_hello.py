"""HELLO and READY, docs/PROTOCOL.md section 5."""
from __future__ import annotations

import os
import sys

from ._frame import FEATURES, MAX_HELLO_BYTES, MIN_PAYLOAD_LIMIT, VERSION
from ._json import dump, parse
from ._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Sequence

    from ._way import Way

SERIALIZER = "json"
NAME = "stream-ipc {}, Python {}.{}.{}".format(__version__, *sys.version_info[:3])


class Refused(ValueError):
    """The two sides can't talk; the text is one readable sentence."""


class OtherSide:
    """What the other side's HELLO told. Raises `Refused` if that is no ground to go on."""

    def __init__(self, payload: bytes, own_role: str) -> None:
        tree = _object(payload)
        self.name = str(tree.get("name"))
        _require(tree.get("protocol") == "stream-ipc", self.name, f"protocol={tree.get('protocol')!r}")
        versions = tree.get("versions")
        _require(_spans_ours(versions), self.name, f"versions={versions}")
        due = "parent" if own_role == "child" else "child"
        _require(tree.get("role") == due, self.name, f"role={tree.get('role')!r} where a {due} is due")
        offered = tree.get("serializers")
        _require(isinstance(offered, list) and SERIALIZER in offered, self.name, f"serializers={offered}")
        limits = tree.get("limits")
        limit: Any = limits.get("maxPayloadBytes") if isinstance(limits, dict) else None
        _require(type(limit) is int and limit >= MIN_PAYLOAD_LIMIT, self.name, f"maxPayloadBytes={limit}")
        self.max_payload_bytes: int = limit
        self.types = _type_names(tree.get("types"), self.name)
        features = tree.get("features")
        # What both sides name is in force.
        self.features = [name for name in FEATURES if isinstance(features, list) and name in features]
        self.salt = _salt(tree.get("salt"), self.name)


def hello(type_names: Sequence[str], max_payload_bytes: int, salt: bytes, way: Way) -> bytes:
    """Returns the payload of our HELLO; raises ValueError if the type names are too many for it."""
    payload = dump({
        "protocol": "stream-ipc",
        "versions": [VERSION, VERSION],
        "minor": 0,
        "role": way.role,
        "name": NAME,
        "serializers": [SERIALIZER],
        "types": [{"name": name} for name in type_names],
        "limits": {"maxPayloadBytes": max_payload_bytes},
        "features": list(FEATURES),
        "salt": salt.hex(),
        "pid": os.getpid(),
        "startedAtMillis": None,
        **({"token": way.token} if way.token else {}),
    })
    if len(payload) > MAX_HELLO_BYTES:
        raise ValueError(f"too many message types: helloBytes={len(payload)}, maxHelloBytes={MAX_HELLO_BYTES}")
    return payload


def ready(has_reader: bool) -> bytes:
    """Returns the payload of READY."""
    return dump({"reads": "reader" if has_reader else "pump"})


def is_reader(payload: bytes) -> bool:
    """Returns whether READY tells of a dedicated reader; raises ValueError if it is no READY."""
    reads = _object(payload).get("reads")
    if reads not in ("reader", "pump"):
        raise ValueError(f"ready with unknown reads={reads!r}")
    return bool(reads == "reader")


def _object(payload: bytes) -> Dict[str, Any]:
    tree = parse(payload)
    if not isinstance(tree, dict):
        raise ValueError("no JSON object")
    return tree


def _require(holds: bool, other: str, facts: str) -> None:
    if not holds:
        raise Refused(
            f"{NAME} (versions=[{VERSION}, {VERSION}], serializers=['{SERIALIZER}'])"
            f" can't talk to {other[:200]}: {facts[:300]}"
        )


def _spans_ours(versions: Any) -> bool:
    if not isinstance(versions, list) or len(versions) != 2 or not all(type(one) is int for one in versions):
        return False
    return bool(versions[0] <= VERSION <= versions[1])


def _type_names(types: Any, other: str) -> List[str]:
    _require(isinstance(types, list), other, "no types")
    names = [str(entry["name"]) for entry in types if isinstance(entry, dict) and isinstance(entry.get("name"), str)]
    _require(len(names) == len(types), other, "types without names")
    return names


def _salt(text: Any, other: str) -> bytes:
    try:
        salt = bytes.fromhex(text)
    except (TypeError, ValueError):
        salt = b""
    _require(len(salt) == 4, other, f"salt={text!r}")
    return salt
