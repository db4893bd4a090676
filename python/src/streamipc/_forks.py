"""A forked copy of this process has no right to the streams of its sessions."""
from __future__ import annotations

import os
from weakref import WeakSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Forked(Protocol):
        """What has to be told."""

        def forked(self) -> None:
            """Gives all up, in the copy."""

    _those: WeakSet[Forked]

_those = WeakSet()


def cut_in_copies(one: Forked) -> None:
    """Has `forked` called in each copy, as long as somebody uses the object."""
    _those.add(one)


def _tell_all() -> None:
    for one in list(_those):
        one.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_tell_all)
