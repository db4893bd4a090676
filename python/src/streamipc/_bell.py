"""A connection beside shared memory, over which each side wakes the other."""
from __future__ import annotations

import os
import select

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

_HEARD_BYTES = 64


class Bell:
    """A connection on which a byte means: look again. Its end is the end of the other side."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.fd = connection.detach()
        self.is_over = False
        self._roused_fd, self._rouse_fd = os.pipe()
        self._news = select.poll()
        self._news.register(self.fd, select.POLLIN)
        self._news.register(self._roused_fd, select.POLLIN)

    def ring(self) -> None:
        """Wakes the other side. Never blocks: where the connection is full, a ring is on its way."""
        try:
            os.write(self.fd, b"!")
        except BlockingIOError:
            return
        except OSError:
            self.is_over = True

    def rouse(self) -> None:
        """Has a wait here come back, now and from now on."""
        os.write(self._rouse_fd, b"!")

    def wait(self, seconds: float) -> None:
        """Waits for a ring, the end or `rouse`. For one thread at a time."""
        if any(fd == self.fd for fd, _ in self._news.poll(max(0, int(seconds * 1000)))):
            self.forget()

    def forget(self) -> None:
        """Takes the rings that have come."""
        try:
            self.is_over = not os.read(self.fd, _HEARD_BYTES) or self.is_over
        except BlockingIOError:
            return
        except OSError:
            self.is_over = True
