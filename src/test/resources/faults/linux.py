"""What the system tells of processes and pipes, and how a test waits for it."""
import array
import fcntl
import termios
import threading
import time

PATIENCE_SECONDS = 30.0


def eventually(what, fact, limit_seconds=PATIENCE_SECONDS):
    """Waits for a fact."""
    until = time.monotonic() + limit_seconds
    while not fact():
        if time.monotonic() > until:
            raise AssertionError("did not come true: " + what)
        threading.Event().wait(0.001)


def waiting_bytes(fd):
    """Returns how many bytes wait in a pipe."""
    count = array.array("i", [0])
    fcntl.ioctl(fd, termios.FIONREAD, count)
    return count[0]


def state(pid):
    """Returns the letter of its state, X for a process that is no more."""
    try:
        with open("/proc/%d/stat" % pid, encoding="latin-1") as file:
            return file.read().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "X"


def lives(pid):
    """Returns whether it does; a zombie is as dead as any."""
    return state(pid) not in "ZX"
