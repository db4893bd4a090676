"""What is used as it can't be used is refused at once, by a word that says what was meant."""
import copy
import enum
import pickle
import sys
import typing
import unittest

from child_types import Ask
from fake_parent import environment
from streamipc import (
    Cancelled, ChildDied, DeadlinePassed, IpcFailure, Phase, ProtocolError, Rejected, RemoteFailure,
    Session, SessionClosed, StartFailed, Undecodable, message,
)
from streamipc._failure_json import read
from test_spawn import CHILD, spawn


class Starts(unittest.TestCase):
    def test_a_child_that_writes_junk_without_end_does_not_pass_for_one_that_starts(self):
        with self.assertLogs("streamipc", "WARNING"), self.assertRaisesRegex(StartFailed, "no hello from the child"):
            Session.spawn([sys.executable, "-c", "while True: print('y' * 4000)"], start_timeout=0.5)

    def test_times_and_limits_are_numbers(self):
        for name, values in (("start_timeout", (float("nan"), float("inf"), 1e12)), ("max_payload_bytes", (1e6, None, 1))):
            for value in values:
                with self.assertRaisesRegex(ValueError, "start timeout out of range|limit too small"):
                    Session.spawn([sys.executable, "-c", CHILD], env=environment(), **{name: value})


class Declarations(unittest.TestCase):
    def test_only_plain_classes_are_messages(self):
        for one in (5, len, lambda: 1, enum.Enum("Colour", "RED"), typing.NamedTuple("Pair", [("x", int)])):
            with self.assertRaisesRegex(TypeError, "no class that can be a message"):
                message(one)
        with self.assertRaisesRegex(TypeError, "logical name is no text: name=5"):
            message(name=5)(type("Numbered", (), {}))

    def test_handlers_are_functions_of_messages(self):
        with spawn() as child:
            for take in (child.on_request, child.on_message, child.on_upload):
                with self.assertRaisesRegex(TypeError, "handler can't be called: handler=5"):
                    take(Ask, 5)
                # Without the class, as in `@session.on_request` right above a function.
                for one in (lambda ask: ask, 5, int):
                    with self.assertRaisesRegex(TypeError, "no message of this session"):
                        take(one)

    def test_what_a_function_is_to_return_can_be_returned(self):
        with spawn() as child, self.assertRaisesRegex(TypeError, "no JSON form: function=f, returns=<class 'complex'>"):
            child.call("f", returns=complex)


class Failures(unittest.TestCase):
    def test_failures_travel_between_processes_of_a_pool(self):
        for failure in (Rejected("UNHANDLED", "x"), Undecodable("ANSWER", "HERE", None, "c"), DeadlinePassed(Phase.SENT, 5),
                        Cancelled(Phase.RUNNING, "r"), SessionClosed(Phase.QUEUED, "STREAM", "w"),
                        RemoteFailure("KeyError", None, "stack"), ProtocolError(Phase.SENT, "rule"), StartFailed("why")):
            for back in (pickle.loads(pickle.dumps(failure)), copy.copy(failure)):
                self.assertIs(type(failure), type(back))
                self.assertEqual((str(failure), vars(failure)), (str(back), vars(back)))
                self.assertIsInstance(back, IpcFailure)

    def test_what_a_failure_says_can_be_printed(self):
        failure = read(b'{"failure":"RemoteFailure","type":"E\\udc00","message":"a\\ud800","stack":"b\\ud800"}')
        self.assertEqual("handler failed: type=E?, message=a?", str(failure))
        self.assertEqual("b?", failure.remote_stack)

    def test_the_report_of_a_child_travels_along(self):
        with spawn(CHILD) as child:
            call = child.request(Ask("hang"))
            child._way.kill()
            died = call.exception()
        back = pickle.loads(pickle.dumps(died))
        self.assertIsInstance(back, ChildDied)
        self.assertEqual(("SIGKILL", str(died)), (back.report.signal, str(back)))

    def test_the_reason_of_a_cancel_may_be_anything(self):
        with spawn() as child:
            call = child.request(Ask("hang"))
            call.cancel(KeyError("x"))
            self.assertIn("reason='x'", str(call.exception()))


if __name__ == "__main__":
    unittest.main()
