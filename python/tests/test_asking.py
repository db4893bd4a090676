"""A child that asks its parent: answers, failures, deadlines, cancels, and what is known of a call that ended."""
import unittest

from fake_parent import PROLOGUE, Errors, Gate, Parent, child_id
from wire import flip, frame

# Says in its answer how its own call ended.
NESTED = PROLOGUE + """
@session.on_request(Ask)
def handle(ask):
    try:
        return Answer("got " + session.call(Ask("back " + ask.text), %s).text)
    except IpcFailure as failure:
        return Answer("%%s %%s: %%s" %% (type(failure).__name__, failure.certainty.name, failure))
session.serve()
"""
MAIN = PROLOGUE + """
def told(call):
    failure = call.exception(10)
    return "%s %s" % (type(failure).__name__, failure.certainty.name) if failure else call.result().text
"""
FIRST, SECOND = child_id(0), child_id(1)


class Nested(unittest.TestCase):
    def test_a_handler_may_ask_back(self):
        with Parent(NESTED % "30.0") as parent:
            self.assertEqual({"reads": "pump"}, parent.open())
            for turn in range(3):
                parent.ask(turn, "x")
                self.assertEqual(("REQUEST", child_id(turn), {"type": "Ask", "text": "back x"}), parent.answer())
                parent.reply(child_id(turn), text="y")
                self.assertEqual(("REPLY", turn, {"type": "Answer", "text": "got y"}), parent.answer())

    def test_requests_behind_wait_while_a_handler_asks(self):
        with Parent(NESTED % "30.0") as parent:
            parent.open()
            parent.ask(1, "x")
            parent.ask(2, "x")
            self.assertEqual(("REQUEST", FIRST), parent.answer()[:2])
            parent.send(frame("PING", call_id=8))
            self.assertEqual(("PONG", 8), parent.answer()[:2])
            parent.reply(FIRST, text="y")
            self.assertEqual({("REPLY", 1), ("REQUEST", SECOND)}, {parent.answer()[:2], parent.answer()[:2]})
            parent.reply(SECOND, text="z")
            self.assertEqual(("REPLY", 2, {"type": "Answer", "text": "got z"}), parent.answer())

    def test_failures_of_the_parent_reach_the_handler(self):
        cases = (
            ({"failure": "RemoteFailure", "type": "a.B", "message": None, "stack": ""},
             "RemoteFailure EXECUTED: handler failed: type=a.B, message=None"),
            ({"failure": "Rejected", "reason": "UNHANDLED", "facts": "type=Ask"},
             "Rejected NOT_EXECUTED: rejected: reason=UNHANDLED, type=Ask"),
            ({"failure": "Undecodable", "subject": "ARGUMENT", "type": "Ask", "cause": "no"},
             "Undecodable NOT_EXECUTED: undecodable payload: subject=ARGUMENT, side=THERE, type=Ask, cause=no"),
            ({"failure": "DeadlinePassed"}, "DeadlinePassed NOT_EXECUTED: deadline passed: phase=QUEUED"),
            ({"failure": "Later", "message": "m"}, "RemoteFailure EXECUTED: handler failed: type=Later, message=m"),
        )
        with Parent(NESTED % "30.0") as parent:
            parent.open()
            for turn, (tree, text) in enumerate(cases):
                parent.ask(turn, "x")
                parent.answer()
                parent.fail(child_id(turn), **tree)
                self.assertEqual(text, parent.answer()[2]["text"])

    def test_an_answer_that_can_not_be_read_is_undecodable(self):
        # Of types the second is `Answer`; a fourth is not known.
        names = ("Answer", None, None, None)
        answers = (frame("REPLY", b"\x00\x01[]", FIRST), flip(frame("REPLY", b"\x00\x01{}", SECOND), 25),
                   frame("FAILURE", b"[]", child_id(2)), frame("REPLY", b"\x00\x03{}", child_id(3)))
        with Parent(NESTED % "30.0") as parent:
            parent.open()
            for turn, data in enumerate(answers):
                parent.ask(turn, "x")
                parent.answer()
                parent.send(data)
                self.assertIn(f"Undecodable EXECUTED: undecodable payload: subject=ANSWER, side=HERE, type={names[turn]}",
                              parent.answer()[2]["text"])


class Endings(unittest.TestCase):
    def test_a_deadline_ends_a_call_that_nobody_answers(self):
        with Parent(NESTED % "0.05") as parent:
            parent.open()
            parent.ask(1, "x")
            kind, flags, call_id, payload = parent.next()
            self.assertEqual(("REQUEST", 1, 50), (kind, flags, int.from_bytes(payload[2:6], "big")))
            self.assertEqual("DeadlinePassed MAYBE_EXECUTED: deadline passed: phase=SENT, limitMs=50",
                             parent.answer()[2]["text"])

    def test_a_deadline_behind_started_says_that_the_call_was_executed(self):
        with Parent(NESTED % "1.0") as parent:
            parent.open()
            parent.ask(1, "x")
            self.assertEqual(("REQUEST", FIRST), parent.answer()[:2])
            parent.send(frame("STARTED", call_id=FIRST))
            self.assertEqual("DeadlinePassed EXECUTED: deadline passed: phase=RUNNING, limitMs=1000",
                             parent.answer()[2]["text"])

    def test_a_call_that_never_left_was_not_executed(self):
        script = MAIN + """
calls = [session.request(Ask(str(number)), timeout) for number, timeout in enumerate((0.01, 30, 30))]
calls[1].cancel("no need")
print("ended:", told(calls[0]), told(calls[1]), file=sys.stderr, flush=True)
session.on_request(Ask, lambda ask: Answer("x"))
print("then:", told(calls[2]), file=sys.stderr, flush=True)
session.serve()
"""
        with Errors() as errors, Parent(script, stderr=errors.write) as parent:
            parent.send_hello()
            parent.read_hello()
            self.assertEqual(b'{"reads":"reader"}', parent.next()[3])
            self.assertEqual("ended: DeadlinePassed NOT_EXECUTED Cancelled NOT_EXECUTED", errors.line())
            parent.send(frame("READY", b'{"reads":"reader"}'))
            self.assertEqual(["VOID", "VOID"], [parent.next()[0], parent.next()[0]])
            self.assertEqual(("REQUEST", child_id(2), {"type": "Ask", "text": "2"}), parent.answer())
            parent.reply(child_id(2), text="fine")
            self.assertEqual("then: fine", errors.line())

    def test_what_leaves_before_the_other_side_is_ready_takes_no_held_call_along(self):
        with Gate() as gate, Errors() as errors:
            script = MAIN + """
call = session.request(Ask("x"))
os.read(%d, 1)
call.cancel("no need")
print(told(call), file=sys.stderr, flush=True)
session.serve()
""" % gate.fds
            with Parent(script, stderr=errors.write, pass_fds=gate.fds) as parent:
                parent.send_hello()
                parent.read_hello()
                self.assertEqual("READY", parent.next()[0])
                parent.send(frame("PING", call_id=1))
                self.assertEqual("PONG", parent.next()[0])
                gate.open()
                self.assertEqual("Cancelled NOT_EXECUTED", errors.line())
                parent.send(frame("READY", b'{"reads":"reader"}'))
                self.assertEqual("VOID", parent.next()[0])

    def test_a_timeout_that_is_no_time_is_refused(self):
        script = PROLOGUE + """
for timeout in (float("inf"), float("nan"), 1e300):
    try: session.request(Ask("x"), timeout)
    except ValueError as error: print(error, file=sys.stderr)
session.close()
"""
        with Parent(script) as parent:
            parent.open()
            self.assertEqual("GOODBYE", parent.answer()[0])
            self.assertEqual(0, parent.exit_code())
            self.assertEqual(3, parent.stderr().count("timeout out of range: timeout="), parent.stderr())

    def test_a_cancel_that_comes_late_tells_the_other_side(self):
        script = MAIN + """
@session.on_message(LogMessage)
def hear(_):
    call.cancel("no need")
    session.notify(LogMessage(told(call)))
call = session.request(Ask("x"))
session.serve()
"""
        with Parent(script) as parent:
            self.assertEqual({"reads": "reader"}, parent.open())
            self.assertEqual("REQUEST", parent.answer()[0])
            parent.notify("LogMessage", message="now")
            self.assertEqual(("CANCEL", 1, FIRST, b"no need"), parent.next())
            self.assertEqual("Cancelled MAYBE_EXECUTED", parent.answer()[2]["message"])
            parent.reply(FIRST, text="late")
            parent.send(frame("PING", call_id=1))
            self.assertEqual("PONG", parent.answer()[0])

    def test_goodbye_tells_which_calls_were_not_executed(self):
        script = MAIN + """
calls = [session.request(Ask("x")) for _ in range(3)]
results = [told(call) for call in reversed(calls)]
print(*reversed(results), told(session.request(Ask("late"))), sep="; ", file=sys.stderr)
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            for _ in range(3):
                self.assertEqual("REQUEST", parent.answer()[0])
            parent.goodbye(last_started="%016x" % SECOND)
            self.assertEqual("GOODBYE", parent.answer()[0])
            parent.reply(SECOND, text="still answered")
            parent.process.stdin.close()
            self.assertIsNone(parent.next())
            self.assertEqual(0, parent.exit_code())
            self.assertEqual("SessionClosed MAYBE_EXECUTED; still answered; SessionClosed NOT_EXECUTED;"
                             " SessionClosed NOT_EXECUTED\n", parent.stderr())

    def test_the_stream_goes_on_behind_a_goodbye_for_as_long_as_answers_are_due(self):
        for timeout, is_answered, told in ((None, True, "still answered"), (0.5, False, "DeadlinePassed MAYBE_EXECUTED")):
            script = MAIN + """
call = session.request(Ask("x"), %r)
print(told(call), file=sys.stderr)
session.serve()
""" % timeout
            with Parent(script) as parent:
                parent.open()
                self.assertEqual("REQUEST", parent.answer()[0])
                parent.goodbye(last_started="%016x" % FIRST)
                parent.send(frame("PING", call_id=1))
                self.assertEqual(["GOODBYE", "PONG"], [parent.answer()[0], parent.answer()[0]])
                if is_answered:
                    parent.reply(FIRST, text="still answered")
                self.assertIsNone(parent.next())
                self.assertEqual(0, parent.exit_code())
                self.assertEqual(told + "\n", parent.stderr())

    def test_the_end_of_the_stream_ends_all_calls(self):
        script = MAIN + """
calls = [session.request(Ask("x"), None) for _ in range(2)]
print(*map(told, calls), sep="; ", file=sys.stderr)
"""
        with Parent(script) as parent:
            parent.open()
            parent.answer(), parent.answer()
            parent.send(frame("STARTED", call_id=FIRST) + frame("READY", b'{"reads":"reader"}')[:10])
            parent.process.stdin.close()
            self.assertEqual(0, parent.exit_code())
            self.assertIn("SessionClosed EXECUTED; SessionClosed MAYBE_EXECUTED\n", parent.stderr())

    def test_close_ends_all_calls_and_says_goodbye(self):
        script = MAIN + """
with session:
    call = session.request(Ask("x"))
    while not call.is_running: pass
print(told(call), session.is_closed(), file=sys.stderr)
session.close()
"""
        with Parent(script) as parent:
            parent.open()
            self.assertEqual("REQUEST", parent.answer()[0])
            parent.send(frame("STARTED", call_id=FIRST))
            self.assertEqual(("GOODBYE", 0, {"reason": "CLOSED", "text": "closed by the child", "lastStarted": None}),
                             parent.answer())
            self.assertIsNone(parent.next())
            self.assertEqual(0, parent.exit_code())
            self.assertEqual("SessionClosed EXECUTED True\n", parent.stderr())

    def test_what_can_not_be_sent_is_refused_here(self):
        script = PROLOGUE + """
for message in (OnlyHere("x"), "text", Ask("x" * 5000), Ask(5)):
    failure = session.request(message).exception(10)
    print(type(failure).__name__, getattr(failure, "reason", ""), file=sys.stderr)
    try: session.notify(message)
    except IpcFailure as error: assert type(error) is type(failure)
session.close()
"""
        with Parent(script) as parent:
            parent.open(limits={"maxPayloadBytes": 4096})
            self.assertEqual("GOODBYE", parent.answer()[0])
            self.assertEqual(0, parent.exit_code())
            self.assertEqual("Rejected NOT_REGISTERED\nRejected NOT_REGISTERED\nRejected TOO_LARGE\nUndecodable \n",
                             parent.stderr())

    def test_another_thread_may_ask_while_the_session_is_served(self):
        script = PROLOGUE + """
@session.on_message(LogMessage)
def hear(_):
    threading.Thread(target=lambda: session.notify(LogMessage(session.call(Ask("x")).text))).start()
session.on_request(Ask, lambda ask: Answer("handled"))
session.serve()
"""
        with Parent(script) as parent:
            self.assertEqual({"reads": "pump"}, parent.open())
            parent.notify("LogMessage", message="go")
            self.assertEqual(("REQUEST", FIRST), parent.answer()[:2])
            parent.reply(FIRST, text="fine")
            self.assertEqual(("NOTIFY", 0, {"type": "LogMessage", "message": "fine", "level": "INFO"}), parent.answer())
            parent.ask(1)
            self.assertEqual("handled", parent.answer()[2]["text"])

    def test_a_thread_that_asks_while_the_other_reads_gets_a_reader(self):
        rest = """
def ask():
    while not session._reading._is_pumping: pass
    session.notify(LogMessage(session.call(Ask("x")).text))
session.on_message(LogMessage, lambda _: threading.Thread(target=ask).start())
session.serve()
"""
        with Gate(rest) as gate, Parent(gate.script, pass_fds=gate.fds) as parent:
            parent.open()
            parent.notify("LogMessage", message="go")
            self.assertEqual(("REQUEST", FIRST), parent.answer()[:2])
            parent.ask(1, flags=3)
            self.assertEqual(("STARTED", 1), parent.answer()[:2])
            parent.reply(FIRST, text="read meanwhile")
            self.assertEqual("read meanwhile", parent.answer()[2]["message"])
            gate.open()
            self.assertEqual(("REPLY", 1), parent.answer()[:2])


if __name__ == "__main__":
    unittest.main()
