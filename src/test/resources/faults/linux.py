"""What the system tells of processes and pipes, and how a test waits for it."""
import array
import fcntl
import os
import select
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


def is_writable(fd):
    """Returns whether a write to it would not block."""
    poll = select.poll()
    poll.register(fd, select.POLLOUT)
    return bool(poll.poll(0))


def is_stopped(pid):
    """Returns whether all of its threads are: one that was late would still end its read."""
    return all(state(int(thread)) == "T" for thread in os.listdir("/proc/%d/task" % pid))


def state(pid):
    """Returns the letter of the state of a process or a thread, X for one that is no more."""
    try:
        with open("/proc/%d/stat" % pid, encoding="latin-1") as file:
            return file.read().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "X"


def lives(pid):
    """Returns whether it does; a zombie is as dead as any."""
    return state(pid) not in "ZX"
