"""Who reads the inbound stream: the thread that serves, between its handlers, or later one of its own."""
from __future__ import annotations

import os
import select
import sys
from threading import Lock, Thread
from time import monotonic

from ._log import log
from ._stdio import is_rousable, rouse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional

    from ._incoming import Incoming
    from ._landing import Landing
    from ._lifecycle import Lifecycle
    from ._outbound import Outbound
    from ._way import Way

_READ_BYTES = 65_536
# The room of a pipe that ran full, which has 64 KiB before.
_WIDE_BYTES = 1_048_576
# What Linux calls F_SETPIPE_SZ, which Python knows since 3.10.
_SET_PIPE_SIZE = 1031


class Reading:
    """Owns the descriptor of the inbound stream. At any time one thread at most reads and decodes."""

    def __init__(self, way: Way, incoming: Incoming, outbound: Outbound, lifecycle: Lifecycle) -> None:
        self._fd = way.in_fd
        self._ahead = way.ahead
        self._incoming = incoming
        self._outbound = outbound
        self._lifecycle = lifecycle
        self._is_wide = False
        # Where a read can't be roused: what a pump waits for instead, the bytes or the bell. Made for the first wait.
        self._news: Optional[select.poll] = None
        self._bell_fd = -1
        self._is_rousable: Optional[bool] = None
        self._is_in_read = self._is_roused = self._is_over = False
        self._lock = Lock()
        # Guarded by the lock. A pump that is in the middle of a read starts the wanted reader when it comes out.
        self._is_pumping = False
        self._is_reader_wanted = False
        self.has_reader = False
        self._at_end: Callable[[], None] = lambda: None

    def abandon(self) -> None:
        """Reads nothing any more, in a forked copy of this process."""
        self._lock = Lock()
        self._is_over = True

    def ensure_reader(self, at_end: Optional[Callable[[], None]] = None) -> None:
        """Has a thread of its own read from now on, for good, and call `at_end` behind the end of the stream."""
        if (self.has_reader or self._is_over) and at_end is None:
            return
        with self._lock:
            self._at_end = at_end or self._at_end
            if self._is_pumping:
                self._is_reader_wanted = True
            else:
                self._start_reader()

    def pump(self) -> None:
        """Reads once on this thread and acts on what came; blocks until something comes, or `wake` is called."""
        with self._lock:
            if self.has_reader:
                return
            self._is_pumping = True
        try:
            # Before the look: who ends the session does both the other way round.
            self._is_in_read = True
            data = self._read() if not self._is_over and (self._is_rousable or self._await_news()) else b""
            self._is_in_read = False
            if not self._is_over:
                self._incoming.take_in(data)
        finally:
            with self._lock:
                self._is_pumping = False
                if self._is_reader_wanted:
                    self._start_reader()

    def wake(self) -> None:
        """Says that the session has ended: no pump waits any more. For all threads, and in signal handlers."""
        self._is_over = True
        if self._bell_fd >= 0:
            os.write(self._bell_fd, b"!")
        elif self._is_in_read:
            self._is_roused = True
            rouse(self._fd)

    def await_hello(self, limit_seconds: float) -> bool:
        """Reads until the other side's HELLO was accepted or the session is over; false if neither comes in time."""
        deadline = monotonic() + limit_seconds
        while self._incoming.other is None and self._lifecycle.is_open():
            left_seconds = deadline - monotonic()
            # Where junk comes without end there is always something to read.
            if left_seconds <= 0 or not self._is_readable(left_seconds):
                return False
            self.pump()
        return True

    def _is_readable(self, limit_seconds: float) -> bool:
        if not hasattr(select, "poll"):
            return True
        poll = select.poll()
        poll.register(self._fd, select.POLLIN)
        return bool(poll.poll(max(0, int(limit_seconds * 1000))))

    def _await_news(self) -> bool:
        """Returns whether there is something to read, the end included; false where nobody wants it any more."""
        if self._is_rousable is None:
            self._is_rousable = not hasattr(select, "poll") or is_rousable(self._fd)
        if self._is_rousable or self._ahead:
            return True
        if self._news is None:
            self._news = select.poll()
            self._news.register(self._fd, select.POLLIN)
            heard_fd, self._bell_fd = os.pipe()
            self._news.register(heard_fd, select.POLLIN)
        # Behind the bell: who ends the session looks the other way round.
        if not self._is_over:
            self._news.poll()
        return not self._is_over

    def _start_reader(self) -> None:
        if not self.has_reader:
            # Fails where the process ends, or the system has no more threads.
            Thread(target=self._read_on, name="streamipc-reader", daemon=True).start()
            self.has_reader = True

    def _read_on(self) -> None:
        try:
            data = b"?"
            while data:
                data = self._read()
                if data and self._is_roused:
                    # The byte that roused a pump may be in it, and nobody wants the rest.
                    continue
                self._incoming.take_in(data)
                self._outbound.nudge()
        except BaseException as error:
            log().exception("reader failed")
            self._lifecycle.violated(f"reader failed: {type(error).__name__}: {error}", 0, b"")
        finally:
            self._at_end()

    def _read(self) -> bytes:
        if self._ahead:
            ahead, self._ahead = self._ahead, b""
            return ahead
        try:
            chunks = self._incoming.chunks
            data = None if chunks is None or chunks.landing is None else self._read_ahead(chunks.landing)
            if data is None:
                data = os.read(self._fd, _READ_BYTES)
            if len(data) == _READ_BYTES and not self._is_wide:
                self._widen()
            return data
        except OSError as error:
            log().warning("stdin can't be read: cause=%s", error)
            return b""

    def _read_ahead(self, landing: Landing) -> Optional[bytes]:
        if not (self.has_reader or self._is_rousable):
            return None
        from ._landing import read_ahead

        return read_ahead(self._fd, landing, self._incoming.decoder, lambda: self._is_over)

    def _widen(self) -> None:
        """Gives the pipe more room, where the system lets it: each time it runs full costs two thread switches."""
        self._is_wide = True
        if not sys.platform.startswith("linux"):
            return
        try:
            import fcntl

            fcntl.fcntl(self._fd, getattr(fcntl, "F_SETPIPE_SZ", _SET_PIPE_SIZE), _WIDE_BYTES)
        except (ImportError, OSError):
            # No pipe, or no room to be had: what is there will do.
            return
