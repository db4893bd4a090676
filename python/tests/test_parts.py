"""The two ends of a stream by themselves."""
import threading
import time
import unittest

from streamipc import Cancelled, Phase, RemoteFailure
from streamipc._inbox import Inbox
from streamipc._parts import AHEAD_PARTS, PartsIn, PartsOut, StreamOver


def payload(number):
    return b"%d" % number


class Incoming(unittest.TestCase):
    def setUp(self):
        self.told = []
        self.parts = PartsIn(self.told.append)
        self.parts.begin()

    def put(self, numbers):
        for number in numbers:
            self.assertIsNone(self.parts.put(number, payload(number)))

    def test_demand_is_kept_ahead_and_told_as_a_total(self):
        self.parts.begin()
        self.assertEqual([AHEAD_PARTS], self.told)
        self.put(range(AHEAD_PARTS))
        for number in range(AHEAD_PARTS):
            self.assertEqual(payload(number), self.parts.take())
        self.assertEqual([AHEAD_PARTS, 24, 32], self.told)

    def test_a_part_beyond_the_demand_breaks_a_rule(self):
        self.put(range(AHEAD_PARTS))
        self.assertIn("part beyond the demand: number=16", self.parts.put(AHEAD_PARTS, b""))

    def test_a_number_that_is_not_the_next_means_a_loss(self):
        self.put([0])
        self.assertRaises(ValueError, self.parts.put, 2, b"")
        self.assertRaises(ValueError, self.parts.put, 0, b"")
        self.assertRaises(ValueError, self.parts.last, 2)

    def test_what_came_before_the_end_is_handed_out(self):
        failure = RemoteFailure("X", None, "")
        self.put([0, 1])
        self.parts.stop(failure)
        self.parts.stop(StreamOver())
        self.assertEqual([b"0", b"1"], [self.parts.take(), self.parts.take()])
        for _ in range(2):
            with self.assertRaises(RemoteFailure):
                self.parts.take()

    def test_whoever_cancelled_gets_nothing_more(self):
        self.put([0, 1])
        self.parts.stop(Cancelled(Phase.RUNNING, "enough"))
        self.assertRaises(Cancelled, self.parts.take)

    def test_no_demand_is_told_for_a_stream_that_is_whole(self):
        self.put(range(AHEAD_PARTS))
        self.parts.last(AHEAD_PARTS)
        for _ in range(AHEAD_PARTS):
            self.parts.take()
        self.assertRaises(StreamOver, self.parts.take)
        self.assertEqual([AHEAD_PARTS], self.told)

    def test_who_waits_is_woken_by_a_part_and_by_the_end(self):
        taken = []

        def take_all():
            try:
                while True:
                    taken.append(self.parts.take())
            except StreamOver:
                taken.append("end")

        thread = threading.Thread(target=take_all)
        thread.start()
        self.put([0, 1])
        self.parts.last(2)
        thread.join(10)
        self.assertEqual([b"0", b"1", "end"], taken)

    def test_a_wait_ends_at_the_deadline_and_when_it_is_not_wanted(self):
        def check():
            if self.parts.deadline is not None and time.monotonic() >= self.parts.deadline:
                raise TimeoutError

        self.parts.check = check
        self.parts.deadline = time.monotonic() + 0.02
        self.assertRaises(TimeoutError, self.parts.take)
        self.parts.deadline = None
        checks = []

        def gone():
            checks.append(1)
            if len(checks) == 2:
                raise KeyError
        self.parts.check = gone
        self.parts.wake()
        self.assertRaises(KeyError, self.parts.take)


class Outgoing(unittest.TestCase):
    def setUp(self):
        self.sent = []
        self.room = True
        self.parts = PartsOut(lambda data, is_last: self.sent.append((data, is_last)), lambda: self.room)

    def test_parts_are_numbered_and_leave_as_they_are_wanted(self):
        self.parts.demand(2)
        self.parts.demand(1)
        self.parts.send(b"a")
        self.parts.send(b"b")
        self.parts.end()
        self.assertEqual([(bytes(8) + b"a", False), (bytes(7) + b"\x01b", False), (bytes(7) + b"\x02", True)], self.sent)

    def test_a_part_waits_for_demand(self):
        thread = threading.Thread(target=self.parts.send, args=(b"a",))
        thread.start()
        self.assertEqual([], self.sent)
        self.parts.demand(1)
        thread.join(10)
        self.assertEqual(1, len(self.sent))

    def test_nothing_leaves_behind_the_end_of_the_call(self):
        self.parts.demand(1)
        self.parts.stop(StreamOver())
        self.assertRaises(StreamOver, self.parts.send, b"a")
        self.assertEqual([], self.sent)

    def test_a_part_that_finds_no_room_asks_again_whether_it_is_wanted(self):
        self.room = False
        self.parts.demand(1)
        checks = []

        def check():
            checks.append(1)
            if len(checks) > 2:
                raise KeyError
        self.parts.check = check
        self.assertRaises(KeyError, self.parts.send, b"a")


class Kept(unittest.TestCase):
    def test_an_answered_request_keeps_no_streams(self):
        inbox = Inbox()
        inbox.exchanges[1] = inbox.exchanges[2] = object()
        inbox.answered(1)
        self.assertEqual([2], list(inbox.exchanges))


if __name__ == "__main__":
    unittest.main()
