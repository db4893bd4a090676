"""The parent ends its direction without a goodbye: perhaps it still reads."""
import unittest

from fake_parent import PROLOGUE, Errors, Gate, Parent, request


class HalfClosed(unittest.TestCase):
    def _ask_and_close(self, parent, count=30):
        parent.open("pump")
        parent.send(b"".join(request(call_id) for call_id in range(count)))
        parent.process.stdin.close()

    def test_what_was_asked_before_is_answered_begun_or_not(self):
        late = """
session._tell_ready()
session._reading.ensure_reader()
for thread in threading.enumerate():
    if thread.name == "streamipc-reader": thread.join()
"""
        for rest in ("session.serve()\n", late + "session.serve()\n"):
            with self.subTest(rest), Gate(rest) as gate, Parent(gate.script, pass_fds=gate.fds) as parent:
                self._ask_and_close(parent)
                for _ in range(30):
                    gate.open()
                kinds = [kind for kind, *_ in iter(parent.next, None)]
                self.assertEqual(["REPLY"] * 30, [kind for kind in kinds if kind != "VOID"])
                self.assertEqual(0, parent.exit_code())

    def test_answers_that_had_no_room_leave(self):
        script = PROLOGUE + """
session.on_request(Ask, lambda ask: Answer("x" * 200000))
session.serve()
"""
        with Parent(script) as parent:
            self._ask_and_close(parent)
            kinds = [kind for kind, *_ in iter(parent.next, None)]
            self.assertEqual(["REPLY"] * 30, [kind for kind in kinds if kind != "VOID"])
            self.assertEqual(0, parent.exit_code())

    def test_a_handler_is_told_when_nobody_reads_or_the_time_is_up(self):
        script = """
import streamipc._watch
streamipc._watch.OWED_SECONDS = %s
@session.on_request(Ask)
def handle(ask, call):
    print("asked", flush=True)
    while not call.cancelled:
        os.sched_yield()
    print("cancelled", flush=True)
    os._exit(7)
session.serve()
"""
        for owed_seconds, still_reads in ((60, False), (2, True)):
            with Errors() as errors, Parent(PROLOGUE + script % owed_seconds, stderr=errors.write) as parent:
                parent.open()
                parent.ask(1)
                self.assertEqual("asked", errors.line())
                if not still_reads:
                    parent.process.stdout.close()
                parent.process.stdin.close()
                self.assertEqual("cancelled", errors.line())
                self.assertEqual(7, parent.exit_code())

    def test_calls_of_the_child_end_at_once(self):
        script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask):
    failure = session.request(LogMessage("you"), None).exception()
    return Answer(type(failure).__name__ + failure.who)
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.ask(1)
            self.assertEqual("REQUEST", parent.answer()[0])
            parent.process.stdin.close()
            answers = {answer[0]: answer for answer in iter(parent.answer, None)}
            self.assertEqual("SessionClosedSTREAM", answers["REPLY"][2]["text"])
            self.assertEqual(0, parent.exit_code())


if __name__ == "__main__":
    unittest.main()
