"""Functions by name in programs that run on asyncio."""
from __future__ import annotations

from ._by_name import FunctionCall, FunctionValue, asked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from ._running import RequestContext
    from ._session import Session
    from ._updates import Progress

_DEFAULT_TIMEOUT_SECONDS = 30.0


class ByName:
    """The part of a session on asyncio that calls functions by name, and has them called."""

    session: Session
    # What the session does.
    on_request: Any
    request: Any

    def function(self, function: Any = None, *, name: Optional[str] = None) -> Any:
        """As `streamipc.Session.function`, for coroutine functions: each call has a task of its own.

        Any other function runs on the event loop, and holds it up. Those of `streamipc.function` are called so, too.
        """

        def add(one: Any) -> Any:
            self.session._handlers.functions.own.add(one, name).resolve()
            return one

        return add if function is None else add(function)

    def take_functions(self) -> None:
        """For the session: has functions called on the event loop."""
        self.on_request(FunctionCall, self._run)

    async def _run(self, call: FunctionCall, context: RequestContext) -> FunctionValue:
        value, write = self.session._handlers.functions.entered(call, context)
        if hasattr(value, "__await__"):
            value = await value
        return FunctionValue(value, write)

    async def call(
        self,
        message: object,
        *arguments: object,
        returns: Any = object,
        timeout: Optional[float] = _DEFAULT_TIMEOUT_SECONDS,
        on_progress: Optional[Callable[[Progress], object]] = None,
    ) -> Any:
        """Calls the function of a name, with the arguments behind it; or asks with a message, as `request`.

        Otherwise as `streamipc.Session.call`, and as `request`.
        """
        if isinstance(message, str):
            message = asked(message, arguments, returns)
        return await self.request(message, timeout, on_progress=on_progress)
