"""A Python parent and the children that it starts."""
import asyncio
import gc
import io
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

from child_types import TYPES, Answer, Ask, Bulk, Count
from fake_parent import LIMIT_SECONDS, environment
from streamipc import (
    Attachment, Cancelled, Certainty, ChildDied, DeadlinePassed, Rejected, RemoteFailure, Session, SessionClosed,
    StartFailed,
)

HANDLERS = TYPES + """
session = Session.stdio()
@session.on_request(Ask)
def handle(ask, call):
    if ask.text == "hang": threading.Event().wait()
    if ask.text == "spin":
        while not call.cancelled: pass
    if ask.text == "slow": threading.Event().wait(1)
    if ask.text == "raise": raise KeyError("lost")
    if ask.text == "back": return Answer(session.call(Ask("you")).text)
    if ask.text == "pid": return Answer(str(os.getpid()))
    if ask.text == "print": print("printed")
    if ask.text == "steps":
        for step in range(3): call.progress(Answer(str(step)))
    return Answer(ask.text.upper())
@session.on_request(Bulk)
def bulk(bulk): return bulk
@session.on_request(Count)
def count(request):
    for number in range(request.upto): yield Count(number)
@session.on_upload(Count)
def add(request, parts): return Count(sum(part.upto for part in parts))
"""
CHILD = HANDLERS + "session.serve()\n"


def spawn(script=CHILD, **options):
    """Starts a child from a script."""
    return Session.spawn([sys.executable, "-c", script], env=environment(), **options)


def pid_of(session):
    """Returns the number of its process."""
    return int(session.call(Ask("pid")).text)


def is_there(pid):
    """Returns whether a process lives, or is a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def eventually(fact):
    """Waits for a fact."""
    until = time.monotonic() + LIMIT_SECONDS
    while not fact():
        assert time.monotonic() < until, "did not come true in time"
        threading.Event().wait(0.01)


class Log(logging.Handler):
    """Keeps what is logged for a child."""

    def __init__(self, name):
        super().__init__()
        self.lines = []
        self._logger = logging.getLogger("streamipc.child." + name)

    def emit(self, record):
        self.lines.append((record.levelname, record.getMessage()))

    def __enter__(self):
        self._logger.setLevel(logging.INFO)
        self._logger.propagate = False
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_):
        self._logger.removeHandler(self)


class Talk(unittest.TestCase):
    def test_requests_are_answered_and_fail_as_in_the_family(self):
        with spawn() as child:
            self.assertEqual("HELLO", child.call(Ask("hello")).text)
            with self.assertRaises(RemoteFailure) as raised:
                child.call(Ask("raise"))
            self.assertEqual("KeyError", raised.exception.remote_type.split(".")[-1])
            with self.assertRaises(DeadlinePassed):
                child.call(Ask("slow"), 0.1)
            call = child.request(Ask("spin"))
            call.cancel("enough")
            self.assertIsInstance(call.exception(), Cancelled)
            with self.assertRaises(Rejected):
                child.call(Answer("nobody handles it"))

    def test_a_thousand_requests_are_under_way_at_a_time(self):
        with spawn() as child:
            calls = [child.request(Ask(str(number))) for number in range(1000)]
            self.assertEqual([str(number) for number in range(1000)], [call.result().text for call in calls])

    def test_the_child_asks_back(self):
        with spawn() as child:
            child.on_request(Ask, lambda ask: Answer("to " + ask.text))
            child.serve_in_background()
            self.assertEqual("to you", child.call(Ask("back")).text)

    def test_progress_comes_before_the_answer(self):
        with spawn() as child:
            news = []
            child.call(Ask("steps"), on_progress=lambda progress: news.append(progress.message.text))
            self.assertEqual(["0", "1", "2"], news)

    def test_streams_uploads_and_attachments_pass(self):
        with spawn() as child:
            data = os.urandom(3000000)
            self.assertEqual(data, bytes(child.call(Bulk(Attachment(data))).data))
            with child.stream(Count(50), parts=Count) as parts:
                self.assertEqual(list(range(50)), [part.upto for part in parts])
            self.assertEqual(Count(4950), child.upload(Count(0), (Count(number) for number in range(100))))

    def test_stderr_and_junk_go_to_the_logger_of_the_child(self):
        noisy = TYPES + "sys.stdout.write('early\\n'); sys.stdout.flush()\n" + CHILD
        with Log("noisy") as log:
            with spawn(noisy, name="noisy") as child:
                child.call(Ask("print"))
            eventually(lambda: len(log.lines) == 2)
        self.assertEqual([("INFO", "printed"), ("WARNING", "junk on stdout: text=early")], sorted(log.lines))

    def test_the_folder_and_the_environment_are_as_asked(self):
        script = TYPES + "session = Session.stdio()\n" \
            "session.on_request(Ask, lambda ask: Answer(os.getcwd() + os.environ['MORE']))\nsession.serve()\n"
        with Session.spawn([sys.executable, "-c", script], cwd="/", env=dict(environment(), MORE="x")) as child:
            self.assertEqual("/x", child.call(Ask("")).text)


class Death(unittest.TestCase):
    def test_a_killed_child_ends_each_call_once_and_soon(self):
        with spawn() as child:
            pid = pid_of(child)
            calls = [child.request(Ask("hang"), None, tell_started=at < 50) for at in range(100)]
            started = calls[0]
            eventually(lambda: started.is_running)
            before = time.monotonic()
            os.kill(pid, signal.SIGKILL)
            failures = [call.exception() for call in calls]
            self.assertLess(time.monotonic() - before, 1)
            self.assertEqual({ChildDied}, set(map(type, failures)))
            self.assertEqual([Certainty.EXECUTED] + 99 * [Certainty.MAYBE_EXECUTED],
                             [failure.certainty for failure in failures])
            self.assertEqual(("SIGKILL", None, pid),
                             (failures[0].report.signal, failures[0].report.exit_code, failures[0].report.pid))
            self.assertIsInstance(child.request(Ask("late")).exception(), ChildDied)
            eventually(lambda: not is_there(pid))

    def test_a_handler_that_nobody_asked_about_may_have_been_entered(self):
        async def call_on_asyncio(tell_started):
            from streamipc import aio

            async with await aio.Session.spawn([sys.executable, "-c", script], env=environment()) as child:
                try:
                    return await child.request(Answer("leave"), tell_started=tell_started)
                except ChildDied as died:
                    return died.certainty

        script = HANDLERS + "session.on_request(Answer, lambda answer: os._exit(3))\nsession.serve()\n"
        for tell_started, certainty in ((False, Certainty.MAYBE_EXECUTED), (True, Certainty.EXECUTED)):
            with spawn(script) as child:
                failure = child.request(Answer("leave"), None, tell_started=tell_started).exception()
                self.assertEqual((ChildDied, certainty), (type(failure), failure.certainty))
            self.assertEqual(certainty, asyncio.run(call_on_asyncio(tell_started)))

    def test_the_report_has_the_exit_code_and_the_last_lines(self):
        script = HANDLERS + """
for number in range(150): print("line", number)
session.on_request(Answer, lambda answer: os._exit(3))
session.serve()
"""
        with spawn(script) as child:
            report = child.request(Answer("")).exception().report
        self.assertEqual((3, None), (report.exit_code, report.signal))
        self.assertEqual(["line %d" % number for number in range(50, 150)], list(report.last_stderr))

    def _leaves_no_grandchild(self, before_fork):
        script = HANDLERS + before_fork + """
grandchild = os.fork()
while not grandchild: signal.pause()
@session.on_request(Answer)
def tell_or_leave(answer):
    if answer.text == "leave": os._exit(4)
    return Answer(str(grandchild))
session.serve()
"""
        child = spawn(script)
        grandchild = int(child.call(Answer("tell")).text)
        report = child.request(Answer("leave")).exception(LIMIT_SECONDS).report
        self.assertEqual(4, report.exit_code)
        eventually(lambda: not is_there(grandchild) or _is_zombie(grandchild))
        child.close()

    def test_a_grandchild_that_holds_the_stream_does_not_hide_the_death(self):
        self._leaves_no_grandchild("kept = os.dup(session._way.out_fd)\n")

    def test_a_grandchild_that_holds_only_stderr_goes_with_the_dead_child(self):
        self._leaves_no_grandchild("")

    def test_a_child_that_closes_its_stream_and_lives_is_ended(self):
        script = HANDLERS + """
session.on_request(Answer, lambda answer: (session._outbound.abort(), signal.pause()))
session.serve()
"""
        child = spawn(script)
        pid = pid_of(child)
        failure = child.request(Answer("")).exception(LIMIT_SECONDS)
        self.assertIsInstance(failure, SessionClosed)
        self.assertEqual("STREAM", failure.who)
        child.close()
        self.assertFalse(is_there(pid))


class Ends(unittest.TestCase):
    def test_close_leaves_nothing_behind(self):
        threads, descriptors = threading.active_count(), os.listdir("/proc/self/fd") if os.path.exists("/proc") else []
        child = spawn()
        pid = pid_of(child)
        child.close()
        child.close()
        self.assertFalse(is_there(pid))
        self.assertIsInstance(child.request(Ask("late")).exception(), SessionClosed)
        eventually(lambda: threading.active_count() <= threads)
        if descriptors:
            eventually(lambda: len(os.listdir("/proc/self/fd")) <= len(descriptors))

    def test_close_fails_what_is_open_and_ends_who_does_not_go(self):
        script = HANDLERS + "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nsession.serve()\nsignal.pause()\n"
        child = spawn(script)
        pid = pid_of(child)
        child.close()
        self.assertFalse(is_there(pid))

    def test_a_child_that_is_stuck_is_ended_with_its_group(self):
        script = HANDLERS + """
grandchild = os.fork()
if not grandchild:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True: signal.pause()
session.on_request(Answer, lambda answer: Answer(str(grandchild)))
session.serve()
"""
        child = spawn(script)
        grandchild = int(child.call(Answer("")).text)
        call = child.request(Ask("hang"), tell_started=True)
        eventually(lambda: call.is_running)
        child.close()
        self.assertIsInstance(call.exception(), SessionClosed)
        eventually(lambda: not is_there(grandchild) or _is_zombie(grandchild))

    def test_the_child_that_says_goodbye_is_no_death(self):
        script = HANDLERS + """
@session.on_request(Answer)
def last(answer):
    session.close()
    return answer
session.serve()
"""
        with spawn(script) as child:
            self.assertEqual("bye", child.call(Answer("bye")).text)
            eventually(child.is_closed)
            self.assertIsInstance(child.request(Ask("late")).exception(), SessionClosed)

    def test_a_handler_of_the_parent_may_close_the_session(self):
        child = spawn()
        pid = pid_of(child)
        child.on_request(Ask, lambda ask: child.close())
        child.serve_in_background()
        self.assertIsInstance(child.request(Ask("back")).exception(), SessionClosed)
        eventually(lambda: not is_there(pid))

    def test_an_interrupt_of_the_group_ends_the_parent_and_then_the_child(self):
        # a shell starts what it runs in the background with the interrupt ignored
        script = TYPES + """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    with Session.spawn([sys.executable, "-c", %r]) as child:
        print(child.call(Ask("pid")).text, flush=True)
        child.call(Ask("hang"))
except KeyboardInterrupt:
    print("interrupted", flush=True)
""" % CHILD
        run = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment(),
                               start_new_session=True, universal_newlines=True)
        pid = int(run.stdout.readline())
        os.killpg(run.pid, signal.SIGINT)
        self.assertEqual("interrupted\n", run.communicate(timeout=LIMIT_SECONDS)[0])
        eventually(lambda: not is_there(pid))

    def test_a_killed_parent_takes_its_child_along(self):
        script = TYPES + """
child = Session.spawn([sys.executable, "-c", %r])
print(child.call(Ask("pid")).text, flush=True)
os.kill(os.getpid(), 9)
""" % CHILD
        run = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment(), timeout=30)
        eventually(lambda: not is_there(int(run.stdout)) or _is_zombie(int(run.stdout)))

    def test_a_forked_copy_does_not_hold_the_child(self):
        with spawn() as child:
            child.call(Ask("there"))
            copy = os.fork()
            if not copy:
                os._exit(sum(map(_is_descriptor, (child._way.in_fd, child._way.out_fd))))
            self.assertEqual(0, os.waitpid(copy, 0)[1])
            child.call(Ask("still there"))


class Starts(unittest.TestCase):
    def _failure(self, command, **options):
        threads = threading.active_count()
        with self.assertRaises(StartFailed) as raised:
            Session.spawn(command, **options)
        eventually(lambda: threading.active_count() <= threads)
        gc.collect()
        self.assertEqual(Certainty.NOT_EXECUTED, raised.exception.certainty)
        return raised.exception

    def test_a_missing_program_is_told_with_what_was_tried(self):
        failure = self._failure(["no-such-program-here", "x"])
        self.assertIn("no such program: program=no-such-program-here, lookedForIn=", str(failure))
        self.assertEqual((("no-such-program-here", "x"), None), (failure.command, failure.report))
        self.assertIn("the program can't be run: program=/nowhere/x", str(self._failure(["/nowhere/x"])))
        self.assertIn("no such folder: cwd=/nowhere", str(self._failure([sys.executable], cwd="/nowhere")))
        for command in ("a b", []):
            with self.assertRaises(ValueError):
                Session.spawn(command)

    def test_a_child_that_never_says_hello_is_ended(self):
        script = "import sys, signal; print('busy', file=sys.stderr, flush=True); signal.pause()"
        failure = self._failure([sys.executable, "-c", script], start_timeout=1)
        self.assertIn("no hello from the child: startTimeoutMs=1000", str(failure))
        self.assertEqual((("busy",), "SIGKILL"), (failure.report.last_stderr, failure.report.signal))
        self.assertFalse(is_there(failure.report.pid))

    def test_a_child_that_fails_at_once_says_why(self):
        failure = self._failure([sys.executable, "-c", "import sys; sys.exit('no luck')"])
        self.assertIn("ended, or closed its stdout, before its hello", str(failure))
        self.assertEqual((1, ("no luck",)), (failure.report.exit_code, failure.report.last_stderr))

    def test_another_parent_is_no_child(self):
        script = TYPES + "\nfrom streamipc._child import ChildWay\nfrom streamipc import _way\n" \
            "_way.Way.role = 'parent'\nSession.stdio()\n"
        self.assertIn("role='parent' where a child is due", str(self._failure([sys.executable, "-c", script], env=environment())))

    def test_a_child_that_is_never_ready_ends_its_calls(self):
        with spawn(HANDLERS + "signal.pause()\n", start_timeout=2) as child:
            failure = child.request(Ask("x"), None).exception(LIMIT_SECONDS)
            self.assertIsInstance(failure, SessionClosed)
            self.assertEqual(Certainty.NOT_EXECUTED, failure.certainty)
            self.assertIn("no ready from the child", str(failure))


def _is_descriptor(number):
    try:
        os.fstat(number)
        return True
    except OSError:
        return False


def _is_zombie(pid):
    """In a container without an init process nobody reaps orphans."""
    try:
        with io.open("/proc/%d/stat" % pid) as file:
            return file.read().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return False


if __name__ == "__main__":
    unittest.main()
