"""How a stranger joins a listener. Against a real one it is tested from Java."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))

from fake_parent import environment  # noqa: E402
from streamipc import LogMessage, ProtocolError, Session, StartFailed  # noqa: E402
from streamipc._decoder import Decoder  # noqa: E402
from streamipc._frame import FEATURES, GOODBYE, READY, REQUEST, allowed_flags  # noqa: E402
from streamipc._unix import join  # noqa: E402
from wire import CHILD_BIT, SALT, ZERO_SALT, frame  # noqa: E402


class Socket(unittest.TestCase):
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


class Joins(Socket):
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


class Listener:
    """A parent behind a socket that says what a test wants it to say."""

    def __init__(self, door):
        self.connection = door.accept()[0]
        self.connection.settimeout(10)
        self.came = Decoder(1 << 20, None, False)
        self.events = []
        self.salt_of(self.next())

    def salt_of(self, event):
        self.came.salt_is(bytes.fromhex(json.loads(event[3])["salt"]), allowed_flags(FEATURES))

    def say(self, data):
        self.connection.sendall(data)

    def say_hello(self):
        tree = {"protocol": "stream-ipc", "versions": [1, 1], "minor": 0, "role": "parent", "name": "test",
                "serializers": ["json"], "types": [{"name": "LogMessage"}], "limits": {"maxPayloadBytes": 1 << 20},
                "features": FEATURES, "salt": SALT.hex(), "pid": 1, "startedAtMillis": None}
        self.say(frame("HELLO", json.dumps(tree).encode(), salt=ZERO_SALT) + frame("READY", b'{"reads": "reader"}'))

    def next(self, kind=None):
        """Returns the next event, or the next of a kind; None at the end."""
        while True:
            while self.events:
                event = self.events.pop(0)
                if kind is None or event[0] == kind:
                    return event
            data = self.connection.recv(65536)
            if not data:
                return None
            self.events = self.came.feed(data)


class JunkAndDamage(Socket):
    """On a socket nobody else writes: what is no frame ends the session."""

    def end_by(self, data, rule):
        """Opens a session and lets it ask; what the listener says then ends it, and the call, by this rule."""
        listeners = []
        opener = threading.Thread(target=lambda: listeners.append(Listener(self.door)) or listeners[0].say_hello())
        opener.start()
        with Session.unix(self.path, start_timeout=10) as session:
            opener.join()
            session.serve_in_background()
            call = session.request(LogMessage("?"), None)
            listener = listeners[0]
            self.assertIsNotNone(listener.next(REQUEST))
            listener.say(data)
            self.assertIsInstance(call.exception(10), ProtocolError)
            self.assertIn(rule, str(call.exception()))
            goodbye = json.loads(listener.next(GOODBYE)[3])
            self.assertEqual("PROTOCOL_ERROR", goodbye["reason"])
            self.assertIsNone(listener.next())
            listener.connection.close()

    def test_junk_ends_the_session(self):
        self.end_by(b"warning: x\n", "bytes that are no frame")
        self.end_by(frame("PING", call_id=4)[:-1] + b"?", "bytes that are no frame")

    def test_damage_ends_the_session(self):
        reply = frame("REPLY", b"\x00\x00" + json.dumps({"message": "x", "level": "INFO"}).encode(), CHILD_BIT + 1)
        self.end_by(reply[:30] + b"?" + reply[31:], "payload does not fit its CRC")

    def test_who_is_no_parent_is_told_so(self):
        def answer():
            with self.door.accept()[0] as connection:
                connection.recv(1)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=answer).start()
        with self.assertRaisesRegex(StartFailed, "bytes that are no frame"):
            Session.unix(self.path, start_timeout=10)

    def test_a_child_that_was_invited_says_so_and_ends(self):
        script = """
from streamipc import *
session = Session.stdio()
try:
    session.serve()
except ProtocolError as error:
    print("error:", error)
"""
        env = dict(environment(), STREAMIPC_CHANNEL="unix-socket")
        child = subprocess.Popen([sys.executable, "-c", script], env=env, stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE)
        self.addCleanup(child.communicate)
        self.addCleanup(child.kill)
        child.stdin.write(b"stream-ipc unix-socket %s %s\n" % (b"ab" * 32, os.fsencode(self.path)))
        child.stdin.flush()
        listener = Listener(self.door)
        self.addCleanup(listener.connection.close)
        listener.say_hello()
        self.assertIsNotNone(listener.next(READY))
        listener.say(b"warning: x\n")
        self.assertEqual("PROTOCOL_ERROR", json.loads(listener.next(GOODBYE)[3])["reason"])
        self.assertIn(b"error: ", child.stdout.readline())
        listener.connection.close()
        self.assertEqual(0, child.wait(10))


if __name__ == "__main__":
    unittest.main()
