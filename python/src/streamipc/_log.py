"""The logger, imported late: `logging` costs as much start-up time as the whole package."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger


def log() -> Logger:
    """Returns the logger `streamipc`; without a configuration its warnings go to stderr."""
    import logging

    return logging.getLogger("streamipc")
