"""Large frames that wait to leave in chunks, and the frames that must not overtake them."""
from __future__ import annotations

from collections import deque
from itertools import count

from ._frame import (
    ABANDONED,
    CANCEL,
    CHUNK,
    DEMAND,
    FAILURE,
    FIRST_CHUNK,
    GOODBYE,
    LAST_CHUNK,
    MAX_CHUNK_BYTES,
    NOTIFY,
    PART,
    PROGRESS,
    REPLY,
    REQUEST,
    STARTED,
)
from ._large import Large

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Deque, Dict, List, Optional, Set, Tuple

    from ._frame import Frame, FrameWriter

    Lane = Deque[Frame]

# So many messages may be on their way in chunks at a time, in each direction.
MAX_MESSAGES = 4
_OF_A_CALL = frozenset((REQUEST, REPLY, FAILURE, STARTED, PROGRESS, CANCEL, PART, DEMAND))


class Turn:
    """What leaves next: a piece of a large frame, and whole frames that stood behind it."""

    def __init__(self) -> None:
        self.number = 0
        self.flags = 0
        self.pieces: List[memoryview] = []
        self.behind = b""

    def frames(self, writer: FrameWriter) -> List[memoryview]:
        """Returns what to write. Takes time for a checksum: not with the lock."""
        frames = writer.chunk(self.number, self.flags, self.pieces) if self.pieces else []
        return [*frames, memoryview(self.behind)] if self.behind else frames


class Aside:
    """Guarded by the lock of the outbound buffer.

    Each call has a lane of its own, and so has each large message without an answer. In a lane the order stays; the
    lanes take turns, four at a time. A goodbye leaves when all that stood here before it has left.
    """

    def __init__(self, frames: FrameWriter) -> None:
        self._frames = frames
        self.held_bytes = 0
        self._lanes: Dict[int, Lane] = {}
        self._turns: Deque[int] = deque()
        self._queue: Deque[int] = deque()
        self._numbers = count(1)
        self._nameless = count(-1, -1)
        self._barrier: Optional[Tuple[bytes, Dict[int, Frame]]] = None
        # Requests that were dropped before their last piece left: the other side never has one whole.
        self._unsent: Set[int] = set()

    def add(self, frame: Large) -> None:
        """Takes a large frame in."""
        self.held_bytes += frame.left_bytes
        name = next(self._nameless) if frame.kind == NOTIFY else frame.call_id
        lane = self._lanes.get(name)
        if lane is None:
            self._lanes[name] = deque((frame,))
            self._queue.append(name)
        else:
            lane.append(frame)

    def takes(self, frame: bytes) -> bool:
        """Takes a frame in if it must not overtake what is here: the goodbye, and what belongs to the same call."""
        kind = frame[5]
        if kind == GOODBYE:
            self._barrier = (frame, {name: lane[-1] for name, lane in self._lanes.items()})
        else:
            lane = self._lanes.get(int.from_bytes(frame[8:16], "big")) if kind in _OF_A_CALL else None
            if lane is None:
                return False
            lane.append(frame)
        self.held_bytes += len(frame)
        return True

    def turns(self, most: int) -> List[Turn]:
        """Returns so many turns, or as many as there are."""
        turns: List[Turn] = []
        while len(turns) < most and self.held_bytes:
            turn = self.next()
            assert turn is not None
            turns.append(turn)
        return turns

    def next(self) -> Optional[Turn]:
        """Returns what leaves next, None if nothing is here."""
        if not self.held_bytes:
            return None
        turn = Turn()
        while len(self._turns) < MAX_MESSAGES and self._queue:
            self._turns.append(self._queue.popleft())
        if self._turns:
            self._cut(self._turns.popleft(), turn)
        if self._barrier is not None and not self._barrier[1]:
            turn.behind += self._barrier[0]
            self._barrier = None
        self.held_bytes -= sum(map(len, turn.pieces)) + len(turn.behind)
        return turn

    def withdraw(self, call_id: int) -> Tuple[bool, bytes]:
        """Takes all frames of a call back.

        Returns whether its request was among them, which then counts as never sent, and the frame that tells the other
        side not to wait for the rest of a large one, b"" if it knows of none.
        """
        lane = self._lanes.pop(call_id, None)
        if lane is None:
            return call_id in self._unsent, b""
        for names in (self._turns, self._queue):
            if call_id in names:
                names.remove(call_id)
        head = lane[0]
        assert isinstance(head, Large)
        self.held_bytes -= sum(frame.left_bytes if isinstance(frame, Large) else len(frame) for frame in lane)
        for frame in lane:
            self._passed(call_id, frame)
        notice = self._frames.frame(CHUNK, head.number, b"", ABANDONED) if head.number else b""
        return head.kind == REQUEST, notice

    def clear(self) -> None:
        """Drops everything."""
        for name, lane in self._lanes.items():
            if isinstance(lane[0], Large) and lane[0].kind == REQUEST:
                self._unsent.add(name)
        self.held_bytes = 0
        self._lanes.clear()
        self._turns.clear()
        self._queue.clear()
        self._barrier = None

    def _cut(self, name: int, turn: Turn) -> None:
        lane = self._lanes[name]
        large = lane[0]
        assert isinstance(large, Large)
        if not large.number:
            large.number = next(self._numbers)
            turn.flags = FIRST_CHUNK
        turn.number = large.number
        turn.pieces = large.cut(MAX_CHUNK_BYTES)
        if large.left_bytes:
            self._turns.append(name)
            return
        turn.flags |= LAST_CHUNK
        self._passed(name, lane.popleft())
        behind = []
        while lane and isinstance(lane[0], bytes):
            frame = lane.popleft()
            assert isinstance(frame, bytes)
            behind.append(frame)
            self._passed(name, frame)
        turn.behind = b"".join(behind)
        if lane:
            self._queue.append(name)
        else:
            del self._lanes[name]

    def _passed(self, name: int, frame: Frame) -> None:
        if self._barrier is not None and self._barrier[1].get(name) is frame:
            del self._barrier[1][name]
