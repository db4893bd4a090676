"""Children that stop, exit, harm themselves or do not read: the twin of HarmTest, PipeTest and LoadTest."""
import os
import signal
import time

from calls import Note
from linux import PATIENCE_SECONDS, eventually, lives
from streamipc import ChildDied, DeadlinePassed, Rejected, RemoteFailure, SessionClosed

SOON_SECONDS = 0.3
MAX_LATE_SECONDS = 1.5
MAX_CLOSE_SECONDS = 7.0
# 250 ms for which a pipe is read on behind the exit, and time for a busy machine.
MAX_DRAIN_SECONDS = 1.5
CALLS = 10_000


def stop_deadline(stage):
    stage.warm()
    stage.stop()
    asked = time.monotonic()
    stuck = stage.ask("echo", timeout=SOON_SECONDS)
    eventually("the deadline passes", stuck.is_settled)
    took = stuck.settled - asked
    stage.evidence.proof(pid=stage.pid, signal="SIGSTOP")
    # the clock of the deadline started within the call
    stage.evidence.require(SOON_SECONDS - 0.001 <= took < MAX_LATE_SECONDS, "deadline after s=%.3f" % took)
    stage.expect(stuck, DeadlinePassed, "MAYBE_EXECUTED")
    stage.go_on()
    after = stage.ask("echo")
    eventually("the child goes on", after.is_settled)
    stage.expect_answer(after)


def stop_close(stage):
    stage.warm()
    running = stage.ask("hold")
    stage.await_mark("handler")
    stage.stop()
    stage.evidence.time("close of a session with a stopped child", stage.close_seconds(MAX_CLOSE_SECONDS))
    stage.prove_signal("SIGKILL")
    stage.expect(running, SessionClosed, "EXECUTED", "MAYBE_EXECUTED")


def _exits(how, code, kind=ChildDied):
    def play(stage):
        stage.warm()
        call = stage.ask(how)
        stage.settle(False)
        report = stage.prove_exit()
        stage.evidence.require(report.exit_code == code, "exited otherwise: " + report.summary())
        # Python raises SystemExit through the handler, and the caller still learns of it
        stage.expect(call, kind if stage.is_python else ChildDied, "EXECUTED")

    return play


def segv(stage):
    stage.warm()
    call = stage.ask("hold")
    stage.await_mark("handler")
    os.kill(stage.pid, signal.SIGSEGV)
    # a JVM writes its crash report and then aborts
    stage.settle(False)
    stage.prove_signal("SIGSEGV" if stage.is_python else "SIGABRT")
    stage.expect(call, ChildDied, "EXECUTED")


def _fails_alone(how, thrown):
    def play(stage):
        stage.warm()
        call = stage.ask(how)
        after = stage.ask("echo")
        stage.settle(False)
        stage.expect(call, RemoteFailure, "EXECUTED")
        name = getattr(call.failure, "remote_type", "nothing")
        stage.evidence.proof(pid=stage.pid, thrown=name)
        stage.evidence.require(name in thrown, "thrown=" + name)
        stage.expect_answer(after)

    return play


def stdout_closed(stage):
    stage.warm()
    call = stage.ask("close-stdout")
    seen = []
    # behind its call the session ends, and then the child may go by itself
    call.call.when_done(lambda: seen.append(lives(stage.pid)))
    stage.await_mark("stdout-closed")
    eventually("the call ends", lambda: seen)
    alive = seen[0]
    stage.evidence.proof(pid=stage.pid, lives=alive)
    stage.evidence.require(alive, "the child is dead")
    stage.expect(call, SessionClosed, "EXECUTED")


def grandchild_holds(stage):
    """What is left of the child's process group goes with it, but only once the pipe was read for long enough."""
    stage.warm()
    call = stage.ask("grandchild")
    grandchild = int(stage.mark("grandchild")["pid"]) if stage.await_mark("handler") else 0
    stage.kill()
    eventually("the child is dead", lambda: not lives(stage.pid))
    held = lives(grandchild)
    stage.settle(False)
    took = stage.last_outcome_seconds()
    stage.evidence.proof(grandchildLives=held)
    stage.evidence.require(held, "the grandchild is dead")
    stage.evidence.time("crash to last failure, pipe held by a grandchild", took)
    stage.evidence.require(took < MAX_DRAIN_SECONDS, "failed after s=%.3f" % took)
    stage.prove_signal("SIGKILL")
    stage.expect(call, ChildDied, "EXECUTED")
    eventually("the grandchild goes", lambda: not lives(grandchild))


def child_deaf(stage):
    stage.warm("deaf")
    stage.go()
    # the last that is read, or the first that is not: it depends on where the child stood
    last = stage.ask("echo", timeout=SOON_SECONDS)
    stage.await_mark("deaf")
    calls = _burst(stage)
    _refuse_notes(stage)
    stage.await_outcomes()
    is_late = isinstance(last.failure, DeadlinePassed)
    stage.evidence.require(last.answer is not None or is_late, "ended otherwise: %s" % last.failure)
    _require_ends(stage, calls)
    _close(stage)


def parent_deaf(stage):
    stage.warm(gated=True)
    stage.gate.shut()
    flood = stage.ask("flood", "", timeout=SOON_SECONDS)
    stage.await_mark("flooded")
    stage.await_full_pipe()
    calls = _burst(stage)
    stage.await_outcomes()
    stage.expect(flood, DeadlinePassed, "MAYBE_EXECUTED")
    _require_ends(stage, calls)
    _close(stage)


def both_deaf(stage):
    stage.warm("deaf", gated=True)
    stage.gate.shut()
    stage.go()
    flood = stage.ask("flood", "", timeout=SOON_SECONDS)
    stage.await_mark("flooded")
    stage.await_full_pipe()
    calls = _burst(stage)
    _refuse_notes(stage)
    stage.await_outcomes()
    stage.expect(flood, DeadlinePassed, "MAYBE_EXECUTED")
    _require_ends(stage, calls)
    _close(stage)


def _burst(stage):
    """Asks for more than the pipe holds, and for most of what the buffer does."""
    since = time.monotonic()
    calls = [stage.ask("echo", "x" * 100_000, timeout=SOON_SECONDS) for _ in range(60)]
    took = time.monotonic() - since
    stage.evidence.require(took < 2, "asking blocked: s=%.3f" % took)
    return calls


def _refuse_notes(stage):
    sent = 0
    try:
        while sent < 2_000:
            stage.session.notify(Note(sent, "x" * 10_000))
            sent += 1
        stage.evidence.violations.append("a buffer without bound")
    except Rejected as full:
        stage.evidence.proof(notesUntilFull=sent)
        stage.evidence.require(full.reason == "QUEUE_FULL", str(full))


def _require_ends(stage, calls):
    for call in calls:
        if isinstance(call.failure, Rejected):
            stage.expect(call, Rejected, "NOT_EXECUTED")
        else:
            stage.expect(call, DeadlinePassed, "MAYBE_EXECUTED", "NOT_EXECUTED")


def _close(stage):
    stage.evidence.time("close of a session whose pipe is full", stage.close_seconds(MAX_CLOSE_SECONDS))
    stage.prove_exit()


def many_calls(stage):
    stage.warm()
    running = stage.ask("hold")
    stage.await_mark("handler")
    calls = [stage.ask("echo", timeout=2 * PATIENCE_SECONDS) for _ in range(CALLS)]
    count = sum(not call.is_settled() for call in calls)
    stage.evidence.proof(openCalls=count)
    stage.evidence.require(count == CALLS, "open=%d" % count)
    stage.kill()
    stage.settle(False)
    stage.evidence.time("crash to last failure, 10,000 calls", stage.last_outcome_seconds())
    stage.prove_signal("SIGKILL")
    stage.expect(running, ChildDied, "EXECUTED")
    for call in calls:
        stage.expect(call, ChildDied, "MAYBE_EXECUTED", "NOT_EXECUTED")


ROWS = {
    "stop.deadline": stop_deadline,
    "stop.close": stop_close,
    "exit.0": _exits("halt-0", 0),
    "exit.1": _exits("halt-1", 1),
    "exit.system-exit": _exits("exit-3", 3, RemoteFailure),
    "exit.segv": segv,
    "harm.memory": _fails_alone("memory", ("java.lang.OutOfMemoryError", "MemoryError")),
    "harm.stack": _fails_alone("stack", ("java.lang.StackOverflowError", "RecursionError")),
    "pipe.stdout-closed": stdout_closed,
    "pipe.grandchild-holds": grandchild_holds,
    "pipe.child-deaf": child_deaf,
    "pipe.parent-deaf": parent_deaf,
    "pipe.both-deaf": both_deaf,
    "load.calls": many_calls,
}
