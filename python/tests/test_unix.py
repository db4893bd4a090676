"""How a stranger joins a listener. Against a real one it is tested from Java."""
import os
import shutil
import socket
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))

from streamipc import Session, StartFailed  # noqa: E402
from streamipc._unix import join  # noqa: E402


class Joins(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.path = os.path.join(folder, "x.sock")
        self.door = socket.socket(socket.AF_UNIX)
        self.addCleanup(self.door.close)
        self.door.bind(self.path)
        self.door.listen(8)
        self.write("first")
        self.shown = []

    def write(self, token):
        with open(self.path + ".token", "w") as file:
            file.write(token + "\n")

    def visit(self, turned_away):
        """Joins; is turned away while the function says so."""
        def opened(way):
            self.shown.append(way.token)
            way.close_in()
            os.close(way.out_fd)
            if turned_away(len(self.shown)):
                raise StartFailed("turned away")
            return "in"

        return join(self.path, opened)

    def test_the_token_is_read_right_before(self):
        self.write("second")
        self.assertEqual("in", self.visit(lambda count: False))
        self.assertEqual(["second"], self.shown)

    def test_a_token_that_changed_is_shown_once_more(self):
        def turned_away(count):
            self.write("token %d" % count)
            return count < 2

        self.assertEqual("in", self.visit(turned_away))
        self.assertEqual(["first", "token 1"], self.shown)

    def test_nobody_tries_for_ever(self):
        def turned_away(count):
            self.write("token %d" % count)
            return True

        with self.assertRaisesRegex(StartFailed, "turned away, path=.*x.sock"):
            self.visit(turned_away)
        self.assertEqual(2, len(self.shown))

    def test_the_same_token_is_not_shown_again(self):
        with self.assertRaises(StartFailed):
            self.visit(lambda count: True)
        self.assertEqual(["first"], self.shown)

    def test_what_is_missing_is_told(self):
        with self.assertRaisesRegex(StartFailed, "no hello from the parent: startTimeoutMs=100"):
            Session.unix(self.path, start_timeout=0.1)
        self.door.close()
        with self.assertRaisesRegex(StartFailed, "no way to the parent: path=.*refused"):
            Session.unix(self.path)
        os.remove(self.path + ".token")
        with self.assertRaisesRegex(StartFailed, "no token beside the socket"):
            Session.unix(self.path)


if __name__ == "__main__":
    unittest.main()
