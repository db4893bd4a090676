"""REQUEST, as it comes in: into the inbox, or refused. Runs on the thread that reads; never blocks."""
from __future__ import annotations

from struct import Struct

from . import _failure_json
from ._frame import CHILD_BIT, OF_STREAMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List

    from ._decoder import Event
    from ._handlers import Payload
    from ._inbox import Item
    from ._intake import Intake
    from ._lifecycle import Lifecycle
    from ._noticed import Drops
    from ._wires import Wires

_NO_DEADLINE, _HEAD_BYTES = 0xFFFFFFFF, 6
_time_left = Struct(">2xI").unpack_from


class Admission:
    """Takes requests in. Not to be used by two threads at a time."""

    def __init__(self, wires: Wires, lifecycle: Lifecycle, intake: Intake, drops: Drops) -> None:
        self._outbound = wires.outbound
        self._inbox = wires.inbox
        self._lifecycle = lifecycle
        self._intake = intake
        self._drops = drops
        self._own_bit = wires.way.first_id & CHILD_BIT
        self.now = 0.0

    def take_all(self, events: List[Event]) -> None:
        """Takes a run of requests in, each a head and a body and no more: at once, if nothing is odd."""
        if len(events) == 1:
            _, flags, call_id, payload = events[0]
            if not self._take_lone(flags, call_id, payload):
                self.take(flags, call_id, payload)
            return
        now = self.now
        items: List[Item] = []
        if self._lifecycle.is_open():
            for _, flags, call_id, payload in events:
                if len(payload) < _HEAD_BYTES or call_id & CHILD_BIT == self._own_bit:
                    break
                left_ms = _time_left(payload)[0]
                deadline = None if left_ms == _NO_DEADLINE else now + left_ms / 1000
                items.append((call_id, flags, deadline, payload))
        if len(items) < len(events) or not self._inbox.put_requests(items):
            for _, flags, call_id, payload in events:
                self.take(flags, call_id, payload)

    def _take_lone(self, flags: int, call_id: int, payload: bytes) -> bool:
        is_odd = len(payload) < _HEAD_BYTES or call_id & CHILD_BIT == self._own_bit or not self._lifecycle.is_open()
        if is_odd or self._inbox.is_unanswered(call_id):
            return False
        left_ms = _time_left(payload)[0]
        deadline = None if left_ms == _NO_DEADLINE else self.now + left_ms / 1000
        return self._inbox.put_request(call_id, (call_id, flags, deadline, payload))

    def take(self, flags: int, call_id: int, payload: Payload) -> None:
        """Takes one request in."""
        if call_id & CHILD_BIT == self._own_bit or self._inbox.is_unanswered(call_id):
            self._lifecycle.violated(f"request with a wrong id or one in flight: id={call_id:016x}", 0, b"")
            return
        if not self._lifecycle.is_open():
            self._lifecycle.reject_draining(call_id)
            return
        try:
            left_ms, payload = self._intake.head(flags, call_id, payload)
        except ValueError as error:
            self.refuse(call_id, _failure_json.undecodable("ARGUMENT", None, str(error)))
            return
        deadline = None if left_ms == _NO_DEADLINE else self.now + left_ms / 1000
        if flags & OF_STREAMS:
            self._intake.expect(flags, call_id)
        if not self._inbox.put_request(call_id, (call_id, flags, deadline, payload)):
            self._inbox.answered(call_id)
            facts = f"waitingRequests={self._inbox.count()}; send fewer at a time"
            self.refuse(call_id, _failure_json.rejected("QUEUE_FULL", facts))

    def refuse(self, call_id: int, tree: Dict[str, object]) -> None:
        """Answers a request by a FAILURE, if there is room for that."""
        if self._outbound.is_full():
            self._drops.note("refusal")
        else:
            self._lifecycle.fail_call(call_id, tree)
