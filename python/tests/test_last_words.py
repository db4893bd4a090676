"""What a program has said before it ends leaves, whichever thread was to write it."""
import json
import signal
import subprocess
import unittest

from fake_parent import PROLOGUE, Gate, Parent, number, request
from wire import frame

LONG = PROLOGUE + """
session.on_request(Ask, lambda ask: Answer("x" * 200000))
@session.on_message(LogMessage)
def hear(log):
"""

SERVE_AND_LEAVE = """
try:
    session.serve()
except SystemExit as error:
    # Nothing of the interpreter's own end may stand in for what serve waits for.
    os._exit(error.code)
"""


def notice(text="x"):
    """Returns the frame of a message of type LogMessage."""
    return frame("NOTIFY", number("LogMessage") + json.dumps({"message": text}).encode())


def kinds(parent):
    """Returns the kinds of all frames up to the end of the stream."""
    return [kind for kind, *_ in iter(parent.next, None)]


class Ends(unittest.TestCase):
    def _heard(self, script, *sent):
        parent = Parent(script, stderr=subprocess.PIPE)
        self.addCleanup(parent.process.stderr.close)
        self.addCleanup(parent.__exit__)
        # This parent does not read meanwhile, so that the child must not wait with its next handler.
        parent.open("pump")
        parent.send(b"".join(sent))
        self.assertEqual(b"heard", parent.process.stderr.read(5))
        return parent

    def test_sys_exit_in_a_message_handler_says_goodbye_behind_the_answers(self):
        parent = self._heard(LONG + """
    os.write(2, b"heard")
    sys.exit(7)
""" + SERVE_AND_LEAVE, *[request(call_id) for call_id in range(30)], notice())
        self.assertEqual(["REPLY"] * 30 + ["GOODBYE"], kinds(parent))
        self.assertEqual(7, parent.exit_code())

    def test_what_a_signal_handler_raises_waits_for_answers_that_have_no_room(self):
        parent = self._heard(LONG + """
    session._serving._inbox.await_item = lambda: os.write(2, b"heard") and signal.pause()
import signal
def leave(*_):
    os.write(2, b"leaving")
    sys.exit(7)
signal.signal(signal.SIGTERM, leave)
""" + SERVE_AND_LEAVE, *[request(call_id) for call_id in range(30)], notice())
        parent.process.send_signal(signal.SIGTERM)
        self.assertEqual(b"leaving", parent.process.stderr.read(7))
        self.assertEqual(["REPLY"] * 30, kinds(parent))
        self.assertEqual(7, parent.exit_code())

    def test_who_closes_amid_a_write_and_exits_has_said_goodbye(self):
        script = PROLOGUE + """
import signal
signal.signal(signal.SIGUSR1, lambda *_: (session.close(), sys.exit(7)))
outbound, close, is_awaited = session._outbound, session._close, threading.Event()
await_end = outbound.await_end
outbound.await_end = lambda limit_seconds: is_awaited.set() or await_end(limit_seconds)
session._close = lambda: is_awaited.wait() and close()
take = outbound._next
def interrupted(*more):
    outbound._next = take
    signal.raise_signal(signal.SIGUSR1)
    return take(*more)
@session.on_request(Ask)
def handle(ask):
    outbound._next = interrupted
    return Answer("done")
""" + SERVE_AND_LEAVE
        with Parent(script) as parent:
            parent.open()
            parent.ask(1)
            self.assertEqual(["REPLY", "GOODBYE"], kinds(parent))
            self.assertEqual(7, parent.exit_code())

    def test_messages_that_nobody_will_hear_hold_up_no_end(self):
        script = """
@session.on_message(LogMessage)
def hear(log):
    session._reading.ensure_reader()
    os.write(2, b"heard")
    while not session._serving._inbox.count():
        os.sched_yield()
    sys.exit(7)
try:
    session.serve()
except SystemExit:
    os.read(%s, 1)
    raise
"""
        with Gate() as gate:
            parent = Parent(PROLOGUE + script % gate.fds, stderr=subprocess.PIPE, pass_fds=gate.fds)
            with parent, parent.process.stderr as stderr:
                parent.open()
                parent.send(notice())
                self.assertEqual(b"heard", stderr.read(5))
                parent.send(notice())
                self.assertEqual(["GOODBYE"], kinds(parent))
                gate.open()
                self.assertEqual(7, parent.exit_code())


    def test_what_has_no_room_leaves_where_no_thread_can_be_had(self):
        # As behind the end of the main thread on Python 3.12.
        script = PROLOGUE + """
import streamipc._writer
class NoThread(threading.Thread):
    def start(self):
        raise RuntimeError("can't create new thread at interpreter shutdown")
streamipc._writer.Thread = NoThread
session._tell_ready()
while not session._outbound._is_open:
    session._reading.pump()
for _ in range(20):
    session.notify(LogMessage("x" * %d))
os.write(2, b"heard")
session.close()
"""
        for size in (30_000, 300_000):
            with self.subTest(size):
                self.assertEqual(["NOTIFY"] * 20 + ["GOODBYE"], kinds(self._heard(script % size)))


class WithoutClose(unittest.TestCase):
    def test_messages_leave_though_the_program_ends_behind_them(self):
        script = PROLOGUE + """
session._tell_ready()
while not session._outbound._is_open:
    session._reading.pump()
for _ in range(30):
    session.notify(LogMessage("x" * 30000))
os.write(2, b"heard")
"""
        parent = Parent(script, stderr=subprocess.PIPE)
        with parent, parent.process.stderr as stderr:
            parent.open()
            self.assertEqual(b"heard", stderr.read(5))
            self.assertEqual(["NOTIFY"] * 30, kinds(parent))
            self.assertEqual(0, parent.exit_code())

    def test_a_handler_that_closed_is_answered_though_the_main_thread_has_ended(self):
        script = PROLOGUE + """
import atexit
closed, ending = threading.Event(), threading.Event()
atexit.register(ending.set)
@session.on_request(Ask)
def handle(ask):
    session.close()
    closed.set()
    ending.wait()
    return Answer("done")
session.serve_in_background()
closed.wait()
"""
        with Parent(script) as parent:
            parent.open()
            parent.ask(1)
            self.assertEqual(["GOODBYE", "REPLY"], kinds(parent))
            self.assertEqual(0, parent.exit_code())


class Races(unittest.TestCase):
    def test_a_goodbye_that_was_read_when_the_stream_was_seen_to_be_over_is_no_death(self):
        script = PROLOGUE + """
watch, take_in, expire = session._watch, session._incoming.take_in, session._watch._expire
looks, has_looked = [], threading.Event()
def late(data):
    while b"reason" in data and watch._exit_at is None:
        os.sched_yield()
    take_in(data)
def look(now):
    if watch._exit_at is not None and now >= watch._exit_at:
        looks.append(now)
        if len(looks) > 1: has_looked.set()
    return expire(now)
watch._expire = look
session._incoming.take_in = late
session.serve()
has_looked.wait()
sys.exit(7)
"""
        with Parent(script) as parent:
            parent.open()
            parent.goodbye()
            parent.process.stdin.close()
            self.assertEqual(["GOODBYE"], kinds(parent))
            self.assertEqual(7, parent.exit_code())

    def test_a_message_that_comes_behind_the_goodbye_is_refused(self):
        script = PROLOGUE + """
offer = session._outbound.offer
def late(*frame):
    session.close()
    return offer(*frame)
session._outbound.offer = late
session.serve_in_background()
try:
    session.notify(LogMessage("late"))
except SessionClosed:
    os.write(2, b"refused")
"""
        parent = Parent(script, stderr=subprocess.PIPE)
        with parent, parent.process.stderr as stderr:
            parent.open()
            self.assertEqual(["GOODBYE"], kinds(parent))
            self.assertEqual(b"refused", stderr.read())


if __name__ == "__main__":
    unittest.main()
