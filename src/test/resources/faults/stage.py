"""Where one case of a Python parent is played: the twin of Stage.java, for a process that plays one case at a time."""
import os
import select
import signal
import sys
import threading
import time
from collections import Counter

from calls import Brought, Cargo, Done, Flow, Note, Work
from linux import PATIENCE_SECONDS, eventually, is_stopped, is_writable, lives, waiting_bytes
from streamipc import Attachment, Call, Certainty, IpcFailure, Session

LIMIT_SECONDS = 10.0
SUFFIX = ", python parent"
_BLOCKED_LOOKS = 20
_ends_lock = threading.Lock()
_finish = Call._finish


def _counted_finish(call, value, failure):
    """Counts how often somebody ends a call: a call keeps its first outcome alone."""
    with _ends_lock:
        call.ends = getattr(call, "ends", 0) + 1
    _finish(call, value, failure)


Call._finish = _counted_finish


class Evidence:
    """What one case saw, as Evidence.java has it."""

    def __init__(self):
        self.proofs, self.outcomes, self.times, self.counts, self.violations = {}, Counter(), {}, Counter(), []

    def proof(self, **facts):
        self.proofs.update(facts)

    def require(self, holds, what):
        if not holds:
            self.violations.append(what)

    def time(self, name, seconds):
        self.times[name + SUFFIX] = round(seconds * 1000, 3)

    def to_json(self):
        return {"proof": self.proofs, "outcomes": self.outcomes, "timesMs": self.times, "counts": self.counts,
                "violations": self.violations}


class Asked:
    """A call of the matrix: counts its outcomes and knows when the first came."""

    def __init__(self, number, call=None):
        self.id = number
        self.call = call
        self.outcomes = 0
        self.settled = None
        self.answer = self.failure = None
        if call is not None:
            call.when_done(lambda: self.settle(call._value, call._failure))

    def settle(self, answer, failure):
        self.settled = time.monotonic()
        self.answer, self.failure = answer, failure
        self.outcomes += 1

    def is_settled(self):
        return self.outcomes > 0

    def all_outcomes(self):
        """Returns how many it had, those included that came behind the first and were not kept."""
        return self.outcomes if self.call is None else max(self.outcomes, getattr(self.call, "ends", 0))


class Gate:
    """Between a session and what its child writes: while it is shut, all of that stays in the pipe."""

    def __init__(self, session):
        self._fd = session._way.in_fd
        self._read = session._reading._read
        self._lock = threading.Lock()
        self._is_open = threading.Event()
        self._is_open.set()
        session._reading._read = self._pass

    def _pass(self):
        poll = select.poll()
        poll.register(self._fd, select.POLLIN)
        while True:
            self._is_open.wait()
            if poll.poll(20):
                with self._lock:
                    if self._is_open.is_set():
                        return self._read()

    def shut(self):
        with self._lock:
            self._is_open.clear()

    def open(self):
        self._is_open.set()

    def waiting_bytes(self):
        return waiting_bytes(self._fd)


class Stage:
    """A folder, a child and its calls; and what must hold of the calls behind it."""

    def __init__(self, case, evidence):
        self.number = case["number"]
        self.column = case["column"]
        self.folder = case["folder"]
        self.is_python = case["child"] == "python"
        self.is_odd = self.number % 2 == 1
        self.evidence = evidence
        self.session = None
        self.gate = None
        self._words = case["words"]
        self._sessions = []
        self._asked = []
        self._beside = []
        self._fault = 0.0

    def words(self, at):
        return self._words[:-1] + [at]

    def spawn(self, at, before=()):
        """Starts a child that stands still at a point; returns once it has said HELLO."""
        self.session = self.another(at, before)
        return self.session

    def another(self, at, before=()):
        session = Session.spawn([*before, *self.words(at)], cwd=self.folder, name="fault")
        self._sessions.append(session)
        return session

    def warm(self, at="", gated=False):
        """Starts a child that has answered a call."""
        self.spawn(at)
        if gated:
            self.gate = Gate(self.session)
        first = self.ask("warm")
        eventually("the child answers", first.is_settled)
        self.expect_answer(first)

    @property
    def pid(self):
        return self.session._way.process.pid

    def ask(self, how, fill="fill", timeout=PATIENCE_SECONDS, tell_started=True, **options):
        number = len(self._asked) + 1
        options["tell_started"] = tell_started
        return self._keep(Asked(number, self.session.request(Work(number, how, fill), timeout, **options)))

    def cargo(self, size):
        """Makes a call that brings raw bytes along."""
        number = len(self._asked) + 1
        return self._keep(Asked(number, self.session.request(Cargo(number, Attachment(bytes(size))), tell_started=True)))

    def stream(self, taken):
        """Asks for a stream, and puts the numbers of its parts into a list, on a thread of its own."""
        number = len(self._asked) + 1
        parts = self.session.stream(Flow(number), Note)
        asked = self._keep(Asked(number, parts.call))

        def take():
            try:
                taken.extend(part.number for part in parts)
                self.evidence.violations.append("the stream ended as if it were whole")
            except IpcFailure as failure:
                eventually("the call ends with its stream", asked.is_settled)
                self.evidence.require(failure is asked.failure, "the stream failed otherwise: %s" % failure)

        self.beside(take)
        return asked

    def upload(self):
        """Makes a call that brings a stream, on a thread of its own, for as long as somebody takes its parts."""
        asked = self._keep(Asked(len(self._asked) + 1))

        def notes():
            number = 0
            while True:
                yield Note(number, "x")
                number += 1

        def send():
            try:
                asked.settle(self.session.upload(Brought(asked.id), notes(), tell_started=True), None)
            except IpcFailure as failure:
                asked.settle(None, failure)

        self.beside(send)
        return asked

    def beside(self, work):
        thread = threading.Thread(target=work, name="faults-beside", daemon=True)
        self._beside.append(thread)
        thread.start()
        return thread

    def _keep(self, asked):
        self._asked.append(asked)
        return asked

    def _lines(self, name):
        try:
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                text = file.read()
        except OSError:
            return []
        # a last line without its end is still being written
        return text[:text.rfind("\n") + 1].splitlines()

    def mark(self, point):
        """Returns the facts of the first mark with this name, None if there is none."""
        for line in self._lines("marks"):
            if line.startswith(point + " "):
                return dict(word.split("=", 1) for word in line.split(" ")[1:])
        return None

    def await_mark(self, point):
        """Waits for the child to stand at a point, and keeps the point as a proof."""
        eventually("the child stands at " + point, lambda: self.mark(point) is not None)
        self.evidence.proof(phase=point)
        return self.mark(point)

    def go(self):
        open(os.path.join(self.folder, "go"), "w").close()

    def stop(self):
        """Stops the child and proves it."""
        os.kill(self.pid, signal.SIGSTOP)
        eventually("the child is stopped", lambda: is_stopped(self.pid))
        self.evidence.proof(state="T")

    def go_on(self):
        os.kill(self.pid, signal.SIGCONT)

    def await_blocked_writer(self):
        """Waits until the session's writer hangs in a full pipe."""
        looks = [0]

        def hangs():
            looks[0] = looks[0] + 1 if self._is_writing() else 0
            return looks[0] >= _BLOCKED_LOOKS

        eventually("the writer hangs in a write", hangs)
        self.evidence.proof(writer="blocked")

    def _is_writing(self):
        thread = self.session._outbound._writer._thread
        frame = None if thread is None else sys._current_frames().get(thread.ident)
        is_writing = frame is not None and os.path.basename(frame.f_code.co_filename) == "_pipe.py"
        # on a busy machine a writer may stand there for long although nothing holds it up
        return is_writing and not is_writable(self.session._way.out_fd)

    def await_full_pipe(self):
        """Waits until the child can write no more because nobody reads; returns the bytes in its pipe."""
        seen = [0, 0]

        def is_full():
            count = self.gate.waiting_bytes()
            seen[1] = seen[1] + 1 if count >= 4096 and count == seen[0] else 0
            seen[0] = count
            return seen[1] >= 2 * _BLOCKED_LOOKS

        eventually("the child's pipe is full", is_full)
        self.evidence.proof(pipeBytes=seen[0])
        return seen[0]

    def kill(self, pid=None):
        """Kills the child; from now on the outcomes are late."""
        self._fault = time.monotonic()
        os.kill(pid or self.pid, signal.SIGKILL)

    def last_outcome_seconds(self):
        """Returns the time from the kill to the last outcome."""
        return max([0.0] + [one.settled - self._fault for one in self._asked if one.is_settled()])

    def settle(self, is_timed):
        """Waits for all outcomes; keeps the time to the last if nothing hindered it."""
        self.await_outcomes()
        if is_timed:
            self.evidence.time("crash to last failure", self.last_outcome_seconds())

    def await_outcomes(self):
        until = time.monotonic() + LIMIT_SECONDS
        while not all(one.is_settled() for one in self._asked) and time.monotonic() < until:
            threading.Event().wait(0.0005)

    def prove_signal(self, name):
        """Keeps how the process ended, as a proof; fails unless it is this signal."""
        report = self.prove_exit()
        self.evidence.proof(signal=report.signal)
        self.evidence.require(report.signal == name, "ended otherwise: " + report.summary())
        return report

    def prove_exit(self):
        report = self.session._way.process.report(LIMIT_SECONDS)
        self.evidence.proof(pid=report.pid)
        if report.exit_code is not None:
            self.evidence.proof(exitCode=report.exit_code)
        self.evidence.require(not lives(report.pid), "the process lives: " + report.summary())
        return report

    def expect(self, asked, kind, *one_of):
        """Fails unless the call ended with this failure, and the report in it is of this child."""
        failure = asked.failure
        fits = type(failure) is kind and failure.certainty in [Certainty[name] for name in one_of]
        told = "%s %s" % (failure.certainty.value, failure) if isinstance(failure, IpcFailure) else asked.answer
        self.evidence.require(fits, "call %d: expected %s %s, was %s" % (asked.id, kind.__name__, one_of, told))
        report = getattr(failure, "report", None)
        self.evidence.require(report is None or report.pid == self.pid, "call %d: another child's report" % asked.id)

    def expect_answer(self, asked):
        self.evidence.require(asked.answer is not None, "call %d: no answer, but %s" % (asked.id, asked.failure))

    def close_seconds(self, limit_seconds):
        """Closes the session, and returns how long that took."""
        since = time.monotonic()
        self.session.close()
        took = time.monotonic() - since
        self.evidence.require(took < limit_seconds, "close took s=%.3f" % took)
        return took

    def close(self):
        """Ends the sessions; then every call is held against the ledger."""
        if self.gate is not None:
            self.gate.open()
        for session in self._sessions:
            session.close()
        self.await_outcomes()
        for thread in self._beside:
            thread.join(LIMIT_SECONDS)
            self.evidence.require(not thread.is_alive(), "a caller still waits")
        ledger = Counter(self._lines("ledger"))
        for asked in self._asked:
            self._check(asked, ledger)
        if self.session is not None:
            left = self.session._pending.count()
            self.evidence.require(left == 0, "calls in the table: %d" % left)

    def _check(self, asked, ledger):
        evidence, name = self.evidence, "call %d: " % asked.id
        evidence.counts["calls"] += 1
        evidence.require(asked.all_outcomes() == 1, name + "outcomes=%d" % asked.all_outcomes())
        begun, ended = ledger["begin %d" % asked.id], ledger["end %d" % asked.id]
        evidence.require(begun <= 1, name + "ran twice")
        if asked.failure is not None:
            certainty = asked.failure.certainty
            evidence.outcomes["%s/%s" % (type(asked.failure).__name__, certainty.value)] += 1
            lie = certainty is Certainty.NOT_EXECUTED and begun > 0
            evidence.counts["false NOT_EXECUTED"] += lie
            evidence.require(not lie, name + "said to be not executed, but ran: %s" % asked.failure)
            false = certainty is Certainty.EXECUTED and not begun
            evidence.require(not false, name + "said to be executed, but did not run: %s" % asked.failure)
        elif asked.answer is not None:
            evidence.outcomes["answered"] += 1
            evidence.require(bool(begun and ended), name + "answered, but not run")
            done = asked.answer
            is_filled = isinstance(done, Done) and (done.fill == "fill" or not done.fill.strip("x"))
            is_whole = is_filled and done.id == asked.id
            evidence.counts["altered answers accepted"] += not is_whole
            evidence.require(is_whole, name + "an altered answer")
