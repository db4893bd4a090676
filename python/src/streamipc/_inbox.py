"""Requests and messages that were read and wait for the thread that runs handlers. Bounded in items and bytes."""
from __future__ import annotations

from collections import deque
from threading import Condition, Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Deque, Dict, List, Optional, Set, Tuple, Union

    from ._attachments import Received
    from ._exchange import Exchange

    # Request id (None for a message), flags, deadline in seconds of monotonic() or None, payload.
    Item = Tuple[Optional[int], int, Optional[float], Union[bytes, Received]]

MAX_ITEMS = 10_000
MAX_BYTES = 64 * 1024 * 1024
_WAIT_SECONDS = 60.0


class Inbox:
    """A queue in order of arrival. Safe for all threads; `put` never blocks."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._changed = Condition(self._lock)
        # Guarded by the lock, but for single steps on these two, which the interpreter does as a whole.
        self._items: Deque[Item] = deque()
        self._held_bytes = 0
        self._unanswered: Set[int] = set()
        # Why, of the unanswered ones that nobody waits for any more.
        self.dropped: Dict[int, str] = {}
        # Of the requests with streams that are unanswered.
        self.exchanges: Dict[int, Exchange] = {}
        # Of those that are attempts: the number, and the key if there is one.
        self.attempts: Dict[int, Tuple[int, Optional[str]]] = {}
        self._is_closed = False
        self._is_waiting = False

    def owes(self) -> bool:
        """Returns whether any request waits or is being handled."""
        return bool(self._unanswered)

    def is_unanswered(self, call_id: int) -> bool:
        """Returns whether a request of this id waits or is being handled."""
        return call_id in self._unanswered

    def put_request(self, call_id: int, item: Item) -> bool:
        """Takes a request in; false if too many wait for their answer, or the inbox is closed."""
        with self._lock:
            if len(self._unanswered) >= MAX_ITEMS or self._held_bytes >= MAX_BYTES or self._is_closed:
                return False
            self._unanswered.add(call_id)
            self._append(item)
            return True

    def put_requests(self, items: List[Item]) -> bool:
        """Takes requests in, all of them; false, and none, if one could be too many or has an id that is here."""
        ids = {item[0] for item in items if item[0] is not None}
        size = sum([len(item[3]) for item in items])
        with self._lock:
            is_odd = len(ids) < len(items) or not self._unanswered.isdisjoint(ids) or self._is_closed
            if is_odd or len(self._unanswered) + len(ids) > MAX_ITEMS or self._held_bytes + size > MAX_BYTES:
                return False
            self._unanswered |= ids
            self._items.extend(items)
            self._held_bytes += size
            if self._is_waiting:
                self._changed.notify_all()
            return True

    def put_message(self, item: Item) -> int:
        """Takes a message in; the oldest messages make room. Returns how many were dropped, this one included."""
        with self._lock:
            if self._is_closed:
                return 1
            dropped = 0
            while len(self._items) >= 2 * MAX_ITEMS or self._held_bytes >= MAX_BYTES:
                oldest = next((index for index, one in enumerate(self._items) if one[0] is None), None)
                if oldest is None:
                    return dropped + 1
                self._held_bytes -= len(self._items[oldest][3])
                del self._items[oldest]
                dropped += 1
            self._append(item)
            return dropped

    def take_all(self) -> Deque[Item]:
        """Returns all that is there, without waiting. A taken request may still be dropped: see `drop_reason`."""
        with self._lock:
            items = self._items
            self._items = deque()
            self._held_bytes = 0
            return items

    def drop_reason(self, call_id: int) -> Optional[str]:
        """Returns why a request was dropped in the meantime, None if it was not."""
        return self.dropped.get(call_id)

    def count(self) -> int:
        """Returns how many items wait."""
        return len(self._items)

    def await_item(self) -> None:
        """Waits until there may be an item, the session changed, or a minute went by."""
        with self._lock:
            self._is_waiting = True
            if not self._items and not self._is_closed:
                self._changed.wait(_WAIT_SECONDS)
            self._is_waiting = False

    def answered(self, call_id: int) -> None:
        """Says that the answer to a request is on its way, or that none will come."""
        self._unanswered.discard(call_id)
        if self.dropped:
            self.dropped.pop(call_id, None)
        if self.exchanges:
            self.exchanges.pop(call_id, None)
        if self.attempts:
            self.attempts.pop(call_id, None)

    def drop(self, call_id: int, reason: str) -> None:
        """Says that nobody waits for the answer to a request any more; the handler of one that runs may ask."""
        with self._lock:
            if call_id in self._unanswered:
                self.dropped.setdefault(call_id, reason)
        exchange = self.exchanges.get(call_id)
        if exchange is not None:
            exchange.wake()

    def wake_streams(self) -> None:
        """Has all handlers of streams look whether they are still wanted."""
        for exchange in list(self.exchanges.values()):
            exchange.wake()

    def drop_requests(self) -> List[int]:
        """Takes all waiting requests out and returns the ids of those that want an answer; messages stay."""
        with self._lock:
            ids = [item[0] for item in self._items if item[0] is not None and item[0] not in self.dropped]
            self._items = deque(item for item in self._items if item[0] is None)
            self._held_bytes = sum(len(item[3]) for item in self._items)
            self._unanswered.difference_update(ids)
            self._changed.notify_all()
            return ids

    def close(self) -> None:
        """Drops everything and takes nothing in any more."""
        with self._lock:
            self._is_closed = True
            self._items.clear()
            self._held_bytes = 0
            self._changed.notify_all()

    def _append(self, item: Item) -> None:
        self._items.append(item)
        self._held_bytes += len(item[3])
        if self._is_waiting:
            self._changed.notify_all()
