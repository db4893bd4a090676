"""What is on its way out of the outbound buffer, and who writes it: one thread at a time, or the writer."""
from __future__ import annotations

from threading import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List

    from ._pipe import Pipe

_WRITER = -1


class Leaving:
    """Under the lock of the outbound buffer, but that what the flusher has taken is its own.

    A signal handler of the main thread may raise anywhere, and the program may go on with the session. So each step
    here leaves behind what `cut_short` can make sense of.
    """

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        # Who writes: a thread by its number, the writer, or nobody.
        self.flusher = 0
        # What was taken to be written, and what the writer is to write on.
        self.pieces: List[memoryview] = []
        self.rest: List[memoryview] = []

    def is_for_writer(self, is_closed: bool) -> bool:
        """Returns whether the writer may write, which then does so."""
        is_mine = self.flusher == _WRITER or not (self.flusher or is_closed)
        if is_mine:
            self.flusher = _WRITER
        return is_mine

    def wrote(self, rest: List[memoryview]) -> bool:
        """Takes what is left of the pieces; returns whether that is for the writer."""
        self.rest = rest
        self.pieces = []
        self._pipe.forget()
        if rest:
            self.flusher = _WRITER
        return bool(rest)

    def cut_short(self) -> None:
        """Leaves to the writer what this thread has not written, if it was at it."""
        if self.flusher == get_ident():
            if self.pieces:
                self.rest, self.pieces = self._pipe.left_of(self.pieces), []
            self.flusher = _WRITER if self.rest else 0
