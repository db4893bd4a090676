"""What a handler may do with its second parameter: hear a cancel, see its time."""
import struct
import time
import unittest

from fake_parent import PROLOGUE, Errors, Gate, Parent
from wire import PAYLOAD_CRC, frame

COOPERATIVE = PROLOGUE + """
@session.on_request(Ask)
def handle(ask, call):
    print("entered", file=sys.stderr, flush=True)
    while not call.cancelled: pass
    return Answer(call.cancel_reason)
session.serve()
"""


def cancel(call_id, reason=b"no need"):
    """Returns the frame of a cancel."""
    return frame("CANCEL", reason, call_id)


class Cancels(unittest.TestCase):
    def test_a_cancel_reaches_the_handler_that_looks_and_its_answer_is_sent(self):
        with Errors() as errors, Parent(COOPERATIVE, stderr=errors.write) as parent:
            self.assertEqual({"reads": "pump"}, parent.open())
            parent.ask(1)
            self.assertEqual("entered", errors.line())
            parent.send(cancel(1))
            self.assertEqual(("REPLY", 1, {"type": "Answer", "text": "no need"}), parent.answer())

    def test_a_cancel_that_came_before_the_handler_looked_is_known(self):
        script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask, call):
    call.cancelled
    print("entered", file=sys.stderr, flush=True)
    os.read(%d, 1)
    return Answer(str(call.cancelled))
session.serve()
"""
        with Errors() as errors, Gate() as gate:
            with Parent(script % gate.fds, stderr=errors.write, pass_fds=gate.fds) as parent:
                parent.open()
                parent.ask(1)
                self.assertEqual("entered", errors.line())
                parent.send(cancel(1, b"") + frame("PING", call_id=1))
                self.assertEqual(("PONG", 1, {}), parent.answer())
                gate.open()
                self.assertEqual("True", parent.answer()[2]["text"])

    def test_raise_if_cancelled_raises_the_reason(self):
        script = COOPERATIVE.replace("while not call.cancelled: pass", "while True: call.raise_if_cancelled()")
        with Errors() as errors, Parent(script, stderr=errors.write) as parent:
            parent.open()
            parent.ask(1)
            errors.line()
            parent.send(cancel(1))
            kind, _, tree = parent.answer()
            self.assertEqual(("FAILURE", "cancelled: phase=RUNNING, reason=no need"), (kind, tree["message"]))

    def test_the_deadline_cancels_and_its_failure_says_so(self):
        script = COOPERATIVE.replace("while not call.cancelled: pass", "while True: call.raise_if_cancelled()")
        with Parent(script) as parent:
            parent.open()
            start = time.monotonic()
            parent.ask(1, left_ms=100)
            self.assertEqual(("FAILURE", 1, {"failure": "DeadlinePassed", "phase": "RUNNING"}), parent.answer())
            self.assertGreaterEqual(time.monotonic() - start, 0.1)

    def test_a_goodbye_of_the_caller_and_the_end_of_the_stream_cancel(self):
        goodbye = b'{"reason":"CLOSED","text":"bye","lastStarted":null}'
        for ending, reason in ((frame("GOODBYE", goodbye), "the other side says: bye"),
                               (b"", "the stream ended without a goodbye")):
            script = COOPERATIVE.replace("return", "print(call.cancel_reason, file=sys.stderr, flush=True); return")
            with Errors() as errors, Parent(script, stderr=errors.write) as parent:
                parent.open()
                parent.ask(1)
                self.assertEqual("entered", errors.line())
                parent.send(ending)
                if not ending:
                    parent.process.stdin.close()
                self.assertEqual(reason, errors.line())

    def test_an_own_close_lets_the_handler_answer(self):
        script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask, call):
    session.close()
    return Answer(str(call.cancelled))
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.ask(1)
            self.assertEqual("GOODBYE", parent.answer()[0])
            self.assertEqual("False", parent.answer()[2]["text"])

    def test_nothing_is_cancelled_once_the_handler_has_returned(self):
        script = PROLOGUE + """
kept = []
@session.on_request(Ask)
def handle(ask, call):
    if kept: return Answer("%s %s" % (kept[0].cancelled, kept[0].cancel_reason))
    kept.append(call)
    return Answer("done")
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.ask(1, left_ms=1)
            parent.answer()
            parent.send(cancel(1))
            parent.ask(2)
            self.assertEqual("False None", parent.answer()[2]["text"])


class Handlers(unittest.TestCase):
    def test_only_what_needs_two_values_gets_the_call(self):
        script = PROLOGUE + """
import functools
class Both:
    def one(self, ask): return Answer("one") if ask.text == "one" else None
    def two(self, ask, call): return Answer(type(call).__name__) if ask.text == "two" else None
    def __call__(self, ask, call): return Answer("call " + type(call).__name__) if ask.text == "call" else None
def wrapped(function):
    @functools.wraps(function)
    def inner(*all): return function(*all)
    return inner
session.on_request(Ask, Both().one)
session.on_request(Ask, Both().two)
session.on_request(Ask, Both())
session.on_request(Ask, lambda ask, text="default": Answer(text) if ask.text == "default" else None)
session.on_request(Ask, functools.partial(lambda text, ask: Answer(text) if ask.text == "part" else None, "part"))
session.on_request(Ask, wrapped(lambda ask, call: Answer("wrapped " + type(call).__name__)))
session.serve()
"""
        expected = {"one": "one", "two": "RequestContext", "call": "call RequestContext", "default": "default",
                    "part": "part", "else": "wrapped RequestContext"}
        with Parent(script) as parent:
            parent.open()
            for call_id, (text, answer) in enumerate(expected.items()):
                parent.ask(call_id, text)
                self.assertEqual(("REPLY", call_id, {"type": "Answer", "text": answer}), parent.answer())


class Times(unittest.TestCase):
    def test_what_a_handler_asks_gets_the_rest_of_its_time(self):
        script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask, call):
    left = call.time_left()
    for timeout in (30, None, 0.05): session.request(Ask("x"), timeout)
    return Answer(repr(left))
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.ask(1, left_ms=5000)
            for most, least in ((5000, 1), (5000, 1), (50, 50)):
                kind, _, _, payload = parent.next()
                self.assertEqual("REQUEST", kind)
                left_ms, = struct.unpack(">I", payload[2:6])
                self.assertTrue(least <= left_ms <= most, left_ms)
            self.assertTrue(0 < float(parent.answer()[2]["text"]) <= 5)
            parent.ask(2)
            self.assertEqual([30_000, 0xFFFFFFFF, 50],
                             [struct.unpack(">I", parent.next()[3][2:6])[0] for _ in range(3)])
            self.assertEqual("None", parent.answer()[2]["text"])

    def test_a_handler_without_time_asks_nothing(self):
        script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask, call):
    while call.time_left() > 0: pass
    failure = session.request(Ask("x")).exception(0)
    return Answer(f"{failure} {call.time_left()}")
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.ask(1, left_ms=20)
            self.assertEqual("deadline passed: phase=QUEUED, limitMs=0 0.0", parent.answer()[2]["text"])

    def test_another_thread_is_not_bound_to_the_handlers_time(self):
        script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask, call):
    thread = threading.Thread(target=lambda: session.request(Ask("x")))
    thread.start()
    thread.join()
    return Answer("done")
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.ask(1, left_ms=5000)
            self.assertEqual(30_000, struct.unpack(">I", parent.next()[3][2:6])[0])


if __name__ == "__main__":
    unittest.main()
