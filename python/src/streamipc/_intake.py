"""PART, DEMAND and the head of REQUEST, as they come in. Runs on the thread that reads; never blocks."""
from __future__ import annotations

from ._attachments import Received, core_of
from ._attempt import read_attempt
from ._failures import Undecodable
from ._frame import ATTEMPT, BRINGS_PARTS, CANCEL, LAST_PART, NUMBER_BYTES, WANT_PARTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, Tuple, Union

    from ._exchange import Exchange
    from ._lifecycle import Lifecycle
    from ._noticed import Drops
    from ._wires import Wires


_TYPE_BYTES, _HEAD_BYTES = 2, 6


class Intake:
    """Finds the call of a part, and sees to what a part that is lost or too many means for it."""

    def __init__(self, wires: Wires, lifecycle: Lifecycle, drops: Drops) -> None:
        self._wires = wires
        self._inbox = wires.inbox
        self._pending = wires.pending
        self._lifecycle = lifecycle
        self._drops = drops

    def head(
        self, flags: int, call_id: int, payload: Union[bytes, Received]
    ) -> Tuple[int, Union[bytes, Received]]:
        """Returns the milliseconds left of a request, and its payload without what it says of attempts, which is noted.

        Raises ValueError where they can't be.
        """
        core = core_of(payload)
        if len(core) < _HEAD_BYTES:
            raise ValueError("request without a head")
        if flags & ATTEMPT:
            number, key, core = read_attempt(core)
            self._inbox.attempts[call_id] = (number, key)
            if isinstance(payload, Received):
                payload.core = core
            else:
                payload = core
        return int.from_bytes(core[_TYPE_BYTES:_HEAD_BYTES], "big"), payload

    def expect(self, flags: int, call_id: int) -> None:
        """Takes note of the streams that a request wants or brings."""
        exchange = self._wires.exchange(bool(flags & BRINGS_PARTS), bool(flags & WANT_PARTS))
        exchange.call_id = call_id
        self._inbox.exchanges[call_id] = exchange

    def part(self, flags: int, call_id: int, payload: Union[bytes, Received]) -> None:
        """Takes a part to the one who waits for it."""
        if not self._is_here(call_id):
            self._drops.note("late part")
            return
        exchange = self._exchange_of(call_id)
        if exchange is None or exchange.parts_in is None:
            self._lifecycle.violated(f"part beyond the demand: id={call_id:016x}, demand=0", 0, b"")
            return
        core = core_of(payload)
        number = int.from_bytes(core[:NUMBER_BYTES], "big")
        try:
            if len(core) < NUMBER_BYTES:
                raise ValueError("part without a number")
            if flags & LAST_PART:
                exchange.parts_in.last(number)
                self._whole(call_id)
                return
            rule = exchange.parts_in.put(number, _behind_number(payload))
        except ValueError as error:
            self.lost(call_id, str(error))
            return
        if rule is not None:
            self._lifecycle.violated(rule, 0, b"")

    def lost(self, call_id: int, cause: str) -> None:
        """Ends a call of whose parts, or wishes for parts, one can't be had."""
        exchange = self._exchange_of(call_id)
        if exchange is None:
            return
        failure = Undecodable("ANSWER", "HERE", None, cause)
        if not self._wires.way.is_own(call_id):
            # Its handler is told, and answers.
            for end in exchange.ends():
                end.stop(failure)
            return
        call = self._pending.take(call_id)
        if call is not None:
            call.answered(None, failure)
            self._wires.outbound.put(self._wires.frames.frame(CANCEL, call_id, b"a part was lost on the way"))

    def demand(self, _flags: int, call_id: int, payload: bytes) -> None:
        """Tells the one who sends parts how many are wanted."""
        exchange = self._exchange_of(call_id)
        if exchange is None or exchange.parts_out is None:
            return
        if len(payload) != NUMBER_BYTES:
            self._lifecycle.violated(f"demand without a number: payloadBytes={len(payload)}", 0, payload[:32])
            return
        exchange.parts_out.demand(int.from_bytes(payload, "big"))

    def _is_here(self, call_id: int) -> bool:
        if self._wires.way.is_own(call_id):
            # A part proves that the handler was entered.
            return self._pending.started(call_id) is not None
        return self._inbox.is_unanswered(call_id)

    def _exchange_of(self, call_id: int) -> Optional[Exchange]:
        if self._wires.way.is_own(call_id):
            call = self._pending.get(call_id)
            return None if call is None else call.exchange
        return self._inbox.exchanges.get(call_id)

    def _whole(self, call_id: int) -> None:
        call = self._pending.take(call_id) if self._wires.way.is_own(call_id) else None
        if call is not None:
            call.answered(None, None)


def _behind_number(payload: Union[bytes, Received]) -> Union[bytes, Received]:
    if not isinstance(payload, Received):
        return payload[NUMBER_BYTES:]
    payload.core = payload.core[NUMBER_BYTES:]
    return payload
