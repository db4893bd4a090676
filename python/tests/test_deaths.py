"""What a parent is told of a child that died, or seemed to."""
import os
import signal
import threading
import unittest
from unittest import mock

from child_types import Answer, Ask, Bulk
from fake_parent import LIMIT_SECONDS
from streamipc import Attachment, Certainty, ChildDied, SessionClosed
from test_spawn import HANDLERS, Log, eventually, pid_of, spawn


def writes(session):
    """Returns whether the writer of a session hangs in a full pipe."""
    return session._outbound._pipe._is_writing


class Deaths(unittest.TestCase):
    def test_a_request_that_had_not_left_whole_was_not_executed(self):
        with spawn() as child:
            pid = pid_of(child)
            os.kill(pid, signal.SIGSTOP)
            text = child.request(Ask("x" * (1 << 20)), None)
            eventually(lambda: writes(child))
            behind = child.request(Bulk(Attachment(bytes(1 << 20))), None)
            os.kill(pid, signal.SIGKILL)
            for failure in (text.exception(LIMIT_SECONDS), behind.exception(LIMIT_SECONDS)):
                self.assertIsInstance(failure, ChildDied)
                self.assertEqual(Certainty.NOT_EXECUTED, failure.certainty)

    def test_who_dies_behind_its_goodbye_had_closed(self):
        script = HANDLERS + """
@session.on_request(Answer)
def close(answer):
    session.close()
    print("closed", flush=True)
    threading.Event().wait()
session.serve()
"""
        with spawn(script, name="leaves") as child:
            pid = pid_of(child)
            call = child.request(Answer(""), None, tell_started=True)
            eventually(child.is_closed)
            self.assertFalse(call.done())
            os.kill(pid, signal.SIGKILL)
            failure = call.exception(LIMIT_SECONDS)
            self.assertIsInstance(failure, SessionClosed)
            self.assertEqual(("OTHER_SIDE", Certainty.EXECUTED), (failure.who, failure.certainty))

    def _slowly(self, child):
        """Has the thread that reads stop once, until the session is told of the end, or would have been long ago."""
        told, take_in, ended = threading.Event(), child._incoming.take_in, child._lifecycle.stream_ended

        def slowly(data):
            child._incoming.take_in = take_in
            told.wait(0.6)
            take_in(data)

        child._incoming.take_in = slowly
        child._lifecycle.stream_ended = lambda why: told.set() or ended(why)
        child._way.process.on_exit(lambda: child._lifecycle.stream_ended("the child has ended"))

    def test_what_a_child_has_answered_before_its_end_comes_to_a_slow_reader(self):
        script = HANDLERS + """
session.on_request(Answer, lambda answer: (session._outbound.await_left(9), os._exit(3)))
session.serve()
"""
        with spawn(script, name="answers") as child:
            child.call(Ask("first"))
            self._slowly(child)
            calls = [child.request(Ask("hello"), None) for _ in range(20)]
            last = child.request(Answer(""), None)
            self.assertEqual([None] * 20, [call.exception(LIMIT_SECONDS) for call in calls])
            self.assertEqual(3, last.exception(LIMIT_SECONDS).report.exit_code)

    def test_what_a_child_has_answered_comes_though_nothing_can_be_written_to_it(self):
        script = HANDLERS + """
session.on_request(Answer, lambda answer: (session._outbound.await_left(9), os._exit(3)))
session.serve()
"""
        with spawn(script, name="answers") as child, mock.patch("streamipc._conversation._LAST_WORDS_SECONDS", 0.01):
            child.call(Ask("first"))
            self._slowly(child)
            calls = [child.request(Ask("hello"), None) for _ in range(20)]
            child.request(Answer(""), None)
            self.assertTrue(child._way.process.await_exit(LIMIT_SECONDS))
            child.notify(Ask("late"))
            self.assertEqual([None] * 20, [call.exception(LIMIT_SECONDS) for call in calls])

    def test_junk_without_the_end_of_its_line_is_told_at_the_end(self):
        script = "import os\nos.write(1, b'half a line')\n" + HANDLERS + "session.serve()\n"
        with Log("talks") as log:
            with spawn(script, name="talks") as child:
                child.call(Ask("hello"))
            eventually(lambda: ("WARNING", "junk on stdout: text=half a line") in log.lines)

    def test_no_thread_waits_for_news_that_do_not_come(self):
        def threads():
            return [thread for thread in threading.enumerate() if thread.name == "streamipc-callback"]

        with mock.patch("streamipc._updates.IDLE_SECONDS", 0.01), spawn() as child:
            for _ in range(2):
                news = []
                child.call(Ask("steps"), on_progress=news.append)
                self.assertEqual(3, len(news))
                eventually(lambda: not threads())


if __name__ == "__main__":
    unittest.main()
