"""Forked copies of a process with sessions, and sessions at the end of a process: calls end there, and harm nobody."""
import os
import subprocess
import sys
import threading
import unittest

from child_types import TYPES, Answer, Ask, Count
from fake_parent import LIMIT_SECONDS, environment
from streamipc import SessionClosed
from test_spawn import CHILD, spawn

WHY = "the session belongs to the process that this one is a copy of"


def in_a_copy(work):
    """Returns what a function returns in a forked copy of this process, as text."""
    heard, told = os.pipe()
    copy = os.fork()
    if not copy:
        try:
            os.write(told, str(work()).encode())
        except BaseException as error:
            os.write(told, repr(error).encode())
        finally:
            os._exit(0)
    os.close(told)
    with os.fdopen(heard) as file:
        text = file.read()
    os.waitpid(copy, 0)
    return text


def failure_of(call):
    """Returns how a call ended."""
    failure = call.exception(LIMIT_SECONDS)
    return "%s %s %s" % (type(failure).__name__, failure.certainty.name, failure)


def first_of(stream):
    """Returns how a stream ended."""
    try:
        return next(stream)
    except SessionClosed as error:
        return str(error)


class Copies(unittest.TestCase):
    def setUp(self):
        self.child = spawn()
        self.addCleanup(self.child.close)

    def _is_unharmed(self):
        self.assertEqual(Answer("THERE"), self.child.call(Ask("there")))

    def test_a_call_of_a_copy_ends_at_once(self):
        said = in_a_copy(lambda: failure_of(self.child.request(Ask("x"), None)))
        self.assertIn("SessionClosed NOT_EXECUTED", said)
        self.assertIn(WHY, said)
        self.assertIn(WHY, in_a_copy(lambda: first_of(self.child.stream(Count(1), Count, deadline=None))))
        self._is_unharmed()

    def test_what_was_open_ends_in_the_copy_alone(self):
        updates = threading.Event()
        open_call = self.child.request(Ask("slow"), None, on_progress=lambda _: updates.set())
        stream = self.child.stream(Count(1), Count, deadline=None)
        self.assertIn("SessionClosed MAYBE_EXECUTED", in_a_copy(lambda: failure_of(open_call)))
        self.assertIn(WHY, in_a_copy(lambda: first_of(stream)))
        self.assertEqual(Answer("SLOW"), open_call.result())
        self.assertEqual([Count(0)], list(stream))

    def test_a_copy_closes_without_harm(self):
        def leave():
            with self.child:
                pass
            return self.child.is_closed()

        self.assertEqual("True", in_a_copy(leave))
        self._is_unharmed()

    def test_locks_that_others_hold_hold_up_no_copy(self):
        child = self.child
        locks = (child._asking._lock, child._pending._lock, child._lifecycle._lock, child._outbound._lock,
                 child._asking._callbacks.lock, child._way.process._lock)
        for lock in locks:
            lock.acquire()
        try:
            said = in_a_copy(lambda: (failure_of(child.request(Ask("x"), None, on_progress=print)), child.close()))
        finally:
            for lock in locks:
                lock.release()
        self.assertIn(WHY, said)
        self._is_unharmed()


class Ends(unittest.TestCase):
    def _run(self, lines):
        script = TYPES + "import atexit\nchild = Session.spawn([sys.executable, '-c', %r])\n" % CHILD + lines
        run = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env=environment(), timeout=LIMIT_SECONDS)
        self.assertEqual((0, b""), (run.returncode, run.stderr))
        return run.stdout

    def test_a_process_may_close_its_sessions_at_its_very_end(self):
        self._run("atexit.register(child.close)")

    def test_a_process_may_still_ask_at_its_very_end(self):
        self.assertEqual(b"X\n", self._run(
            "atexit.register(lambda: (print(child.call(Ask('x')).text), child.close()))"))

    def test_a_process_may_leave_its_sessions_open(self):
        self._run("child.call(Ask('x'))")
        self._run("del child; import gc; gc.collect()")


if __name__ == "__main__":
    unittest.main()
