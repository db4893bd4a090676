"""A signal handler may close the session, wherever it interrupts it."""
import unittest

from fake_parent import PROLOGUE, Parent, request

# The lock of a part of the session has a signal come while the main thread holds it, when requests are there.
SIGNALLED = PROLOGUE + """
import signal
signal.signal(signal.SIGUSR1, lambda *_: session.close())
class Signalled:
    def __init__(self, lock):
        self.lock = lock
        self.is_armed = True
    def __enter__(self):
        self.lock.acquire()
        if self.is_armed and threading.current_thread() is threading.main_thread():
            self.is_armed = False
            signal.raise_signal(signal.SIGUSR1)
    def __exit__(self, *_):
        self.lock.release()
part = session.%s
@session.on_request(Ask)
def handle(ask):
    try:
        session.notify(LogMessage("heard"))
    except IpcFailure:
        pass
    return Answer(ask.text)
take_in = session._incoming.take_in
def armed(data):
    session._incoming.take_in = take_in
    part._lock = Signalled(part._lock)
    take_in(data)
session._tell_ready()
session._incoming.take_in = armed
session.serve()
"""


class Signals(unittest.TestCase):
    def test_close_by_a_signal_ends_a_serve_that_reads(self):
        script = PROLOGUE + """
import signal
signal.signal(signal.SIGUSR1, lambda *_: session.close())
def stop():
    while not session._reading._is_pumping:
        os.sched_yield()
    # One that comes right before the read begins is heard when that returns: a second one has it return.
    while not session.is_closed():
        os.kill(os.getpid(), signal.SIGUSR1)
        threading.Event().wait(0.05)
threading.Thread(target=stop).start()
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            self.assertEqual("GOODBYE", parent.answer()[0])
            self.assertIsNone(parent.next())
            self.assertEqual(0, parent.exit_code())

    def test_close_by_a_signal_ends_a_session_that_holds_any_of_its_locks(self):
        for place in ("_lifecycle", "_serving._inbox", "_outbound", "_pending"):
            with self.subTest(place), Parent(SIGNALLED % place) as parent:
                parent.open()
                # Right behind it: the signal comes while one of the two is taken in, answered or written.
                parent.send(request(1) + request(3))
                frames = list(iter(parent.next, None))
                self.assertIn("GOODBYE", [kind for kind, *_ in frames])
                self.assertEqual([1, 3], sorted(number for kind, _, number, _ in frames if kind in ("REPLY", "FAILURE")))
                self.assertEqual(0, parent.exit_code())

    def test_close_by_a_signal_in_a_handler_begins_no_request_behind_it(self):
        script = PROLOGUE + """
import signal
signal.signal(signal.SIGUSR1, lambda *_: session.close())
@session.on_request(Ask)
def handle(ask):
    signal.raise_signal(signal.SIGUSR1)
    return Answer(str(session.is_closed()))
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.send(request(1) + request(3))
            answers = {answer[1]: answer for answer in (parent.answer() for _ in range(3))}
            self.assertEqual("True", answers[1][2]["text"])
            self.assertEqual("FAILURE", answers[3][0])
            self.assertEqual(0, parent.exit_code())


if __name__ == "__main__":
    unittest.main()
