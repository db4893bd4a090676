"""Streams of parts that a child asks for, and those that it brings."""
import unittest

from stream_parent import BRINGS, PROLOGUE, TYPES, WANTS, StreamParent, demand, last, part
from wire import WANT_PARTS, WANT_STARTED, flip, frame

from fake_parent import Parent, child_id

FIRST = child_id(0)
ASKING = PROLOGUE + """
def told(text):
    print(text, file=sys.stderr, flush=True)
def run():
    try:
%s
    except IpcFailure as failure:
        told("%%s %%s" %% (type(failure).__name__, failure.certainty.name))
    session.close()
threading.Thread(target=run).start()
session.serve()
"""


def asking(*lines):
    """Returns a child that does this on a thread of its own, tells how it failed, and closes."""
    return ASKING % "\n".join("        " + line for line in lines)


READ_ALL = asking("with session.stream(Read(5), Line) as lines: told([line.number for line in lines])")
UPLOAD = asking("told(session.upload(Read(5), (Line(at) for at in range(100))).text)")


class Conversation(unittest.TestCase):
    def start(self, script):
        parent = StreamParent(script)
        self.addCleanup(parent.__exit__)
        parent.open_streams()
        kind, flags, call_id, _ = parent.next()
        self.assertEqual(("REQUEST", FIRST), (kind, call_id))
        if flags & WANT_PARTS:
            self.expect(parent, ("DEMAND", FIRST, 16))
        return parent, flags

    def expect(self, parent, *told):
        for one in told:
            self.assertEqual(one, parent.told())

    def ends(self, parent, text):
        told = parent.told()
        while told is not None:
            told = parent.told()
        parent.exit_code()
        lines = parent.stderr().splitlines()
        self.assertTrue([line for line in lines if line.startswith(text)], lines)


class Asked(Conversation):
    def test_parts_are_asked_for_ahead_and_handed_out(self):
        parent, flags = self.start(READ_ALL)
        self.assertEqual(WANTS, flags)
        parent.send(b"".join(part(FIRST, at) for at in range(8)))
        self.expect(parent, ("DEMAND", FIRST, 24))
        parent.send(last(FIRST, 8))
        self.ends(parent, str(list(range(8))))

    def test_word_of_the_start_is_asked_for_where_it_is_wanted(self):
        for script in (asking("list(session.stream(Read(5), Line, tell_started=True))"),
                       asking("session.upload(Read(5), [], tell_started=True)")):
            self.assertTrue(self.start(script)[1] & WANT_STARTED)

    def test_a_failure_is_raised_behind_the_parts_before_it(self):
        parent, _ = self.start(asking("for line in session.stream(Read(5), Line): told(line.number)"))
        parent.send(part(FIRST, 0))
        parent.fail(FIRST, failure="RemoteFailure", type="X", message="no", stack="")
        self.ends(parent, "RemoteFailure EXECUTED")
        self.assertIn("0\n", parent.stderr())

    def test_closing_early_cancels(self):
        parent, _ = self.start(asking("with session.stream(Read(5), Line) as lines: told(next(lines).number)",
                                      "told(list(lines))"))
        parent.send(part(FIRST, 0) + part(FIRST, 1))
        self.expect(parent, ("CANCEL", FIRST, "the stream was closed before its end"))
        parent.send(part(FIRST, 2) + last(FIRST, 3))
        self.ends(parent, "[]")

    def test_the_deadline_is_for_the_whole_stream(self):
        parent, _ = self.start(asking("for line in session.stream(Read(5), Line, deadline=0.4): told(line.number)"))
        parent.send(part(FIRST, 0))
        self.ends(parent, "DeadlinePassed")

    def test_what_can_not_be_read_ends_the_call(self):
        for bad, cause in ((part(FIRST, 1), "lost"), (last(FIRST, 1), "lost"), (flip(part(FIRST, 0), 40), "CRC"),
                           (part(FIRST, 0, "text"), "field number"), (part(FIRST, 0, 1, 2), "type"),
                           (frame("PART", bytes(3), FIRST), "number"), (part(FIRST, 0, 1, 0), "expected a part")):
            with self.subTest(cause=cause):
                parent, _ = self.start(READ_ALL)
                parent.send(bad)
                self.assertEqual("CANCEL", parent.told()[0])
                self.ends(parent, "Undecodable EXECUTED")

    def test_a_part_that_can_not_be_read_cancels_a_stream_that_nobody_closes(self):
        parent, _ = self.start(asking("for line in session.stream(Read(5), Line): told(line.number)"))
        parent.send(part(FIRST, 0, "text"))
        self.assertEqual("CANCEL", parent.told()[0])
        self.ends(parent, "Undecodable EXECUTED")

    def test_a_reply_in_place_of_parts_can_not_be_read(self):
        parent, _ = self.start(READ_ALL)
        parent.send(frame("REPLY", b'\x00\x02{"text":"x"}', FIRST))
        self.ends(parent, "Undecodable EXECUTED")

    def test_a_part_beyond_the_demand_ends_the_session(self):
        for script, early in ((READ_ALL, part(FIRST, 16)), (asking("session.call(Read(1))"), part(FIRST, 0))):
            parent, _ = self.start(script)
            parent.send(early)
            told = parent.told()
            while told[0] != "GOODBYE":
                told = parent.told()
            self.assertEqual("PROTOCOL_ERROR", told[2]["reason"])

    def test_the_end_of_the_session_ends_a_stream(self):
        parent, _ = self.start(READ_ALL)
        parent.send(part(FIRST, 0))
        parent.process.stdin.close()
        self.ends(parent, "SessionClosed EXECUTED")

    def test_a_side_without_streams_is_not_asked(self):
        for script in (READ_ALL, UPLOAD):
            with Parent(script) as parent:
                # Without READY: the child may have ended before it is sent.
                parent.send_hello(types=TYPES)
                parent.read_hello()
                while parent.next() is not None:
                    continue
                parent.exit_code()
                self.assertEqual("Rejected NOT_EXECUTED\n", parent.stderr())

    def test_no_class_of_parts_is_a_mistake_that_is_told_at_once(self):
        parent = StreamParent(PROLOGUE + "session.stream(Read(1), 'Line')\n")
        self.addCleanup(parent.__exit__)
        parent.send_hello()
        self.assertEqual(1, parent.exit_code())
        self.assertIn("TypeError", parent.stderr())


class Bringing(Conversation):
    def test_parts_leave_as_they_are_wanted_and_the_answer_is_returned(self):
        parent, flags = self.start(UPLOAD.replace("100", "3"))
        self.assertEqual(BRINGS, flags)
        parent.send(frame("PING", call_id=1))
        self.expect(parent, ("PONG", 1, None))
        parent.send(demand(FIRST, 2))
        self.expect(parent, ("PART", FIRST, (0, 0)), ("PART", FIRST, (1, 1)))
        parent.send(demand(FIRST, 9))
        self.expect(parent, ("PART", FIRST, (2, 2)), ("LAST", FIRST, 3))
        parent.send(frame("REPLY", b'\x00\x02{"text":"thanks"}', FIRST))
        self.ends(parent, "thanks")

    def test_an_early_answer_ends_the_sending(self):
        parent, _ = self.start(UPLOAD)
        parent.send(demand(FIRST, 1))
        self.expect(parent, ("PART", FIRST, (0, 0)))
        parent.send(frame("REPLY", b'\x00\x02{"text":"enough"}', FIRST))
        self.ends(parent, "enough")

    def test_an_early_failure_ends_the_sending(self):
        parent, _ = self.start(UPLOAD)
        parent.fail(FIRST, failure="Rejected", reason="UNHANDLED", facts="")
        self.ends(parent, "Rejected NOT_EXECUTED")

    def test_parts_that_fail_cancel_the_call_and_close_what_brings_them(self):
        parent, _ = self.start(asking("def parts():", "    try: yield Line(1); yield Line('x')", "    finally: told('closed')",
                                      "session.upload(Read(1), parts())"))
        parent.send(demand(FIRST, 9))
        self.expect(parent, ("PART", FIRST, (0, 1)), ("CANCEL", FIRST, "the parts ended by Undecodable"))
        self.ends(parent, "Undecodable NOT_EXECUTED")
        self.assertIn("closed\n", parent.stderr())

    def test_the_deadline_ends_the_wait_for_demand(self):
        parent, _ = self.start(UPLOAD.replace("range(100))", "range(100)), deadline=0.4"))
        self.ends(parent, "DeadlinePassed MAYBE_EXECUTED")

    def test_a_demand_that_is_none_ends_the_session(self):
        parent, _ = self.start(UPLOAD)
        parent.send(frame("DEMAND", b"12", FIRST))
        self.assertIn("demand without a number", parent.told()[2]["text"])


if __name__ == "__main__":
    unittest.main()
