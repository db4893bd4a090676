"""What a handler tells of its progress, and what a caller hears of it."""
import struct
import threading
import time
import unittest

from fake_parent import PROLOGUE, Errors, Gate, Parent, child_id
from wire import MERGED, PAYLOAD_CRC, WANT_PROGRESS, frame

from streamipc._call import Call
from streamipc._updates import Callbacks, Listener

LISTENING = PAYLOAD_CRC | WANT_PROGRESS
FIRST = child_id(0)


def update(payload, head=2):
    """Returns the text of an update of type Ask."""
    return payload[head:].decode()


class ProgressOut(unittest.TestCase):
    def test_updates_leave_in_order_before_the_answer(self):
        script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask, call):
    call.progress(Ask("1"))
    call.progress(Ask("2"))
    return Answer("done")
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.ask(1, flags=LISTENING)
            for text in ("1", "2"):
                kind, flags, call_id, payload = parent.next()
                self.assertEqual(("PROGRESS", PAYLOAD_CRC, 1), (kind, flags, call_id))
                self.assertEqual('{"text":"%s"}' % text, update(payload))
            self.assertEqual("REPLY", parent.answer()[0])
            parent.ask(2)
            self.assertEqual("REPLY", parent.answer()[0])

    def test_an_update_leaves_while_the_handler_works(self):
        with Gate() as gate:
            script = gate.script.replace("(ask):", "(ask, call):\n    call.progress(Ask('working'))")
            with Parent(script, pass_fds=gate.fds) as parent:
                parent.open()
                parent.ask(1, flags=LISTENING)
                self.assertEqual("PROGRESS", parent.next()[0])
                gate.open()
                self.assertEqual("REPLY", parent.next()[0])

    def test_nothing_leaves_behind_the_answer_or_for_a_caller_that_has_gone(self):
        script = PROLOGUE + """
kept = []
@session.on_request(Ask)
def handle(ask, call):
    for old in kept: old.progress(Ask("stray"))
    kept.append(call)
    if ask.text == "gone":
        while not call.cancelled: pass
        call.progress(Ask("stray"))
    return Answer("done")
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.ask(1, flags=LISTENING)
            parent.ask(2, "gone", flags=LISTENING | 2)
            self.assertEqual(["REPLY", "STARTED"], [parent.next()[0], parent.next()[0]])
            parent.send(frame("CANCEL", b"no need", 2))
            self.assertEqual("REPLY", parent.next()[0])

    def test_the_latest_wins_where_there_is_no_room_and_the_caller_is_told_how_many_were_left_out(self):
        count = 3000
        with Gate() as gate, Errors() as errors:
            script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask, call):
    for number in range(1, %d): call.progress(Ask("%%d " %% number + "x" * 4000))
    print("told", file=sys.stderr, flush=True)
    os.read(%d, 1)
    return Answer("done")
session.serve()
""" % (count + 1, gate.fds[0])
            with Parent(script, stderr=errors.write, pass_fds=gate.fds) as parent:
                parent.open()
                parent.ask(1, flags=LISTENING)
                self.assertEqual("told", errors.line())
                last = left_out_in_all = seen = 0
                while last < count:
                    kind, flags, _, payload = parent.next()
                    self.assertEqual("PROGRESS", kind)
                    left_out = int.from_bytes(payload[2:6], "big") if flags & MERGED else 0
                    self.assertEqual(bool(flags & MERGED), left_out > 0)
                    number = int(update(payload, 6 if left_out else 2).split('"')[3].split()[0])
                    self.assertEqual(last + 1 + left_out, number)
                    last, seen, left_out_in_all = number, seen + 1, left_out_in_all + left_out
                self.assertEqual(count, seen + left_out_in_all)
                self.assertLess(seen, count // 2)
                gate.open()
                self.assertEqual("REPLY", parent.next()[0])

    def test_an_update_that_still_waits_at_the_end_leaves_before_the_answer(self):
        script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask, call):
    for number in range(1, 3001): call.progress(Ask("%d " % number + "x" * 4000))
    return Answer("done")
session.on_message(LogMessage, lambda _: print("returned", file=sys.stderr, flush=True))
session.serve()
"""
        with Errors() as errors, Parent(script, stderr=errors.write) as parent:
            # To one that pumps the child never blocks in a write, so that it goes on though nobody reads yet.
            parent.open(reads="pump")
            parent.ask(1, flags=LISTENING)
            parent.notify("LogMessage", message="go on")
            self.assertEqual("returned", errors.line())
            before = None
            kind, flags, _, payload = parent.next()
            while kind != "REPLY":
                before = flags, payload
                kind, flags, _, payload = parent.next()
            self.assertIn("3000 ", update(before[1], 6 if before[0] & MERGED else 2))

    def test_an_update_that_can_not_be_sent_is_refused_where_it_is_made(self):
        script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask, call):
    for message in (OnlyHere("x"), Ask("x" * 4086), Ask(5)):
        try: call.progress(message)
        except IpcFailure as error: print(type(error).__name__, getattr(error, "reason", ""), file=sys.stderr, flush=True)
    return Answer("done")
session.serve()
"""
        with Parent(script) as parent:
            parent.open(limits={"maxPayloadBytes": 4096})
            parent.ask(1, flags=LISTENING)
            self.assertEqual("REPLY", parent.next()[0])
            self.assertEqual("Rejected NOT_REGISTERED\nRejected TOO_LARGE\nUndecodable \n", parent.stderr())


class ProgressIn(unittest.TestCase):
    def hear(self, rest, answers):
        """Runs a child that asks once and prints what it hears; returns what it printed."""
        script = PROLOGUE + """
heard = []
def hear(update): heard.append("%s+%d" % (update.message.text, update.skipped))
""" + rest + """
print(*heard, file=sys.stderr, flush=True)
print("end", file=sys.stderr, flush=True)
session.serve()
"""
        with Errors() as errors, Parent(script, stderr=errors.write) as parent:
            parent.open()
            kind, flags, call_id, _ = parent.next()
            self.assertEqual(("REQUEST", FIRST, WANT_PROGRESS), (kind, call_id, flags & WANT_PROGRESS))
            parent.send(b"".join(answers))
            lines = [errors.line()]
            while lines[-1] != "end":
                lines.append(errors.line())
            return "\n".join(lines[:-1]) + "\n"

    @staticmethod
    def progress(text, left_out=0, type_number=0):
        head = struct.pack(">H", type_number) + (struct.pack(">I", left_out) if left_out else b"")
        flags = PAYLOAD_CRC | (MERGED if left_out else 0)
        return frame("PROGRESS", head + b'{"text":"%s"}' % text, FIRST, flags)

    REPLY = frame("REPLY", b'\x00\x01{"text":"done"}', FIRST)

    def test_updates_are_heard_in_order_and_the_call_ends_behind_the_last(self):
        heard = self.hear('print(session.call(Ask("x"), on_progress=hear).text, file=sys.stderr)', [
            *(self.progress(b"%d" % number) for number in range(100)), self.progress(b"last", 41), self.REPLY])
        expected = " ".join("%d+0" % number for number in range(100)) + " last+41"
        self.assertEqual("done\n%s\n" % expected, heard)

    def test_what_can_not_be_read_is_left_out_and_a_callback_that_raises_harms_nothing(self):
        heard = self.hear("""
def bad(update):
    hear(update)
    raise SystemExit("harmless")
print(session.call(Ask("x"), on_progress=bad).text, file=sys.stderr)
""", [self.progress(b"a"), self.progress(b'"'), self.progress(b"b", type_number=99), self.progress(b"c", 2), self.REPLY])
        self.assertIn("harmless", heard)
        self.assertTrue(heard.endswith("done\na+0 c+4\n"), heard)

    def test_a_slow_callback_loses_the_oldest_and_is_told_how_many(self):
        heard = self.hear("""
gate = threading.Event()
def slow(update):
    gate.wait(10)
    hear(update)
call = session.request(Ask("x"), on_progress=slow)
while call._outcome is None: pass
gate.set()
call.result()
""", [*(self.progress(b"%d" % number) for number in range(1000)), self.REPLY])
        updates = [tuple(map(int, one.split("+"))) for one in heard.split()]
        # The one that the callback holds, and the 256 that may wait behind it.
        self.assertLessEqual(len(updates), 257)
        last = -1
        for number, skipped in updates:
            self.assertEqual(last + 1 + skipped, number)
            last = number
        self.assertEqual(999, last)

    def test_a_callback_that_hangs_does_not_hold_the_answer_beyond_the_deadline(self):
        heard = self.hear("""
gate = threading.Event()
call = session.request(Ask("x"), 0.5, on_progress=lambda update: gate.wait(20))
print(call.result().text, file=sys.stderr)
gate.set()
""", [self.progress(b"a"), self.REPLY])
        self.assertEqual("done\n\n", heard)

    def test_what_can_not_be_called_is_refused_before_anything_is_sent(self):
        self.assertEqual("TypeError on_progress can't be called: on_progress=3\ndone\n\n", self.hear("""
try:
    session.request(Ask("x"), on_progress=3)
except TypeError as error:
    print("TypeError", error, file=sys.stderr)
print(session.call(Ask("x"), on_progress=hear).text, file=sys.stderr)""", [self.REPLY]))

    def test_no_update_begins_behind_a_cancel(self):
        heard = self.hear("""
gate = threading.Event()
def slow(update):
    hear(update)
    gate.wait(10)
call = session.request(Ask("x"), on_progress=slow)
while not heard: pass
call.cancel()
print(call.done(), file=sys.stderr)
gate.set()
from streamipc._updates import Listener
idle = threading.Event()
Listener(session._asking._callbacks, print).end(idle.set)
idle.wait(10)
""", [self.progress(b"a"), self.progress(b"b")])
        self.assertEqual("True\na+0\n", heard)


class Overdue(unittest.TestCase):
    def hanging_call(self, timeout_seconds):
        """Returns a call whose callback hangs until the end of the test."""
        gate, entered = threading.Event(), threading.Event()
        self.addCleanup(gate.set)
        listener = Listener(Callbacks(), lambda _: entered.set() or gate.wait(20))
        call = Call(1, timeout_seconds, listener)
        listener.take("update", 1, 0)
        self.assertTrue(entered.wait(10))
        return call

    def test_a_call_that_nobody_waits_for_is_done_by_its_deadline(self):
        call = self.hanging_call(0.05)
        call.answered("done", None)
        end = time.monotonic() + 10
        while not call.done():
            self.assertLess(time.monotonic(), end, "not done")
        self.assertGreaterEqual(time.monotonic(), call.deadline)
        self.assertEqual("done", call.result(0))

    def test_an_answer_right_behind_the_deadline_wakes_who_waits(self):
        call = self.hanging_call(0.0)
        self.assertRaises(TimeoutError, call.result, 0.01)
        results = []
        waiter = threading.Thread(target=lambda: results.append(call.result(10)))
        waiter.start()
        call.answered("done", None)
        waiter.join(5)
        self.assertEqual(["done"], results)


if __name__ == "__main__":
    unittest.main()
