"""Programs that are no children, started as if they were."""
import logging
import sys
import unittest

from streamipc import Session, StartFailed
from test_spawn import is_there


class NoChild(unittest.TestCase):
    def _start(self, command, **options):
        with self.assertRaises(StartFailed) as raised:
            Session.spawn(command, **options)
        return raised.exception

    def test_a_child_that_prints_on_and_on_is_ended_too(self):
        logging.getLogger("streamipc.child.chatter").setLevel(logging.ERROR)
        script = "import os\nwhile True: os.write(1, b'y\\n' * 500_000)"
        failure = self._start([sys.executable, "-c", script], start_timeout=0.5, name="chatter")
        self.assertIn("no hello from the child: startTimeoutMs=500", str(failure))
        self.assertFalse(is_there(failure.report.pid))

    def test_the_line_that_is_shown_is_no_frame_of_a_stack(self):
        script = "import sys; sys.exit('java.lang.Error: x\\n\\tat A.b(A.java:1)\\n\\t... 3 more')"
        self.assertTrue(str(self._start([sys.executable, "-c", script])).endswith(", lastStderr=java.lang.Error: x"))
        script = "import sys; sys.exit('\\tat A.b(A.java:1)')"
        self.assertTrue(str(self._start([sys.executable, "-c", script])).endswith(", lastStderr=\tat A.b(A.java:1)"))


if __name__ == "__main__":
    unittest.main()
