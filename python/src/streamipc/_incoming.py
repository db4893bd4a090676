"""What comes in: each event to its place. Runs on the thread that reads, never blocks, and runs no handler."""
from __future__ import annotations

from time import monotonic

from . import _failure_json
from ._admission import Admission
from ._attachments import Received, core_of
from ._decoder import DAMAGED, JUNK, VIOLATION
from ._failures import Undecodable
from ._frame import (
    ATTACHMENTS,
    ATTEMPT,
    CANCEL,
    CHUNK,
    DEMAND,
    FAILURE,
    GOODBYE,
    HELLO,
    MERGED,
    NOTIFY,
    OF_STREAMS,
    PART,
    PING,
    PONG,
    PROGRESS,
    READY,
    REPLY,
    REQUEST,
    STARTED,
    allowed_flags,
)
from ._hello import OtherSide, Refused, is_reader
from ._intake import Intake
from ._log import log
from ._noticed import Drops

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

    from ._chunks import Chunks
    from ._decoder import Decoder, Event
    from ._handlers import Handlers, Payload
    from ._lifecycle import Lifecycle
    from ._wires import Wires

_HEAD_BYTES = 6
# What makes a request more than a call with a body.
_ODD_FLAGS = OF_STREAMS | ATTACHMENTS | ATTEMPT
_MAX_REASON_BYTES = 1_024


class Incoming:
    """Feeds the decoder and acts on what comes out.

    `other` is None until the other side's HELLO, `other_has_reader` until its READY.
    """

    def __init__(self, wires: Wires, decoder: Decoder, handlers: Handlers, lifecycle: Lifecycle) -> None:
        self.other: Optional[OtherSide] = None
        self.other_has_reader: Optional[bool] = None
        self._way = wires.way
        self._frames = wires.frames
        self._outbound = wires.outbound
        self._inbox = wires.inbox
        self._pending = wires.pending
        self.decoder = decoder
        # Made, and its module imported, for the first chunk, of what the other side says of itself.
        self.chunks: Optional[Chunks] = None
        self._said: Tuple[bytes, Dict[int, int]] = (b"", {})
        self._handlers = handlers
        self._lifecycle = lifecycle
        self._drops = Drops()
        self._intake = Intake(wires, lifecycle, self._drops)
        self._admission = Admission(wires, lifecycle, self._intake, self._drops)
        self._actions: Dict[int, Callable[[int, int, Any], None]] = {
            HELLO: self._hello, READY: self._ready, REQUEST: self._admission.take, REPLY: self._reply,
            FAILURE: self._failure, NOTIFY: self._notify, STARTED: self._started, PROGRESS: self._progress,
            CANCEL: self._cancel, PING: self._ping, GOODBYE: self._goodbye, CHUNK: self._chunk,
            PART: self._intake.part, DEMAND: self._intake.demand, DAMAGED: self._damaged, VIOLATION: self._violation,
        }

    def take_in(self, data: bytes) -> None:
        """Takes bytes that were read; b"" is the end of the stream."""
        self._admission.now = monotonic()
        self._act(self.decoder.feed(data) if data else self.decoder.end())
        if not data:
            self._lifecycle.input_ended("the stream ended without a goodbye")

    def look(self, now: float) -> None:
        """Gives back what is kept for nothing. For any thread."""
        if self.chunks is not None:
            self.chunks.look(now)

    def _act(self, events: List[Event]) -> None:
        junk: List[bytes] = []
        requests: List[Event] = []
        payload: Payload
        for event in events:
            kind, flags, call_id, payload = event
            if kind == REQUEST and not flags & _ODD_FLAGS:
                requests.append(event)
                continue
            if requests:
                self._admission.take_all(requests)
                requests = []
            if kind == JUNK:
                junk.append(core_of(payload))
                continue
            if junk:
                self._way.tell_junk(junk)
            if flags & ATTACHMENTS and kind > 0:
                try:
                    payload = Received(core_of(payload))
                except ValueError as error:
                    self._undecodable(kind, call_id, str(error))
                    continue
            action = self._actions.get(kind)
            if action is not None:
                action(flags, call_id, payload)
        if requests:
            self._admission.take_all(requests)
        if junk:
            self._way.tell_junk(junk)

    def _hello(self, _flags: int, _call_id: int, payload: bytes) -> None:
        if self.other is not None:
            self._lifecycle.violated("second hello", 0, b"")
            return
        try:
            other = OtherSide(payload, self._way.role)
        except ValueError as error:
            self._lifecycle.refuse(str(error))
            return
        self.other = other
        self._lifecycle.max_payload_bytes = other.max_payload_bytes
        self._lifecycle.features = other.features
        self._handlers.other_side_has(other.types)
        allowed = allowed_flags(other.features)
        self._said = other.salt, allowed
        self._frames.has_chunks = "chunks" in other.features
        self._handlers.takes_attachments = "attachments" in other.features
        self.decoder.salt_is(other.salt, allowed)
        # What came in behind HELLO in the same read.
        self._act(self.decoder.feed(b""))

    def _ready(self, _flags: int, _call_id: int, payload: bytes) -> None:
        try:
            self.other_has_reader = is_reader(payload)
        except ValueError as error:
            self._lifecycle.violated(str(error), 0, payload[:32])
            return
        self._outbound.open()

    def _reply(self, _flags: int, call_id: int, payload: Payload) -> None:
        call = self._pending.take(call_id)
        if call is None:
            self._drops.note("late answer")
            return
        name = None
        try:
            if call.exchange is not None and call.exchange.parts_in is not None:
                raise ValueError("a reply where parts are due")
            route = self._handlers.route_of(payload)
            name = route.name
            value = call.value_of(route.decode(payload))
        except BaseException as error:
            # SystemExit and its like would end the thread that reads, and no call would end any more.
            call.answered(None, Undecodable("ANSWER", "HERE", name, _failure_json.text_of(error)))
            return
        call.answered(value, None)

    def _failure(self, _flags: int, call_id: int, payload: bytes) -> None:
        call = self._pending.take(call_id)
        if call is None:
            self._drops.note("late answer")
            return
        try:
            failure = _failure_json.read(payload)
        except Exception as error:
            call.answered(None, Undecodable("ANSWER", "HERE", None, _failure_json.text_of(error)))
            return
        call.answered(None, failure)

    def _notify(self, flags: int, _call_id: int, payload: Payload) -> None:
        for _ in range(self._inbox.put_message((None, flags, None, payload))):
            self._drops.note("message")

    def _started(self, _flags: int, call_id: int, _payload: bytes) -> None:
        self._pending.started(call_id)

    def _progress(self, flags: int, call_id: int, payload: Payload) -> None:
        call = self._pending.started(call_id)
        if call is None:
            self._drops.note("late progress")
        elif call.listener is not None:
            left_out = int.from_bytes(core_of(payload)[2:_HEAD_BYTES], "big") if flags & MERGED else 0
            try:
                message = self._handlers.decode_answer(payload, _HEAD_BYTES if flags & MERGED else 2)
                call.listener.take(message, len(payload), left_out)
            except BaseException as error:
                log().warning("progress can't be decoded: id=%016x, cause=%s", call_id, _failure_json.text_of(error))
                call.listener.skip(left_out + 1)

    def _cancel(self, _flags: int, call_id: int, payload: bytes) -> None:
        self._inbox.drop(call_id, payload[:_MAX_REASON_BYTES].decode("utf-8", "replace"))

    def _ping(self, _flags: int, call_id: int, _payload: bytes) -> None:
        if self._way.is_own(call_id):
            self._lifecycle.violated(f"ping with a wrong id: id={call_id:016x}", 0, b"")
        elif self._outbound.is_full():
            self._drops.note("pong")
        else:
            self._outbound.put_control(self._frames.frame(PONG, call_id, b""))

    def _goodbye(self, _flags: int, _call_id: int, payload: bytes) -> None:
        try:
            reason, text, last_started = _failure_json.read_goodbye(payload)
        except (TypeError, ValueError) as error:
            self._lifecycle.violated(f"goodbye can't be read: {error}", 0, payload[:32])
            return
        self._lifecycle.goodbye(reason, text, last_started)

    def _chunk(self, flags: int, number: int, piece: Optional[bytes]) -> None:
        if self.chunks is None:
            from ._chunks import Chunks

            self.chunks = Chunks(*self._said, self.decoder.max_payload_bytes)
        self._act(self.chunks.take(flags, number, piece))

    def _damaged(self, flags: int, call_id: int, kind: bytes) -> None:
        if kind[0] == CHUNK:
            self._chunk(flags, call_id, None)
            return
        log().warning("damaged payload on stdin: kind=%d, id=%016x", kind[0], call_id)
        self._undecodable(kind[0], call_id, "the payload does not fit its CRC; something else writes to the stream")

    def _undecodable(self, kind: int, call_id: int, cause: str) -> None:
        if kind == REQUEST and not self._inbox.is_unanswered(call_id):
            self._admission.refuse(call_id, _failure_json.undecodable("ARGUMENT", None, cause))
        elif kind in (PART, DEMAND):
            self._intake.lost(call_id, cause)
        elif kind in (REPLY, FAILURE):
            call = self._pending.take(call_id)
            if call is not None:
                call.answered(None, Undecodable("ANSWER", "HERE", None, cause))

    def _violation(self, _flags: int, offset_bytes: int, rule: bytes) -> None:
        self._lifecycle.violated(rule.decode(), offset_bytes, self.decoder.near)
