"""How a program asks the other side: by a message, or by the name of a function."""
from __future__ import annotations

from ._asking import NO_EXTRA, TELLING
from ._by_name import asked
from ._registration import Registration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Type, TypeVar, overload

    from ._asking import Asking
    from ._call import Call
    from ._reading import Reading
    from ._updates import Progress

    T = TypeVar("T")
    Heard = Optional[Callable[[Progress], object]]
else:

    def overload(function: Any) -> Any:
        return function


DEFAULT_TIMEOUT_SECONDS = 30.0


class Calling(Registration):
    """The part of a session that makes calls. Safe for all threads."""

    _asking: Asking
    _reading: Reading

    @overload
    def request(self, message: str, *arguments: object, returns: object = object,
                timeout: Optional[float] = DEFAULT_TIMEOUT_SECONDS, on_progress: Heard = None,
                tell_started: bool = False) -> Call: ...

    @overload
    def request(self, message: object, timeout: Optional[float] = DEFAULT_TIMEOUT_SECONDS, *,
                on_progress: Heard = None, tell_started: bool = False) -> Call: ...

    def request(self, message: Any, *arguments: Any, **options: Any) -> Call:
        """Asks the other side and returns the open call. Does not block; never raises an `IpcFailure`, the call has it.

        `timeout` is in seconds, None for no deadline; ValueError if it is infinite or no number. In a handler the call
        gets no more than the rest of the handler's own time. `on_progress` is called with each update, in order, on a
        thread of its own, none behind the end of the call; what it raises is logged. From the first request on a thread
        of its own reads the stream. With `tell_started` the other side says when the handler is entered, so that a
        failure can tell EXECUTED where it is MAYBE_EXECUTED otherwise; that costs a small frame.

        A text calls the function of that name, with the arguments behind it: messages and everyday values. What it
        returned is checked against `returns`, an annotation as of a field; without one it is as it came. Raises
        TypeError if JSON has no form for `returns`.
        """
        if isinstance(message, str):
            return self._request(asked(message, arguments, options.pop("returns", object)), **options)
        return self._request(message, *arguments, **options)

    @overload
    def call(self, message: str, *arguments: object, returns: Type[T],
             timeout: Optional[float] = DEFAULT_TIMEOUT_SECONDS, on_progress: Heard = None,
             tell_started: bool = False) -> T: ...

    @overload
    def call(self, message: str, *arguments: object, returns: object = object,
             timeout: Optional[float] = DEFAULT_TIMEOUT_SECONDS, on_progress: Heard = None,
             tell_started: bool = False) -> Any: ...

    @overload
    def call(self, message: object, timeout: Optional[float] = DEFAULT_TIMEOUT_SECONDS, *,
             on_progress: Heard = None, tell_started: bool = False) -> Any: ...

    def call(self, message: Any, *arguments: Any, **options: Any) -> Any:
        """Asks the other side, waits and returns the answer; raises the `IpcFailure` that ended the call.

        Otherwise as `request`: `call(message)`, or `call("resize", "a.png", 0.5, returns=Thumbnail)`.
        """
        return self.request(message, *arguments, **options).result()

    def _request(
        self,
        message: object,
        timeout: Optional[float] = DEFAULT_TIMEOUT_SECONDS,
        *,
        on_progress: Heard = None,
        tell_started: bool = False,
    ) -> Call:
        self._reading.ensure_reader()
        self._tell_ready()
        return self._asking.request(message, timeout, on_progress, TELLING if tell_started else NO_EXTRA)

    def _tell_ready(self) -> None:
        raise NotImplementedError
