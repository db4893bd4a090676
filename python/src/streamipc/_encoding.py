"""A message of this side as type and body, or the failure that says why it can't be sent."""
from __future__ import annotations

from ._failure_json import text_of
from ._failures import Rejected, Undecodable
from ._handlers import NotShared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._attachments import Encoded
    from ._handlers import Handlers


def sendable(handlers: Handlers, message: Any, limit: int, more_bytes: int) -> Encoded:
    """Returns type and body, which with `more_bytes` keep to the limit; raises Rejected or Undecodable."""
    try:
        data = handlers.encode(message)
    except NotShared as error:
        raise Rejected("NOT_REGISTERED", str(error)) from None
    except Exception as error:
        raise Undecodable("ARGUMENT", "HERE", type(message).__qualname__, text_of(error)) from None
    size = len(data) + more_bytes
    if size > limit:
        raise Rejected("TOO_LARGE", f"payloadBytes={size}, maxPayloadBytes={limit}; send less at a time")
    return data
