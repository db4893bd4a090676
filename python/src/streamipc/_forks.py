"""A forked copy of this process has no right to the streams of its sessions."""
from __future__ import annotations

import os
from weakref import WeakSet

from ._failures import Phase, SessionClosed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from ._asking import Asking
    from ._lifecycle import Lifecycle
    from ._reading import Reading
    from ._wires import Wires

    class Forked(Protocol):
        """What has to be told."""

        def forked(self) -> None:
            """Gives all up, in the copy."""

    _those: WeakSet[Forked]

_those = WeakSet()

_WHY = "the session belongs to the process that this one is a copy of; open one here"


def cut_in_copies(one: Forked) -> None:
    """Has `forked` called in each copy, as long as somebody uses the object."""
    _those.add(one)


def _tell_all() -> None:
    for one in list(_those):
        one.forked()


class Copies:
    """Gives a session up in a copy. Its locks may be held there by threads that are gone, so that all are made anew."""

    def __init__(self, wires: Wires, lifecycle: Lifecycle, asking: Asking, reading: Reading) -> None:
        self._wires = wires
        self._lifecycle = lifecycle
        self._asking = asking
        self._reading = reading

    def forked(self) -> None:
        """For the copy: not a byte may come from there, nor be read, and the other process is left alone."""
        self._lifecycle.abandon()
        self._wires.outbound.abandon()
        self._reading.abandon()
        self._asking.abandon()
        self._wires.pending.abandon(
            SessionClosed(Phase.SENT, "THIS_SIDE", _WHY), lambda phase: SessionClosed(phase, "THIS_SIDE", _WHY)
        )
        self._wires.way.abandon()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_tell_all)
