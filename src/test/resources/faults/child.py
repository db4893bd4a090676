"""The twin of FaultChild: behaves as it is asked, and stands still where it is told to.

Arguments: the drive (there is one only), the folder of ledger and marks, the point to stand still at.
"""
import array
import fcntl
import os
import sys
import termios
import threading
import time

_, _, FOLDER, AT = sys.argv
STDOUT = os.readlink("/proc/self/fd/1")
# For the number of unread bytes alone: the session takes the descriptor itself.
STDIN = os.dup(0)


def append(name, line):
    with open(os.path.join(FOLDER, name), "ab", 0) as file:
        file.write(line.encode() + b"\n")


def mark(point):
    unread = array.array("i", [0])
    fcntl.ioctl(STDIN, termios.FIONREAD, unread)
    append("marks", "%s pid=%d unreadBytes=%d" % (point, os.getpid(), unread[0]))


def hold(point):
    mark(point)
    threading.Event().wait()


def spin(point):
    mark(point)
    until = time.monotonic() + 120
    while time.monotonic() < until:
        pass


def is_go():
    return os.path.exists(os.path.join(FOLDER, "go"))


def await_go(point):
    mark(point)
    pause = threading.Event()
    while not is_go():
        pause.wait(0.001)


if AT == "before-hello":
    hold(AT)

from calls import Brought, Cargo, Done, Flow, Heard, HeardSoFar, Note, Work  # noqa: E402
from streamipc import IpcFailure, Session  # noqa: E402

session = Session.stdio()
heard = []


def out_descriptors():
    """Returns what this process has open of the pipe that was its stdout."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            if os.readlink("/proc/self/fd/" + name) == STDOUT:
                found.append(int(name))
        except OSError:
            pass
    return found


def flood():
    sent = 0
    try:
        while sent < 1_000_000:
            session.notify(Note(sent, "x" * (64 << 10)))
            sent += 1
    except IpcFailure:
        hold("flooded")


def fill_memory():
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))
    try:
        kept = []
        while True:
            kept.append(bytearray(1 << 20))
    finally:
        kept.clear()


def depth(number):
    return depth(number + 1) + 1


def cut_bells():
    """Closes what rings over shared memory, without a word to the session."""
    for name in os.listdir("/proc/self/fd"):
        try:
            if os.readlink("/proc/self/fd/" + name).startswith("socket:"):
                os.close(int(name))
        except OSError:
            pass
    hold("stdout-closed")


def close_stdout():
    if os.environ.get("STREAMIPC_CHANNEL") == "shared-memory":
        return cut_bells()
    for fd in out_descriptors():
        os.close(fd)
    hold("stdout-closed")


def grandchild():
    import subprocess

    process = subprocess.Popen(["sleep", "600"], stdin=subprocess.DEVNULL, stdout=out_descriptors()[0])
    append("marks", "grandchild pid=%d" % process.pid)
    hold("handler")


def close_and_hold():
    session.close()
    hold("closing")


BEHAVIOURS = {
    "hold": lambda: hold("handler"),
    "spin": lambda: spin("handler"),
    "wait": lambda: await_go("handler"),
    "close": close_and_hold,
    "flood": flood,
    "halt-0": lambda: os._exit(0),
    "halt-1": lambda: os._exit(1),
    "exit-3": lambda: sys.exit(3),
    "memory": fill_memory,
    "stack": lambda: depth(0),
    "close-stdout": close_stdout,
    "grandchild": grandchild,
}


@session.on_request(Work)
def work(request, context):
    append("ledger", "begin %d" % request.id)
    if request.how == "progress":
        context.progress(Note(0, "under way"))
        hold("progressed")
    BEHAVIOURS.get(request.how, lambda: None)()
    append("ledger", "end %d" % request.id)
    return Done(request.id, "x" * (1 << 20) if request.how == "big" else request.fill)


@session.on_request(Cargo)
def unload(request):
    append("ledger", "begin %d" % request.id)
    append("ledger", "end %d" % request.id)
    return Done(request.id, "fill")


@session.on_request(Flow)
def flow(request):
    append("ledger", "begin %d" % request.id)
    for number in range(10):
        yield Note(number, "x")
    hold("streamed")


@session.on_upload(Brought)
def take(request, notes):
    append("ledger", "begin %d" % request.id)
    in_order = all(next(notes).number == number for number in range(10))
    hold("taken" if in_order else "disordered")


@session.on_request(Heard)
def hear(_):
    return HeardSoFar(len(heard), heard == list(range(len(heard))))


@session.on_message(Note)
def note(message_):
    heard.append(message_.number)
    if AT == "note-%d" % message_.number:
        hold("note")


def go_deaf(read):
    """Reads once more behind the word to go, however late the reader is, and then no more."""
    last = []

    def read_or_hold():
        if last:
            hold("deaf")
        data = read()
        last.extend([True] if is_go() else [])
        return data

    return read_or_hold


if AT == "deaf":
    session._reading._read = go_deaf(session._reading._read)
if AT == "before-ready":
    hold(AT)
if AT == "await-go":
    await_go(AT)
session.serve()
