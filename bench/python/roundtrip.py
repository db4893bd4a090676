"""Round trips and pipelined requests: a Python parent and a Python child, against multiprocessing.Pipe."""
import multiprocessing
import os
import sys
from collections import deque
from time import perf_counter

from figures import Row, p50
from messages import HERE, TEXT, TYPES, Answer, Ask
from streamipc import Session
from thin import ThinParent, request

CHILD = [sys.executable, os.path.join(HERE, "child.py")]
WINDOW, BATCH = 256, 32
LOOK_EVERY = 100


def echo(incoming, outgoing, core):
    """The child of the baselines."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        while True:
            outgoing.send(Answer(incoming.recv().text))
    except EOFError:
        pass


class Piped:
    """A child that talks over multiprocessing.Pipe, with the same dataclasses.

    That is a pair of sockets; with `is_duplex` false it is two pipes, which is what a child's stdin and stdout are.
    """

    def __init__(self, core, is_duplex=True):
        context = multiprocessing.get_context("spawn")
        if is_duplex:
            self.connection, theirs = context.Pipe()
            self.incoming, theirs_in = self.connection, theirs
        else:
            self.incoming, theirs = context.Pipe(False)
            theirs_in, self.connection = context.Pipe(False)
        self.process = context.Process(target=echo, args=(theirs_in, theirs, core), daemon=True)
        self.process.start()
        self.pid = self.process.pid
        theirs_in.close()
        theirs.close()

    def call(self, ask):
        self.connection.send(ask)
        return self.incoming.recv()

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


class Thin:
    """The same child under a parent that does next to nothing."""

    def __init__(self, core):
        self.parent = ThinParent(CHILD + ([] if core is None else [str(core)]), TYPES)
        self.pid = self.parent.process.pid
        self.asked = 0

    def call(self, ask):
        self.asked += 1
        return Answer(self.parent.call(self.asked, TYPES.index("Ask"), {"text": ask.text})["text"])

    def prepare(self, count):
        """Makes the requests beforehand: else it would be the parent that is measured."""
        body = ('{"text":"%s"}' % TEXT).encode()
        number = TYPES.index("Ask")
        batches = []
        for first in range(self.asked + 1, self.asked + 1 + count, BATCH):
            batches.append((b"".join(request(first + at, number, body) for at in range(BATCH)), BATCH))
        self.asked += len(batches) * BATCH
        return batches

    def rate(self, count):
        batches = self.prepare(count)
        start = perf_counter()
        done = self.parent.pipelined(batches, WINDOW)
        return done / (perf_counter() - start)

    def close(self):
        self.parent.close()


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
    trip = Row(f"P5.roundtrip.child.{name}", "us", "multiprocessing.Pipe", ("<=", 1.0, "ratio"))
    flow = Row(f"P5.pipelined.child.{name}", "req/s", "multiprocessing.Pipe", (">=", 200_000, "ours"))
    both_trip = Row(f"P5.roundtrip.session.{name}", "us", "multiprocessing.Pipe", ("<=", 1.0, "ratio"))
    both_flow = Row(f"P5.pipelined.session.{name}", "req/s", "multiprocessing.Pipe")
    over_pipes = Row(f"P5.roundtrip.pipes.{name}", "us", "multiprocessing-over-two-pipes")
    looks = Looks() if core is None else None
    thin, ours, baseline, pipes = sides = Thin(core), Ours(core), Piped(core), Piped(core, is_duplex=False)
    try:
        for side in sides:
            _trip(side, count)
        for _ in range(rounds):
            theirs = _trip(baseline, count, looks)
            trip.add(_trip(thin, count, looks), theirs)
            over_pipes.add(trip.ours[-1], _trip(pipes, count, looks))
            both_trip.add(_trip(ours, count), theirs)
            theirs = _rate(baseline, 4 * count)
            flow.add(thin.rate(16 * count), theirs)
            both_flow.add(_rate(ours, 4 * count), theirs)
    finally:
        for side in sides:
            side.close()
    if looks is not None:
        trip.note = looks.note(thin, baseline)
        over_pipes.note = looks.note(thin, pipes)
    for row in (trip, over_pipes, flow, both_trip, both_flow):
        row.tell()


class Looks:
    """How often the processes of a side were seen on one core. Where the scheduler chooses, it decides the figure."""

    def __init__(self):
        self.seen = {}

    def look(self, side):
        try:
            is_together = _core(side.pid) == _core("self")
        except OSError:
            return
        self.seen.setdefault(side, []).append(is_together)

    def note(self, ours, baseline):
        return f" oursOnOneCore={self._share(ours)} baselineOnOneCore={self._share(baseline)}"

    def _share(self, side):
        seen = self.seen.get(side)
        return f"{100 * sum(seen) // len(seen)}%" if seen else "unknown"


def _core(process):
    with open(f"/proc/{process}/stat") as file:
        return file.read().rpartition(")")[2].split()[36]


def _trip(side, count, looks=None):
    times = []
    ask = Ask(TEXT)
    for number in range(count):
        if looks is not None and number % LOOK_EVERY == 0:
            looks.look(side)
        start = perf_counter()
        answer = side.call(ask)
        times.append(perf_counter() - start)
        if answer.text != TEXT:
            raise SystemExit("another answer than the one that is due")
    return p50(times) * 1e6


def _rate(side, count):
    start = perf_counter()
    side.pipelined(count)
    return count / (perf_counter() - start)
