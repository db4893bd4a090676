"""The twin of PoolWorker: a worker of a pool that writes down what it begins and ends, and does harm if it is asked to."""
import os
import signal
import sys
import time

FAULT = sys.argv[1] if len(sys.argv) > 1 else ""
LEDGER = os.open(os.environ["STREAMIPC_LEDGER"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def write(line):
    # As long as PoolWorker's: no line lies in two pages of the file, where a kill would tear it.
    os.write(LEDGER, (line.ljust(63) + "\n").encode())


if FAULT == "exits":
    sys.exit(9)
if FAULT == "hangs-later":
    try:
        os.close(os.open(os.environ["STREAMIPC_LEDGER"] + ".first", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        write("BEGIN 0 1 %d" % os.getpid())
        time.sleep(600)
if FAULT == "hangs":
    time.sleep(600)
if FAULT == "stops":
    os.kill(os.getpid(), signal.SIGSTOP)
if FAULT == "ignores-term":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)

from streamipc import RequestContext, Session, function  # noqa: E402


@function
def work(number: int, millis: int, fill: int, context: RequestContext) -> str:
    write("BEGIN %d %d %d" % (number, context.attempt, os.getpid()))
    time.sleep(millis / 1000)
    write("END %d" % number)
    return "%d %s" % (number, "x" * fill)


@function
def die(number: int, context: RequestContext) -> None:
    write("BEGIN %d %d %d" % (number, context.attempt, os.getpid()))
    os.kill(os.getpid(), signal.SIGKILL)


@function
def stop(number: int, context: RequestContext) -> None:
    write("BEGIN %d %d %d" % (number, context.attempt, os.getpid()))
    os.kill(os.getpid(), signal.SIGSTOP)


@function
def ready(path: str, every: int) -> str:
    """The start task: fails every so many times."""
    with open(path, "ab", 0) as file:
        file.write(b".")
        count = file.tell()
    if count % every == 0:
        raise ValueError("the start task fails, count=%d" % count)
    return "ready"


Session.stdio().serve()
