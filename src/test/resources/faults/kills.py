"""Children that are killed with SIGKILL while they stand at a point: the twin of KillTest and KillReplyTest."""
import time

from calls import Heard, HeardSoFar, Note
from linux import eventually, state
from stage import LIMIT_SECONDS
from streamipc import ChildDied, IpcFailure, Rejected, SessionClosed, StartFailed

LARGE = "x" * (1 << 20)
STREAMED_PARTS = 10
NOTES, HOLD_AT_NOTE = 500, 100
# Less than the 250 ms for which a dead child's pipe is read on.
SURE_SECONDS = 0.15


def _killed(stage, is_timed=True):
    stage.kill()
    stage.settle(is_timed)
    stage.prove_signal("SIGKILL")


def before_hello(stage):
    ends = []

    def spawn():
        try:
            ends.append(stage.spawn("before-hello"))
        except StartFailed as failure:
            ends.append(failure)

    thread = stage.beside(spawn)
    pid = int(stage.await_mark("before-hello")["pid"])
    since = time.monotonic()
    stage.kill(pid)
    thread.join(LIMIT_SECONDS)
    stage.evidence.time("crash to last failure", time.monotonic() - since)
    failure = ends[0] if ends else None
    stage.evidence.require(isinstance(failure, StartFailed), "a child that never said hello: %s" % failure)
    report = failure.report
    stage.evidence.outcomes["StartFailed/" + failure.certainty.value] += 1
    stage.evidence.proof(pid=report.pid, signal=report.signal)
    stage.evidence.require((report.pid, report.signal) == (pid, "SIGKILL"), "reported otherwise: %s" % failure)


def before_ready(stage):
    stage.spawn("before-ready")
    calls = [stage.ask("echo") for _ in range(3)]
    stage.await_mark("before-ready")
    _killed(stage)
    for call in calls:
        stage.expect(call, ChildDied, "NOT_EXECUTED")


def idle(stage):
    stage.warm()
    eventually("the child sleeps", lambda: state(stage.pid) == "S")
    stage.evidence.proof(phase="idle", state="S")
    stage.kill()
    eventually("the session ends", stage.session.is_closed)
    # it is closed to new requests before the report of the child is there
    eventually("calls are refused", lambda: stage.session._pending.refusal() is not None)
    late = stage.ask("late")
    stage.settle(False)
    stage.prove_signal("SIGKILL")
    stage.expect(late, ChildDied, "NOT_EXECUTED")


def request_half_written(stage):
    stage.warm()
    stage.stop()
    large = stage.ask("echo", LARGE)
    stage.await_blocked_writer()
    behind = stage.ask("echo")
    _killed(stage)
    # in chunks it is known that the last one has not left
    stage.expect(large, ChildDied, "NOT_EXECUTED")
    stage.expect(behind, ChildDied, "NOT_EXECUTED")


def attachment_half_written(stage):
    stage.warm()
    whole = stage.cargo(len(LARGE))
    eventually("attachments are taken", whole.is_settled)
    stage.stop()
    half = stage.cargo(len(LARGE))
    stage.await_blocked_writer()
    _killed(stage)
    stage.expect_answer(whole)
    stage.expect(half, ChildDied, "NOT_EXECUTED")


def request_unstarted(stage):
    stage.spawn("await-go")
    stage.await_mark("await-go")
    # both wait for READY and leave in one write, so that they are read together
    running = stage.ask("hold")
    waiting = stage.ask("echo")
    stage.go()
    unread = stage.await_mark("handler")["unreadBytes"]
    stage.evidence.proof(unreadBytes=unread)
    stage.evidence.require(unread == "0", "the second request was not read")
    _killed(stage)
    stage.expect(running, ChildDied, "EXECUTED")
    stage.expect(waiting, ChildDied, "MAYBE_EXECUTED")


def handler_running(stage):
    stage.warm()
    running = stage.ask("hold", "", tell_started=stage.is_odd)
    stage.await_mark("handler")
    behind = stage.ask("echo")
    _killed(stage)
    stage.expect(running, ChildDied, "EXECUTED" if stage.is_odd else "MAYBE_EXECUTED")
    stage.expect(behind, ChildDied, "MAYBE_EXECUTED")


def progress_sent(stage):
    stage.warm()
    updates = []
    running = stage.ask("progress", "", tell_started=False, on_progress=updates.append)
    stage.await_mark("progressed")
    eventually("progress has come in", lambda: len(updates) == 1)
    stage.evidence.proof(updates=len(updates))
    _killed(stage)
    # an update proves, as STARTED would, that the handler was entered
    stage.expect(running, ChildDied, "EXECUTED")
    stage.evidence.require(len(updates) == 1, "updates behind the outcome: %s" % updates)


def stream(stage):
    stage.warm()
    taken = []
    call = stage.stream(taken)
    stage.await_mark("streamed")
    eventually("the parts have come in", lambda: len(taken) == STREAMED_PARTS)
    stage.evidence.proof(parts=len(taken))
    _killed(stage)
    # a part proves, as STARTED would, that the handler was entered
    stage.expect(call, ChildDied, "EXECUTED")
    stage.evidence.require(taken == list(range(STREAMED_PARTS)), "parts lost or behind the outcome: %s" % taken)


def upload(stage):
    stage.warm()
    call = stage.upload()
    stage.await_mark("taken")
    _killed(stage)
    stage.expect(call, ChildDied, "EXECUTED")


def reply_half_written(stage):
    stage.warm(gated=True)
    stage.gate.shut()
    call = stage.ask("big")
    count = stage.await_full_pipe()
    stage.evidence.require(count < 1 << 20, "the whole reply fits the pipe")
    ended = "end %d" % call.id in stage._lines("ledger")
    stage.evidence.proof(handlerEnded=ended)
    stage.evidence.require(ended, "no reply was made")
    stage.kill()
    if stage.is_odd:
        stage.gate.open()
    stage.settle(stage.is_odd)
    stage.prove_signal("SIGKILL")
    stage.expect(call, ChildDied, "EXECUTED" if stage.is_odd else "MAYBE_EXECUTED")


def reply_unread(stage):
    stage.warm(gated=True)
    stage.gate.shut()
    call = stage.ask("echo", "x" * 1000)
    eventually("the reply is in the pipe", lambda: stage.gate.waiting_bytes() > 1000)
    stage.evidence.proof(phase="replied", pipeBytes=stage.gate.waiting_bytes())
    stage.kill()
    dead = time.monotonic()
    if stage.is_odd:
        eventually("the child is dead", lambda: state(stage.pid) in "ZX")
        stage.gate.open()
    in_time = stage.is_odd and time.monotonic() - dead < SURE_SECONDS
    stage.settle(False)
    stage.prove_signal("SIGKILL")
    if in_time:
        stage.expect_answer(call)
    elif not stage.is_odd:
        stage.expect(call, ChildDied, "MAYBE_EXECUTED")


def closing(stage):
    (_while_the_parent_closes if stage.is_odd else _while_the_child_closes)(stage)


def _while_the_parent_closes(stage):
    stage.warm()
    running = stage.ask("hold")
    stage.await_mark("handler")
    # a child that hears the goodbye may end before it is killed: it is killed before that, or hears nothing
    is_early = stage.number % 4 == 1
    if is_early:
        running.call.when_done(stage.kill)
    else:
        stage.stop()
    close = stage.beside(stage.session.close)
    eventually("close has ended the call", running.is_settled)
    late = stage.ask("late")
    if not is_early:
        stage.evidence.require(close.is_alive(), "close did not wait")
        stage.kill()
    stage.evidence.proof(closeEndedCalls=True, killedBeforeGoodbye=is_early)
    close.join(LIMIT_SECONDS)
    stage.evidence.require(not close.is_alive(), "close waits for the dead")
    stage.settle(False)
    stage.prove_signal("SIGKILL")
    stage.expect(running, SessionClosed, "EXECUTED", "MAYBE_EXECUTED")
    stage.expect(late, SessionClosed, "NOT_EXECUTED")


def _while_the_child_closes(stage):
    stage.warm()
    running = stage.ask("close")
    stage.await_mark("closing")
    late = []

    def is_refused():
        late.append(stage.ask("late"))
        return isinstance(late[-1].failure, SessionClosed)

    eventually("the goodbye is heard, and no call is taken any more", is_refused)
    _killed(stage)
    stage.expect(running, SessionClosed, "EXECUTED", "MAYBE_EXECUTED")
    for call in late:
        stage.evidence.require(call.answer is None, "a call behind the goodbye was answered")


def broadcast(stage):
    """This side has no broadcast: it tells each of its children the same."""
    stage.warm("note-%d" % HOLD_AT_NOTE)
    survivor = stage.another("")
    for number in range(HOLD_AT_NOTE + 1):
        for session in (stage.session, survivor):
            session.notify(Note(number, "x" * 100))
    stage.await_mark("note")
    call = stage.ask("echo")
    stage.kill()
    for number in range(HOLD_AT_NOTE + 1, NOTES):
        survivor.notify(Note(number, "x" * 100))
        _tell_the_dead(stage, number)
    stage.settle(True)
    stage.prove_signal("SIGKILL")
    # behind the notes, which the writer may still hold
    stage.expect(call, ChildDied, "MAYBE_EXECUTED", "NOT_EXECUTED")
    heard = survivor.call(Heard(0))
    stage.evidence.require(heard == HeardSoFar(NOTES, True), "the other session missed notes: %s" % heard)


def _tell_the_dead(stage, number):
    try:
        stage.session.notify(Note(number, "x" * 100))
    except IpcFailure as refusal:
        stage.evidence.require(not isinstance(refusal, Rejected), "refused as if it lived: %s" % refusal)


def full_pipe(stage):
    (_full_towards_the_child if stage.is_odd else _full_towards_the_parent)(stage)


def _full_towards_the_child(stage):
    stage.warm()
    stage.stop()
    # more than a pipe of 1 MiB holds
    calls = [stage.ask("echo", "x" * 5000) for _ in range(500)]
    stage.await_blocked_writer()
    last = stage.ask("echo")
    _killed(stage)
    for call in calls:
        stage.expect(call, ChildDied, "MAYBE_EXECUTED", "NOT_EXECUTED")
    stage.expect(calls[0], ChildDied, "MAYBE_EXECUTED")
    stage.expect(last, ChildDied, "NOT_EXECUTED")


def _full_towards_the_parent(stage):
    stage.warm(gated=True)
    stage.gate.shut()
    flood = stage.ask("flood")
    stage.await_full_pipe()
    stage.kill()
    stage.gate.open()
    stage.settle(True)
    stage.prove_signal("SIGKILL")
    stage.expect(flood, ChildDied, "EXECUTED", "MAYBE_EXECUTED")


ROWS = {
    "kill.before-hello": before_hello,
    "kill.before-ready": before_ready,
    "kill.idle": idle,
    "kill.request-half-written": request_half_written,
    "kill.attachment-half-written": attachment_half_written,
    "kill.request-unstarted": request_unstarted,
    "kill.handler-running": handler_running,
    "kill.progress-sent": progress_sent,
    "kill.stream": stream,
    "kill.upload": upload,
    "kill.reply-half-written": reply_half_written,
    "kill.reply-unread": reply_unread,
    "kill.closing": closing,
    "kill.broadcast": broadcast,
    "kill.full-pipe": full_pipe,
}
