"""A real child interpreter, asked by a parent written by hand."""
import os
import select
import subprocess
import unittest

from fake_parent import PROLOGUE, SOURCES, Gate, Parent, request
from wire import flip, frame, header


class Answers(unittest.TestCase):
    def test_hello_tells_role_types_and_limits(self):
        with Parent() as parent:
            self.assertEqual({"reads": "pump"}, parent.open())
            hello = parent.hello
            self.assertEqual(("stream-ipc", "child", [1, 1], ["json"], parent.process.pid),
                             tuple(hello[key] for key in ("protocol", "role", "versions", "serializers", "pid")))
            names = [entry["name"] for entry in hello["types"]]
            self.assertEqual(["LogMessage", "streamipc.Call", "streamipc.Value", "Ask", "Answer", "OnlyHere"], names)
            self.assertRegex(hello["name"], r"^stream-ipc 0\.1\.0, Python 3\.\d+\.\d+$")

    def test_a_request_is_answered(self):
        with Parent() as parent:
            parent.open()
            parent.ask(7, "hällo 文")
            self.assertEqual(("REPLY", 7, {"type": "Answer", "text": "HÄLLO 文"}), parent.answer())

    def test_the_example_of_the_readme_runs(self):
        with open(os.path.join(os.path.dirname(SOURCES), "README.md"), encoding="utf-8") as file:
            example = file.read().split("```python\n")[1].split("```")[0]
        with Parent(example) as parent:
            parent.open(types=[{"name": "TaskRequest"}, {"name": "LogMessage"}])
            parent.send(frame("REQUEST", b'\x00\x00\xff\xff\xff\xff{"job":"task #0"}', 1))
            self.assertEqual(("REPLY", 1, {"type": "LogMessage", "message": "TASK #0", "level": "INFO"}), parent.answer())

    def test_many_requests_in_one_write_are_answered_in_order(self):
        with Parent() as parent:
            parent.open()
            parent.send(b"".join(request(call_id, "t%d" % call_id) for call_id in range(1000)))
            for call_id in range(1000):
                self.assertEqual(("REPLY", call_id, {"type": "Answer", "text": "T%d" % call_id}), parent.answer())

    def test_requests_cut_at_every_byte_are_answered(self):
        with Parent() as parent:
            parent.open()
            data = request(1)
            for cut in range(1, len(data)):
                parent.send(data[:cut])
                parent.send(data[cut:] + frame("PING", call_id=cut))
                self.assertEqual({"REPLY", "PONG"}, {parent.answer()[0], parent.answer()[0]})

    def test_the_first_answer_that_is_not_none_wins(self):
        script = PROLOGUE + """
session.on_request(Ask, lambda ask: None)
@session.on_request(Ask)
def second(ask): return Answer("second") if ask.text == "x" else None
session.on_request(Ask, lambda ask: Answer("third") if ask.text != "y" else None)
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            for call_id, text, answer in ((1, "x", "second"), (2, "z", "third")):
                parent.ask(call_id, text)
                self.assertEqual(("REPLY", call_id, {"type": "Answer", "text": answer}), parent.answer())
            parent.ask(3, "y")
            kind, _, tree = parent.answer()
            self.assertEqual(("FAILURE", "Rejected", "UNHANDLED"), (kind, tree["failure"], tree["reason"]))

    def test_started_leaves_before_the_handler_is_entered(self):
        with Gate() as gate, Parent(gate.script, pass_fds=gate.fds) as parent:
            parent.open()
            parent.ask(5, flags=3)
            self.assertEqual(("STARTED", 5, {}), parent.answer())
            gate.open()
            self.assertEqual("REPLY", parent.answer()[0])

    def test_a_slow_handler_does_not_hold_back_the_answer_before(self):
        with Gate() as gate, Parent(gate.script, pass_fds=gate.fds) as parent:
            parent.open()
            parent.send(request(1, "fast") + request(2))
            self.assertEqual(("REPLY", 1), parent.answer()[:2])
            gate.open()
            self.assertEqual(("REPLY", 2), parent.answer()[:2])


    def test_a_slow_handler_does_not_hold_back_the_answer_of_a_slow_one(self):
        with Gate() as gate, Parent(gate.script, pass_fds=gate.fds) as parent:
            parent.open()
            parent.send(request(1) + request(2) + request(3, "fast") + request(4))
            self.assertFalse(select.select([parent.process.stdout], [], [], 0.1)[0])
            for answered in ((1,), (2, 3), (4,)):
                gate.open()
                for call_id in answered:
                    self.assertEqual(("REPLY", call_id), parent.answer()[:2])


class Failures(unittest.TestCase):
    def test_a_handler_that_raises_fails_its_call_alone(self):
        script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask):
    if ask.text == "bad": raise ValueError("no good: ü \\ud800")
    return Answer("ok")
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.ask(1, "bad")
            parent.ask(2, "good")
            kind, call_id, tree = parent.answer()
            self.assertEqual(("FAILURE", 1, "RemoteFailure", "ValueError", "no good: ü ?"),
                             (kind, call_id, tree["failure"], tree["type"], tree["message"]))
            self.assertIn("in handle", tree["stack"])
            self.assertEqual(("REPLY", 2, {"type": "Answer", "text": "ok"}), parent.answer())

    def test_a_failure_is_cut_to_the_limit_of_the_caller(self):
        script = PROLOGUE + """
class Odd(Exception):
    def __str__(self): raise SystemExit
@session.on_request(Ask)
def handle(ask):
    raise Odd(1) if ask.text == "odd" else ValueError("ü" * 100000)
session.serve()
"""
        with Parent(script) as parent:
            parent.open(limits={"maxPayloadBytes": 4096})
            parent.ask(1)
            _, _, _, payload = parent.next()
            self.assertLessEqual(len(payload), 4096)
            parent.ask(2, "odd")
            self.assertEqual("no text: str() raised SystemExit", parent.answer()[2]["message"])

    def test_an_argument_that_can_not_be_read_is_undecodable(self):
        bodies = {
            b"\x00\x00\xff\xff\xff\xff" + b'{"text":5}': ("Ask", "field text: expected text, found integer 5"),
            b"\x00\x00\xff\xff\xff\xff" + b'{"text":': ("Ask", "Expecting value"),
            b"\x00\x03\xff\xff\xff\xff{}": (None, "type is not registered here: type=Only.There"),
            b"\x00\x63\xff\xff\xff\xff{}": (None, "type is not in the table: number=99, types=4"),
            b"\x00\x00\xff": (None, "request without a head"),
        }
        with Parent() as parent:
            parent.open()
            for call_id, (payload, (name, cause)) in enumerate(bodies.items()):
                parent.send(frame("REQUEST", payload, call_id))
                kind, got, tree = parent.answer()
                self.assertEqual(("FAILURE", call_id, "Undecodable", "ARGUMENT", name),
                                 (kind, got, tree["failure"], tree["subject"], tree["type"]))
                self.assertIn(cause, tree["cause"])

    def test_an_answer_that_can_not_be_sent_is_undecodable(self):
        script = PROLOGUE + """
answers = {"text": "just text", "wrong": Answer(5), "here": OnlyHere("x"), "large": Answer("x" * 5000)}
session.on_request(Ask, lambda ask: answers[ask.text])
session.serve()
"""
        causes = {
            "text": "type=str, missing=here", "wrong": "field text: expected str, found integer 5",
            "here": "type=OnlyHere, missing=there",
            "large": "answer over the limit: payloadBytes=5013, maxPayloadBytes=4096",
        }
        with Parent(script) as parent:
            parent.open(limits={"maxPayloadBytes": 4096})
            for call_id, (text, cause) in enumerate(causes.items()):
                parent.ask(call_id, text)
                kind, got, tree = parent.answer()
                self.assertEqual(("FAILURE", call_id, "Undecodable", "ANSWER"),
                                 (kind, got, tree["failure"], tree["subject"]))
                self.assertIn(cause, tree["cause"])

    def test_a_deadline_that_has_passed_is_told(self):
        with Parent() as parent:
            parent.open()
            parent.ask(1, left_ms=0, flags=3)
            self.assertEqual(("FAILURE", 1, {"failure": "DeadlinePassed", "phase": "QUEUED"}), parent.answer())

    def test_a_cancelled_request_is_not_started(self):
        with Parent() as parent:
            parent.open()
            parent.send(request(1) + request(2) + frame("CANCEL", b"why", 2) + request(3) + frame("CANCEL", b"", 9))
            self.assertEqual([1, 3], [parent.answer()[1], parent.answer()[1]])
            parent.ask(2, "again")
            self.assertEqual(("REPLY", 2, {"type": "Answer", "text": "AGAIN"}), parent.answer())

    def test_whatever_else_a_handler_raises_the_child_lives_on(self):
        script = PROLOGUE + """
from asyncio import CancelledError
class Wordy(Exception):
    def __str__(self): return "text without arguments"
@session.on_request(Ask)
def handle(ask): raise {"c": CancelledError("stop"), "g": GeneratorExit(), "w": Wordy(), "e": ValueError("")}[ask.text]
@session.on_message(LogMessage)
def hear(_): raise CancelledError()
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.notify("LogMessage", message="x")
            for call_id, text in enumerate("cgwe", 1):
                parent.ask(call_id, text)
            trees = [parent.answer()[2] for _ in range(4)]
            self.assertEqual(["stop", None, "text without arguments", ""], [tree["message"] for tree in trees])
            self.assertEqual("GeneratorExit", trees[1]["type"])

    def test_sys_exit_in_a_handler_answers_says_goodbye_and_exits(self):
        script = PROLOGUE + "session.on_request(Ask, lambda ask: sys.exit(7))\nsession.serve()\n"
        with Parent(script) as parent:
            parent.open()
            parent.ask(1)
            self.assertEqual({"REMOTE": "SystemExit", "GOODBYE": "CLOSED"},
                             dict([("REMOTE", parent.answer()[2]["type"]), ("GOODBYE", parent.answer()[2]["reason"])]))
            self.assertIsNone(parent.next())
            self.assertEqual(7, parent.exit_code())

    def test_sys_exit_in_a_handler_waits_for_answers_that_have_no_room(self):
        script = PROLOGUE + """
def handle(ask):
    if ask.text == "long":
        return Answer("x" * 200000)
    os.write(2, b"leaving")
    sys.exit(7)
session.on_request(Ask, handle)
try:
    session.serve()
except SystemExit as error:
    os._exit(error.code)
"""
        with Parent(script, stderr=subprocess.PIPE) as parent, parent.process.stderr as stderr:
            parent.open("pump")
            parent.send(b"".join(request(call_id, "long") for call_id in range(30)) + request(30))
            self.assertEqual(b"leaving", stderr.read(7))
            kinds = [parent.answer()[0] for _ in range(32)]
            self.assertEqual(["REPLY"] * 30 + ["FAILURE", "GOODBYE"], kinds)
            self.assertEqual(7, parent.exit_code())


class Damage(unittest.TestCase):
    def test_junk_on_stdin_is_logged_and_skipped(self):
        with Parent() as parent:
            parent.send(b"hello from a shell\n")
            parent.open()
            parent.send(b"!" * 100 + request(1) + b"more" + request(2))
            self.assertEqual([1, 2], [parent.answer()[1], parent.answer()[1]])
            self.assertIn("junk on stdin: bytes=19, text='hello from a shell\\n'", parent.stderr())

    def test_a_damaged_argument_fails_its_call_alone(self):
        with Parent() as parent:
            parent.open()
            parent.send(flip(request(1), 40) + request(2))
            kind, call_id, tree = parent.answer()
            self.assertEqual(("FAILURE", 1, "Undecodable"), (kind, call_id, tree["failure"]))
            self.assertEqual(2, parent.answer()[1])

    def test_void_pong_and_late_answers_are_skipped(self):
        with Parent() as parent:
            parent.open()
            parent.send(frame("VOID", b"x" * 50, 3) + frame("PONG", call_id=3) + frame("REPLY", b"\x00\x01{}", 3)
                        + frame("STARTED", call_id=3) + frame("PROGRESS", b"\x00\x01{}", 3))
            parent.send(frame("FAILURE", b"{}", 3) + frame("PING", call_id=4))
            self.assertEqual(("PONG", 4, {}), parent.answer())

    def test_a_broken_rule_ends_the_session_and_is_told(self):
        cases = {
            "second hello": frame("HELLO", b"{}", salt=bytes(4)),
            "wrong id": request(1 << 63),
            "in flight": request(1) + request(1),
            "ping with a wrong id": frame("PING", call_id=1 << 63),
            "unknown kind": frame(17, b""),
            "over the limit": header("REQUEST", 1, 1, (16 << 20) + 1),
            "unknown reads": frame("READY", b'{"reads":"never"}'),
        }
        for text, data in cases.items():
            with self.subTest(text), Parent() as parent:
                parent.open()
                parent.send(data)
                kind, _, tree = parent.answer()
                while kind != "GOODBYE":
                    kind, _, tree = parent.answer()
                self.assertEqual("PROTOCOL_ERROR", tree["reason"])
                self.assertIn(text, tree["text"])
                while parent.next() is not None:
                    continue
                self.assertEqual(1, parent.exit_code())
                self.assertIn("ProtocolError: protocol error: ", parent.stderr())


class Opening(unittest.TestCase):
    def test_a_parent_that_does_not_fit_is_refused_by_name(self):
        cases = {
            "role='child'": {"role": "child"}, "versions=[2, 3]": {"versions": [2, 3]},
            "serializers=['kryo']": {"serializers": ["kryo"]}, "protocol='other'": {"protocol": "other"},
            "maxPayloadBytes=12": {"limits": {"maxPayloadBytes": 12}}, "salt='zz'": {"salt": "zz"},
        }
        for text, changes in cases.items():
            with self.subTest(text), Parent() as parent:
                parent.send_hello(**changes)
                parent.read_hello()
                kind, _, tree = parent.answer()
                self.assertEqual(("GOODBYE", "REFUSED"), (kind, tree["reason"]))
                self.assertIn("can't talk to fake parent: " + text, tree["text"])
                self.assertIn("stream-ipc 0.1.0, Python", tree["text"])
                self.assertEqual(1, parent.exit_code())
                self.assertIn("StartFailed: start failed: stream-ipc 0.1.0", parent.stderr())

    def test_a_parent_that_says_nothing_is_given_up(self):
        with Parent(PROLOGUE.replace("stdio()", "stdio(start_timeout=0.1)")) as parent:
            parent.read_hello()
            self.assertEqual("REFUSED", parent.answer()[2]["reason"])
            self.assertEqual(1, parent.exit_code())
            self.assertIn("no hello from the parent: startTimeoutMs=100", parent.stderr())

    def test_a_refusal_of_the_parent_ends_the_child(self):
        with Parent() as parent:
            parent.send_hello()
            parent.read_hello()
            parent.goodbye("REFUSED")
            self.assertIn("GOODBYE", [parent.answer()[0], (parent.answer() or [None])[0]])
            self.assertEqual(1, parent.exit_code())
            self.assertIn("StartFailed: start failed: test", parent.stderr())

    def test_nothing_of_the_user_leaves_before_the_parent_is_ready(self):
        script = PROLOGUE + 'session.notify(LogMessage("early"))\nsession.serve()\n'
        with Parent(script) as parent:
            parent.send_hello()
            parent.read_hello()
            parent.send(frame("PING", call_id=1))
            self.assertEqual({"READY", "PONG"}, {parent.answer()[0], parent.answer()[0]})
            parent.send(frame("READY", b'{"reads":"reader"}'))
            self.assertEqual(("NOTIFY", 0, {"type": "LogMessage", "message": "early", "level": "INFO"}),
                             parent.answer())

    def test_answers_wait_for_the_ready_of_the_parent(self):
        with Parent() as parent:
            parent.send_hello()
            parent.read_hello()
            self.assertEqual("READY", parent.answer()[0])
            parent.ask(1)
            parent.send(frame("PING", call_id=2))
            self.assertEqual("PONG", parent.answer()[0])
            parent.send(frame("PING", call_id=3))
            self.assertEqual("PONG", parent.answer()[0])
            parent.send(frame("READY", b'{"reads":"reader"}'))
            self.assertEqual(("REPLY", 1), parent.answer()[:2])

    def test_a_type_declared_too_late_is_refused_with_advice(self):
        script = PROLOGUE + """
@message
class Late: pass
for use in (lambda: session.on_request(Late, print), lambda: session.notify(Late()), lambda: session.call(Late())):
    try: use()
    except (TypeError, Rejected) as error: print(error, file=sys.stderr)
session.serve()
"""
        with Parent(script) as parent:
            parent.send_hello()
            parent.send(frame("READY", b'{"reads":"reader"}'))
            parent.goodbye()
            self.assertEqual(0, parent.exit_code())
            self.assertEqual(3, parent.stderr().count("declare it with @message before Session.stdio()"))


class Surrogates(unittest.TestCase):
    def test_half_a_surrogate_pair_is_refused_with_its_field(self):
        script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask):
    if ask.text == "ask":
        try:
            session.call(Ask("a\\ud83d"))
        except Undecodable as refused:
            return Answer(str(refused))
    return Answer("b\\udcff")
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.ask(1, "ask")
            answer = parent.answer()
            self.assertEqual("REPLY", answer[0], answer)
            self.assertIn("field text: expected text of whole characters, found a lone surrogate", answer[2]["text"])
            parent.ask(3)
            _, _, tree = parent.answer()
            self.assertEqual(("Undecodable", "ANSWER"), (tree["failure"], tree["subject"]))
            self.assertIn("field text: expected text of whole characters, found a lone surrogate", tree["cause"])


if __name__ == "__main__":
    unittest.main()
