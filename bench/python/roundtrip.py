"""Round trips and pipelined requests: a Python parent and a Python child, against multiprocessing.Pipe."""
import multiprocessing
import os
import sys
from collections import deque
from time import perf_counter

from figures import Row, p50
from messages import HERE, TEXT, Answer, Ask
from streamipc import Session

CHILD = [sys.executable, os.path.join(HERE, "child.py")]
WINDOW = 256


def echo(connection, core):
    """The child of the baseline."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        while True:
            connection.send(Answer(connection.recv().text))
    except EOFError:
        pass


class Piped:
    """A child that talks over multiprocessing.Pipe, with the same dataclasses."""

    def __init__(self, core):
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=echo, args=(theirs, core), daemon=True)
        self.process.start()
        theirs.close()

    def call(self, ask):
        self.connection.send(ask)
        return self.connection.recv()

    def pipelined(self, count):
        connection, ask = self.connection, Ask(TEXT)
        for _ in range(WINDOW):
            connection.send(ask)
        for _ in range(count - WINDOW):
            connection.recv()
            connection.send(ask)
        for _ in range(WINDOW):
            connection.recv()

    def close(self):
        self.connection.close()
        self.process.join()


class Ours:
    """The same over Session."""

    def __init__(self, core):
        self.session = Session.spawn(CHILD + ([] if core is None else [str(core)]))

    def call(self, ask):
        return self.session.call(ask)

    def pipelined(self, count):
        request, ask = self.session.request, Ask(TEXT)
        calls = deque(request(ask) for _ in range(WINDOW))
        for _ in range(count - WINDOW):
            calls.popleft().result()
            calls.append(request(ask))
        for call in calls:
            call.result()

    def close(self):
        self.session.close()


def placements():
    """Returns the names of the placements that can be had, each with the core of the parent and of the child."""
    found = [("free", None, None)]
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        found.append(("onecore", cores[0], cores[0]))
        if len(cores) > 1:
            found.append(("split", cores[0], cores[1]))
    return found


def measure(rounds, count):
    """Prints the rows of round trips and of pipelined requests."""
    for name, own, other in placements():
        everywhere = os.sched_getaffinity(0) if own is not None else None
        if own is not None:
            os.sched_setaffinity(0, {own})
        try:
            _measure_placed(name, other, rounds, count)
        finally:
            if everywhere is not None:
                os.sched_setaffinity(0, everywhere)


def _measure_placed(name, core, rounds, count):
    trip = Row("P5.roundtrip." + name, "us", "multiprocessing.Pipe", ("<=", 1.0, "ratio"))
    piped = Row("P5.pipelined.session." + name, "req/s", "multiprocessing.Pipe")
    ours, baseline = Ours(core), Piped(core)
    try:
        for side in (ours, baseline):
            _trip(side, count)
            side.pipelined(4 * count)
        for _ in range(rounds):
            trip.add(_trip(ours, count), _trip(baseline, count))
            piped.add(_rate(ours, 4 * count), _rate(baseline, 4 * count))
    finally:
        ours.close()
        baseline.close()
    trip.tell()
    piped.tell()


def _trip(side, count):
    times = []
    ask = Ask(TEXT)
    for _ in range(count):
        start = perf_counter()
        side.call(ask)
        times.append(perf_counter() - start)
    return p50(times) * 1e6


def _rate(side, count):
    start = perf_counter()
    side.pipelined(count)
    return count / (perf_counter() - start)
