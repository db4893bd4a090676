"""A handler whose caller waits no more shows where it is stuck."""
import unittest
from time import monotonic
from unittest import mock

from fake_parent import PROLOGUE, Errors, Gate, Parent
from streamipc._late import Late

STUCK = PROLOGUE + """
def stuck_here():
    os.read(%d, 1)
@session.on_request(Ask)
def handle(ask):
    stuck_here()
    return Answer("at last")
session.serve()
"""


class Dumps(unittest.TestCase):
    def test_a_late_handler_shows_its_stack_on_stderr(self):
        with Errors() as errors, Gate() as gate:
            with Parent(STUCK % gate.fds, stderr=errors.write, pass_fds=gate.fds) as parent:
                parent.open()
                parent.ask(1, left_ms=1000)
                told = errors.line()
                while "in stuck_here" not in told:
                    told += errors.line()
                self.assertIn("handler runs on behind its deadline: id=0000000000000001, lateMs=", told)
                gate.open()
                self.assertEqual(("REPLY", 1, {"type": "Answer", "text": "at last"}), parent.answer())


class Rules(unittest.TestCase):
    def looks(self, *rounds):
        """Returns how often stacks were dumped."""
        with mock.patch("faulthandler.dump_traceback") as dump, mock.patch("streamipc._late.log"):
            late = Late()
            for running, is_quiet_over in rounds:
                if is_quiet_over:
                    late._quiet_until = 0.0
                late.look(running)
            return dump.call_count

    def test_each_request_is_shown_once(self):
        now = monotonic()
        one, other = (1, now - 1), (2, now - 2)
        self.assertEqual(1, self.looks(([one], True), ([one], True)))
        self.assertEqual(2, self.looks(([one], True), ([one, other], True)))
        self.assertEqual(2, self.looks(([one], True), ([], True), ([one], True)), "an id that was used again")

    def test_many_are_not_shown_at_once(self):
        now = monotonic()
        self.assertEqual(1, self.looks(([(1, now - 1)], True), ([(2, now - 1)], False)))
        self.assertEqual(2, self.looks(([(1, now - 1)], True), ([(2, now - 1)], False), ([(2, now - 1)], True)))

    def test_what_is_in_time_or_has_all_the_time_is_not_shown(self):
        self.assertEqual(0, self.looks(([(1, None), (2, monotonic() + 60), (3, monotonic() - 0.01)], True)))


if __name__ == "__main__":
    unittest.main()
