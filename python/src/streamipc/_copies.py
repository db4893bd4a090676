"""What is left of a session in a forked copy of its process: calls end there, and nothing reaches the other side."""
from __future__ import annotations

from ._failures import Phase, SessionClosed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._asking import Asking
    from ._lifecycle import Lifecycle
    from ._reading import Reading
    from ._wires import Wires

_WHY = "the session belongs to the process that this one is a copy of; open one here"


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
