"""The user's handlers by message type: decode, ask in order, encode the answer."""
from __future__ import annotations

from . import _by_name
from ._attachments import Bulky, First, Received, core_of, decode, encode, made
from ._failure_json import of_error, rejected, text_of, undecodable
from ._json import TOO_DEEP, encoded
from ._log import log
from ._records import logical_name, record_of
from ._signatures import is_generator, refuse_unfit, takes_values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

    from ._attachments import Encoded
    from ._records import Record

    Handler = Callable[..., Any]
    Payload = Union[bytes, Received]
    # Takes a message and the answer that is due, an `OpenAnswer`.
    Later = Callable[[Any, Any], None]

_TYPE_BYTES = 2
_REQUEST_HEAD_BYTES = 6
_ADVICE = "declare it with @message before Session.stdio()"
# All else that a handler raises is its own affair, a cancelled task of asyncio included.
END_THE_PROGRAM = (SystemExit, KeyboardInterrupt)


class NotShared(ValueError):
    """A value can't be sent: its type is not known on both sides. The text says where it is missing, and what to do."""


class Route:
    """One message type of this side: its number, its plan and its handlers."""

    def __init__(self, cls: type, number: int) -> None:
        self.cls = cls
        self.name = logical_name(cls)
        self.prefix = number.to_bytes(_TYPE_BYTES, "big")
        self.record: Record = record_of(cls)
        self.is_shared = False
        # Replaced as a whole, so that a handler may be added while they are asked.
        self.on_request: Tuple[Tuple[Handler, bool], ...] = ()
        self.on_message: Tuple[Handler, ...] = ()
        # By the streams of the request, as its flags say.
        self.later: Dict[int, Later] = {}
        self._on_stream: Tuple[Tuple[Handler, bool], ...] = ()
        self._on_upload: Tuple[Tuple[Handler, bool], ...] = ()

    def add_request(self, handler: Handler) -> None:
        """Adds a handler of requests behind the others of its sort: a generator answers with a stream of parts."""
        refuse_unfit(handler)
        entry = (handler, takes_values(handler, 2))
        if is_generator(handler):
            self._on_stream = (*self._on_stream, entry)
        else:
            self.on_request = (*self.on_request, entry)

    def add_upload(self, handler: Handler) -> None:
        """Adds a handler of requests that bring parts along."""
        refuse_unfit(handler)
        self._on_upload = (*self._on_upload, (handler, takes_values(handler, 3)))

    def advice(self) -> str:
        """Returns what else its handlers answer, where they answer no plain request: a generator does not."""
        return "" if self.on_request or not self._on_stream else "; its handlers are generators, ask for a stream"

    def for_streams(self, wants_parts: bool, brings_parts: bool) -> List[Tuple[Handler, bool]]:
        """Returns the handlers that fit a request with streams."""
        entries = self._on_upload if brings_parts else self._on_stream
        return [entry for entry in entries if is_generator(entry[0]) == wants_parts]

    def decode_request(self, payload: Payload) -> Any:
        """Returns the message of a REQUEST."""
        return self.decode(payload, _REQUEST_HEAD_BYTES)

    def decode(self, payload: Payload, head_bytes: int = _TYPE_BYTES) -> Any:
        """Returns the message behind the head of a frame."""
        if not isinstance(payload, Received):
            return self.record.decode(payload[head_bytes:])
        return decode(self.record.decode, payload.core[head_bytes:], payload.attachments)


class Handlers:
    """The table of message types of a session. Handlers are added by any thread and run by one at a time."""

    def __init__(self, types: Sequence[type]) -> None:
        self._routes: Dict[type, Route] = {cls: Route(cls, number) for number, cls in enumerate(types)}
        self._inbound: List[Optional[Route]] = []
        self._other_names: Sequence[str] = ()
        self._unheard: Dict[str, int] = {}
        # Set once, before the first message.
        self.takes_attachments = False
        self.has_later = False
        self.functions = _by_name.Functions()
        if _by_name.FunctionCall in self._routes:
            self._routes[_by_name.FunctionCall].on_request = ((self.functions.answer, True),)

    def names(self) -> List[str]:
        """Returns the logical names in the order of their numbers."""
        return [route.name for route in self._routes.values()]

    def other_side_has(self, names: Sequence[str]) -> None:
        """Takes the names of the other side's HELLO, in the order of its numbers."""
        own = {route.name: route for route in self._routes.values()}
        self._other_names = names
        self._inbound = [own.get(name) for name in names]
        for route in filter(None, self._inbound):
            route.is_shared = True

    def add_request(self, cls: type, handler: Handler) -> None:
        """Adds a handler for requests behind those that are there."""
        self.route_to_listen(cls).add_request(handler)

    def add_upload(self, cls: type, handler: Handler) -> None:
        """Adds a handler for requests that bring parts behind those that are there."""
        self.route_to_listen(cls).add_upload(handler)

    def add_later(self, cls: type, streams: int, later: Later) -> None:
        """Has requests of a type, with these streams, answered later, by whom they are handed to."""
        route = self.route_to_listen(cls)
        route.later = {**route.later, streams: later}
        self.has_later = True

    def add_message(self, cls: type, handler: Handler) -> None:
        """Adds a handler for messages behind those that are there."""
        refuse_unfit(handler)
        route = self.route_to_listen(cls)
        route.on_message = (*route.on_message, handler)

    def encode(self, message: Any) -> Encoded:
        """Returns type and body; raises NotShared, or ValueError where a field does not fit."""
        route = self._routes.get(type(message))
        if route is None:
            raise NotShared(f"type={type(message).__qualname__}, missing=here; {_ADVICE}")
        if not route.is_shared:
            raise NotShared(f"type={route.name}, missing=there; register it on the other side under this name")
        if not made.any:
            try:
                return route.prefix + encoded(route.record.write(message))
            except RecursionError:
                raise ValueError(TOO_DEEP) from None
            except (First, UnicodeEncodeError):
                # An array became an attachment on its way out: from now on they are looked for. Or else the field has
                # to be found whose text can't be sent.
                pass
        body, attachments = encode(route.record.encode, message)
        if not attachments:
            return route.prefix + body
        if not self.takes_attachments:
            raise ValueError("the other side takes no attachments")
        return Bulky(route.prefix + body, attachments)

    def decode_answer(self, payload: Payload, head_bytes: int = _TYPE_BYTES) -> Any:
        """Returns the message behind the head of an answer; raises ValueError if that can't be done."""
        return self.route_of(payload).decode(payload, head_bytes)

    def answer(
        self,
        payload: Payload,
        max_payload_bytes: int,
        enter: Optional[Callable[[], None]],
        context: Callable[[], Any],
    ) -> Tuple[Optional[Encoded], Optional[Dict[str, Any]]]:
        """Handles a request; returns the payload of its REPLY, or else the tree of its FAILURE.

        Calls `enter` right before the first handler, `context` for the first that takes a second parameter.
        """
        name = None
        try:
            route = self.route_of(payload)
            name = route.name
            if type(payload) is bytes:
                message = route.record.decode(payload[_REQUEST_HEAD_BYTES:])
            else:
                message = route.decode_request(payload)
        except Exception as error:
            return None, undecodable("ARGUMENT", name, text_of(error))
        if enter is not None and route.on_request:
            enter()
        try:
            for handler, wants_context in route.on_request:
                answer = handler(message, context()) if wants_context else handler(message)
                if answer is not None:
                    return self.encode_answer(answer, max_payload_bytes)
        except END_THE_PROGRAM:
            raise
        except BaseException as error:
            return None, of_error(error)
        return None, rejected("UNHANDLED", f"type={name}, handlers={len(route.on_request)}{route.advice()}")

    def hear(self, payload: Payload) -> None:
        """Hands a message to all its handlers; what goes wrong is logged."""
        try:
            route = self.route_of(payload)
            message = route.decode(payload)
        except Exception as error:
            log().warning("message can't be decoded: cause=%s", text_of(error))
            return
        if not route.on_message:
            self._note_unheard(route.name)
        for handler in route.on_message:
            try:
                handler(message)
            except END_THE_PROGRAM:
                raise
            except BaseException:
                log().exception("message handler failed: type=%s", route.name)

    def encode_answer(
        self, answer: Any, max_payload_bytes: int
    ) -> Tuple[Optional[Encoded], Optional[Dict[str, Any]]]:
        """Returns the payload of a REPLY, or else the tree of its FAILURE."""
        try:
            payload = self.encode(answer)
        except Exception as error:
            return None, undecodable("ANSWER", type(answer).__qualname__, text_of(error))
        if len(payload) <= max_payload_bytes:
            return payload, None
        facts = f"answer over the limit: payloadBytes={len(payload)}, maxPayloadBytes={max_payload_bytes}"
        return None, undecodable("ANSWER", logical_name(type(answer)), facts)

    def route_to_listen(self, cls: type) -> Route:
        """Returns a type of this session that gets a handler; raises TypeError for any other."""
        route = self._routes.get(cls)
        if route is None:
            raise TypeError(f"no message of this session: type={getattr(cls, '__qualname__', cls)}; {_ADVICE}")
        route.record.resolve()
        return route

    def route_of(self, payload: Payload) -> Route:
        """Returns the type of a message that came; raises ValueError if it is not known here."""
        head = payload if type(payload) is bytes else core_of(payload)
        try:
            number = head[0] << 8 | head[1]
            route = self._inbound[number]
        except IndexError:
            number = int.from_bytes(head[:_TYPE_BYTES], "big")
            raise ValueError(f"type is not in the table: number={number}, types={len(self._inbound)}") from None
        if route is None:
            raise ValueError(f"type is not registered here: type={self._other_names[number]}")
        return route

    def _note_unheard(self, name: str) -> None:
        count = self._unheard[name] = self._unheard.get(name, 0) + 1
        if count == 1:
            log().warning("message without handler: type=%s; further ones are dropped silently", name)
