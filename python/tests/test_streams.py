"""Streams of parts that a child answers with, and those that it is brought."""
import unittest

from stream_parent import BRINGS, FEATURES, PROLOGUE, TYPES, StreamParent, demand, last, part, read
from wire import BRINGS_PARTS, PAYLOAD_CRC, WANT_PARTS, WANT_STARTED, flip, frame

LINES = PROLOGUE + """
@session.on_request(Read)
def lines(read, call):
    try:
        for number in range(read.count):
            yield Line(number)
        if read.count == 3:
            raise ValueError("no more")
    finally:
        print("closed", file=sys.stderr, flush=True)
@session.on_request(Read)
def plain(read): return Done("plain")
session.serve()
"""
SUM = PROLOGUE + """
@session.on_upload(Read)
def add(read, lines):
    total = 0
    for line in lines:
        total += line.number
        if read.count == 1: break
    return Done(str(total))
session.on_request(Read, lambda read: Done("plain"))
session.serve()
"""


class Answers(unittest.TestCase):
    def test_parts_leave_as_they_are_wanted_and_then_the_last_word(self):
        with StreamParent(LINES) as parent:
            parent.open_streams()
            parent.send(read(1, 5) + demand(1, 2))
            self.assertEqual([("PART", 1, (0, 0)), ("PART", 1, (1, 1))], [parent.told(), parent.told()])
            parent.send(frame("PING", call_id=9))
            self.assertEqual("PONG", parent.told()[0])
            parent.send(demand(1, 1) + demand(1, 5))
            self.assertEqual([("PART", 1, (at, at)) for at in (2, 3, 4)] + [("LAST", 1, 5)],
                             [parent.told() for _ in range(4)])
            parent.send(demand(1, 99) + demand(7, 1) + read(1, 0))
            self.assertEqual(("LAST", 1, 0), parent.told())

    def test_a_failure_stands_behind_the_parts_before_it(self):
        with StreamParent(LINES) as parent:
            parent.open_streams()
            parent.send(read(1, 3) + demand(1, 9))
            self.assertEqual([("PART", 1, (at, at)) for at in range(3)], [parent.told() for _ in range(3)])
            kind, _, tree = parent.told()
            self.assertEqual(("FAILURE", "ValueError", "no more"), (kind, tree["type"], tree["message"]))

    def test_a_cancel_closes_the_generator(self):
        with StreamParent(LINES) as parent:
            parent.open_streams()
            parent.send(read(1, 100) + demand(1, 1))
            self.assertEqual("PART", parent.told()[0])
            parent.send(frame("CANCEL", b"enough", 1))
            kind, _, tree = parent.told()
            self.assertEqual("FAILURE", kind)
            self.assertIn("Cancelled", tree["type"])
            self.assertIn("closed\n", parent.stderr())

    def test_the_deadline_ends_the_wait_for_demand(self):
        with StreamParent(LINES) as parent:
            parent.open_streams()
            parent.send(read(1, 100, left_ms=400) + demand(1, 1))
            self.assertEqual("PART", parent.told()[0])
            self.assertEqual(("FAILURE", 1, {"failure": "DeadlinePassed", "phase": "RUNNING"}), parent.told())

    def test_each_request_finds_the_handlers_of_its_sort(self):
        with StreamParent(LINES) as parent:
            parent.open_streams()
            parent.send(read(1, 1, PAYLOAD_CRC))
            self.assertEqual(("REPLY", 1, {"text": "plain"}), parent.told())
            parent.send(read(2, 1, BRINGS))
            kind, _, tree = parent.told()
            self.assertEqual(("FAILURE", "UNHANDLED"), (kind, tree["reason"]))

    def test_a_stream_that_waits_stops_no_other_handler_and_64_may_wait(self):
        with StreamParent(LINES) as parent:
            parent.open_streams()
            parent.send(b"".join(read(at, 9, PAYLOAD_CRC | WANT_PARTS | WANT_STARTED) for at in range(65)))
            started = [parent.told() for _ in range(65)]
            self.assertEqual(64, sum(one[0] == "STARTED" for one in started))
            ((_, _, tree),) = [one for one in started if one[0] == "FAILURE"]
            self.assertEqual(("Rejected", "QUEUE_FULL"), (tree["failure"], tree["reason"]))
            parent.send(read(99, 1, PAYLOAD_CRC))
            self.assertEqual(("REPLY", 99), parent.told()[:2])
            parent.send(frame("CANCEL", b"", 0))
            self.assertEqual(("FAILURE", 0), parent.told()[:2])

    def test_a_part_that_can_not_be_sent_makes_the_answer_undecodable(self):
        script = PROLOGUE + """
parts = {0: Line("x"), 1: Session, 2: Done("x" * 5000)}
def broken(read): yield parts[read.count]
session.on_request(Read, broken)
session.serve()
"""
        with StreamParent(script) as parent:
            parent.open(features=FEATURES, types=TYPES, limits={"maxPayloadBytes": 4096})
            for at in range(3):
                parent.send(read(at, at) + demand(at, 1))
                kind, got, tree = parent.told()
                self.assertEqual(("FAILURE", at, "Undecodable", "ANSWER"),
                                 (kind, got, tree["failure"], tree["subject"]))

    def test_a_damaged_wish_for_parts_ends_the_call_as_undecodable(self):
        with StreamParent(LINES) as parent:
            parent.open_streams()
            parent.send(read(1, 5) + flip(demand(1, 2), 27))
            kind, _, tree = parent.told()
            self.assertEqual(("FAILURE", "Undecodable", "ANSWER"), (kind, tree["failure"], tree["subject"]))

    def test_large_parts_leave_in_order_between_others(self):
        script = PROLOGUE + """
@session.on_request(Read)
def lines(read):
    for number in range(read.count):
        yield Done("x" * (0 if number % 2 else 1_000_000))
session.on_request(Read, lambda read: Done("plain"))
session.serve()
"""
        with StreamParent(script) as parent:
            parent.open_streams()
            parent.send(read(1, 4) + demand(1, 4))
            sizes = [len(parent.next()[3]) > 1000 for _ in range(5)]
            self.assertEqual([True, False, True, False, False], sizes)
            self.assertGreater(parent.chunks, 20)

    def test_news_and_calls_of_a_stream_handler_work(self):
        script = PROLOGUE + """
def lines(read, call):
    call.progress(Done("news"))
    yield Line(session.call(Read(7)).number)
    yield Line(int(call.time_left() is not None))
session.on_request(Read, lines)
session.serve()
"""
        with StreamParent(script) as parent:
            parent.open_streams()
            parent.send(read(1, 1, PAYLOAD_CRC | WANT_PARTS | 4, 9_000) + demand(1, 2))
            self.assertEqual("PROGRESS", parent.next()[0])
            kind, _, call_id, payload = parent.next()
            self.assertEqual("REQUEST", kind)
            self.assertLessEqual(int.from_bytes(payload[2:6], "big"), 9_000)
            parent.send(frame("REPLY", b'\x00\x01{"number":5}', call_id))
            self.assertEqual([("PART", 1, (0, 5)), ("PART", 1, (1, 1)), ("LAST", 1, 2)],
                             [parent.told() for _ in range(3)])

    def test_a_stream_may_follow_the_last_one_at_once(self):
        with StreamParent(LINES) as parent:
            parent.open_streams()
            parent.send(b"".join(read(at, 9) for at in range(63)))
            for _ in range(50):
                parent.send(read(99, 0))
                self.assertEqual(("LAST", 99, 0), parent.told())

    def test_the_failure_of_another_call_is_that_of_the_handler(self):
        script = PROLOGUE + """
def lines(read):
    session.call(Done("x"))
    yield Line(1)
session.on_request(Read, lines)
session.serve()
"""
        with StreamParent(script) as parent:
            parent.open_streams()
            parent.send(read(1, 1))
            call_id = parent.next()[2]
            parent.fail(call_id, failure="Undecodable", subject="ARGUMENT", type="Done", cause="no")
            self.assertEqual(("FAILURE", 1, "RemoteFailure"), (lambda told: (*told[:2], told[2]["failure"]))(parent.told()))

    def test_sys_exit_in_a_stream_leaves_serve(self):
        script = PROLOGUE + "def lines(read):\n    yield Line(1)\n    sys.exit(7)\n"
        with StreamParent(script + "session.on_request(Read, lines)\nsession.serve()\n") as parent:
            parent.open_streams()
            parent.send(read(1, 1) + demand(1, 1))
            self.assertEqual("PART", parent.told()[0])
            self.assertEqual({"FAILURE", "GOODBYE"}, {parent.told()[0], parent.told()[0]})
            self.assertIsNone(parent.told())
            self.assertEqual(7, parent.exit_code())


class Brought(unittest.TestCase):
    def test_parts_are_asked_for_handed_over_and_answered(self):
        with StreamParent(SUM) as parent:
            parent.open_streams()
            parent.send(read(1, 0, BRINGS))
            self.assertEqual(("DEMAND", 1, 16), parent.told())
            parent.send(b"".join(part(1, at) for at in range(8)))
            self.assertEqual(("DEMAND", 1, 24), parent.told())
            parent.send(b"".join(part(1, at) for at in range(8, 10)) + last(1, 10))
            self.assertEqual(("REPLY", 1, {"text": "45"}), parent.told())

    def test_an_early_answer_ends_the_stream_and_what_still_comes_means_nothing(self):
        with StreamParent(SUM) as parent:
            parent.open_streams()
            parent.send(read(1, 1, BRINGS))
            self.assertEqual("DEMAND", parent.told()[0])
            parent.send(part(1, 0, 42))
            self.assertEqual(("REPLY", 1, {"text": "42"}), parent.told())
            parent.send(part(1, 1) + part(1, 2) + last(1, 3) + demand(1, 9) + read(2, 0, PAYLOAD_CRC))
            self.assertEqual(("REPLY", 2, {"text": "plain"}), parent.told())

    def test_a_lost_or_damaged_part_ends_the_call_as_undecodable(self):
        for bad in (part(1, 1), last(1, 2), flip(part(1, 0), 40), frame("PART", b"\x00", 1)):
            with StreamParent(SUM) as parent:
                parent.open_streams()
                parent.send(read(1, 0, BRINGS))
                self.assertEqual("DEMAND", parent.told()[0])
                parent.send(bad)
                kind, _, tree = parent.told()
                self.assertEqual(("FAILURE", "Undecodable", "ANSWER"), (kind, tree["failure"], tree["subject"]))

    def test_a_part_that_can_not_be_read_reaches_the_handler_as_undecodable(self):
        with StreamParent(SUM) as parent:
            parent.open_streams()
            parent.send(read(1, 0, BRINGS))
            self.assertEqual("DEMAND", parent.told()[0])
            parent.send(part(1, 0, "text"))
            self.assertIn("field number", parent.told()[2]["cause"])

    def test_a_part_beyond_the_demand_ends_the_session(self):
        for early, asked in ((part(1, 16), BRINGS), (part(1, 0), PAYLOAD_CRC | WANT_PARTS)):
            with StreamParent(SUM.replace("session.on_req", LINES.split('"""')[0][len(PROLOGUE):]
                                          .replace("session.serve()", "") + "session.on_req", 1)) as parent:
                parent.open_streams()
                parent.send(read(1, 5, asked | WANT_STARTED))
                self.assertEqual("STARTED", parent.told()[0])
                parent.send(early)
                told = parent.told()
                while told[0] != "GOODBYE":
                    told = parent.told()
                self.assertEqual("PROTOCOL_ERROR", told[2]["reason"])
                self.assertIn("part beyond the demand", told[2]["text"])

    def test_a_cancel_is_raised_where_the_handler_waits(self):
        with StreamParent(SUM) as parent:
            parent.open_streams()
            parent.send(read(1, 0, BRINGS))
            self.assertEqual("DEMAND", parent.told()[0])
            parent.send(frame("CANCEL", b"the parts ran out", 1))
            self.assertIn("the parts ran out", parent.told()[2]["message"])

    def test_the_end_of_the_stream_ends_the_child_though_a_handler_waits(self):
        with StreamParent(SUM) as parent:
            parent.open_streams()
            parent.send(read(1, 0, BRINGS))
            self.assertEqual("DEMAND", parent.told()[0])
            parent.process.stdin.close()
            while parent.told() is not None:
                continue
            self.assertEqual(0, parent.exit_code(3))

    def test_the_end_of_the_stream_releases_a_handler_that_waits(self):
        script = PROLOGUE + """
released = threading.Event()
@session.on_upload(Read)
def add(read, lines):
    try:
        next(lines)
    finally:
        released.set()
session.serve()
print(released.wait(0.8), file=sys.stderr)
"""
        with StreamParent(script) as parent:
            parent.open_streams()
            parent.send(read(1, 0, BRINGS))
            self.assertEqual("DEMAND", parent.told()[0])
            for at in range(20):  # Until then it has come to wait.
                parent.send(frame("PING", call_id=at))
                self.assertEqual("PONG", parent.told()[0])
            parent.process.stdin.close()
            parent.exit_code(3)
            self.assertEqual("True\n", parent.stderr())

    def test_a_stream_can_be_brought_and_answered_with_at_once(self):
        script = PROLOGUE + """
@session.on_upload(Read)
def double(read, lines, call):
    for line in lines:
        yield Line(2 * line.number)
session.serve()
"""
        with StreamParent(script) as parent:
            parent.open_streams()
            parent.send(read(1, 0, PAYLOAD_CRC | WANT_PARTS | BRINGS_PARTS) + demand(1, 9))
            self.assertEqual(("DEMAND", 1, 16), parent.told())
            parent.send(part(1, 0, 4) + part(1, 1, 5) + last(1, 2))
            self.assertEqual([("PART", 1, (0, 8)), ("PART", 1, (1, 10)), ("LAST", 1, 2)],
                             [parent.told() for _ in range(3)])

    def test_a_session_that_closes_waits_for_a_stream_that_goes_on_but_not_for_ever(self):
        script = SUM.replace("total += line.number", "total += line.number; session.close()")
        with StreamParent(script) as parent:
            parent.open_streams()
            parent.send(read(1, 0, BRINGS))
            self.assertEqual("DEMAND", parent.told()[0])
            parent.send(part(1, 0))
            self.assertEqual("GOODBYE", parent.told()[0])
            kind, _, tree = parent.told()
            self.assertEqual("FAILURE", kind)
            self.assertIn("the session is closing", tree["message"])
            self.assertIsNone(parent.told())


if __name__ == "__main__":
    unittest.main()
