"""The ways that are there for speed alone: what they do is what the slow ones do."""
import os
import subprocess
import sys
import unittest
from unittest import mock

from fake_parent import ECHO, LIMIT_SECONDS, PROLOGUE, Parent, child_id, environment, request
from wire import SALT, frame

from streamipc import _room
from streamipc._decoder import VIOLATION, Decoder
from streamipc._inbox import MAX_BYTES, MAX_ITEMS, Inbox
from streamipc._json import dump, parse

GET_PIPE_SIZE = 1032
LINUX = sys.platform.startswith("linux")


def items(*ids):
    return [(call_id, 0, None, b"payload") for call_id in ids]


def run(script):
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=LIMIT_SECONDS,
    )
    return done.stdout.decode().replace("\r\n", "\n")


class Start(unittest.TestCase):
    @unittest.skipIf(sys.version_info >= (3, 14), "dataclasses imports more there")
    def test_a_child_imports_nothing_that_only_few_need(self):
        # What an interpreter has of itself differs.
        script = "import sys\nbefore = set(sys.modules)\n" + PROLOGUE + (
            "late = {'inspect', 'json', 'logging', 'asyncio', 'binascii', 'subprocess'} - before\n"
            "print(sorted(late & set(sys.modules)))\n"
            # All names of the package were imported above, those of streams with them.
            "large = {'streamipc._' + name for name in ('chunks', 'landing', 'room', 'exchange')}\n"
            "print(sorted(large & set(sys.modules)))\n"
        )
        with Parent(script) as parent:
            parent.send_hello()
            parent.read_hello()
            parent.exit_code()
            self.assertEqual("[]\n[]\n", parent.stderr())

    def test_inspect_and_dataclasses_are_what_they_are_elsewhere(self):
        self.assertEqual(
            "Point(x: int)\nTrue\n['x']\nPoint(x, y)\n",
            run("import streamipc, dataclasses\n"
                "@dataclasses.dataclass\nclass Point:\n    x: int\n"
                "print(Point.__doc__)\n"
                "import inspect\nprint(inspect.__file__.endswith('inspect.py'))\n"
                "print(list(inspect.signature(Point).parameters))\n"
                "@streamipc.message\nclass Point:\n    x: int\n    y: int\n"
                "print(Point.__doc__)\n"),
        )


class Json(unittest.TestCase):
    def test_doubled_names_are_seen_wherever_they_stand(self):
        for text in ('{"a":1,"a":2}', '{"a":":","a":2}', '{"a" :1, "a": 2}', '{"b":{"a":1,"a":2}}', '[{"a":1,"a":2}]',
                     '{"a":"{","a":1}', '{"\\u0061":1,"a":1}'):
            with self.assertRaisesRegex(ValueError, "doubled field name: field=a", msg=text):
                parse(text.encode())
        self.assertEqual({"a": ":::", "b": "{"}, parse(b'{"a":":::","b":"{"}'))

    def test_no_constants_and_nothing_behind(self):
        for text in (b'{"a":NaN}', b'{"a":1}x', b"{", b"", b'{"a":1,}', b'{"a"}'):
            self.assertRaises(ValueError, parse, text)
        self.assertEqual({"a": 1}, parse(b' {"a":1}'))

    def test_plain_trees_are_written_as_json_writes_them(self):
        self.assertEqual(b'{"a":[null,true,false,-1,"\\"\xc3\xa4?"],"b":{},"1":1.5}',
                         dump({"a": [None, True, False, -1, '"\u00e4\ud800'], "b": {}, 1: 1.5}))
        self.assertRaises(ValueError, dump, [float("nan")])
        self.assertRaises(TypeError, dump, {"a": object()})


class Requests(unittest.TestCase):
    def test_a_run_goes_in_as_a_whole_or_not_at_all(self):
        inbox = Inbox()
        self.assertTrue(inbox.put_requests(items(1, 2)))
        for refused in (items(3, 2), items(4, 4)):
            self.assertFalse(inbox.put_requests(refused))
        self.assertEqual([1, 2], [item[0] for item in inbox.take_all()])
        self.assertEqual([True, True, False, False], [inbox.is_unanswered(call_id) for call_id in (1, 2, 3, 4)])

    def test_a_run_keeps_to_the_bounds(self):
        inbox = Inbox()
        self.assertTrue(inbox.put_requests(items(*range(MAX_ITEMS - 1))))
        self.assertFalse(inbox.put_requests(items(MAX_ITEMS, MAX_ITEMS + 1)))
        self.assertTrue(inbox.put_requests(items(MAX_ITEMS)))
        large = Inbox()
        self.assertFalse(large.put_requests([(1, 0, None, memoryview(bytearray(MAX_BYTES + 1)))]))
        large.close()
        self.assertFalse(large.put_requests(items(1)))

    def test_one_bad_request_in_a_run_is_found(self):
        for bad, rule in ((child_id(1), "wrong id"), (1, "one in flight")):
            with Parent(ECHO) as parent:
                parent.open()
                parent.send(request(1) + request(2) + request(bad) + request(3))
                told = [parent.answer() for _ in range(3)]
                goodbye = [tree for kind, _, tree in told if kind == "GOODBYE"]
                self.assertEqual("PROTOCOL_ERROR", goodbye[0]["reason"], told)
                self.assertIn(rule, goodbye[0]["text"])

    def test_a_short_request_in_a_run_fails_alone(self):
        with Parent(ECHO) as parent:
            parent.open()
            parent.send(request(1) + frame("REQUEST", b"\0\0\0", 2) + request(3))
            told = {call_id: (kind, tree) for kind, call_id, tree in (parent.answer() for _ in range(3))}
            self.assertEqual(("REPLY", "REPLY"), (told[1][0], told[3][0]))
            self.assertEqual("Undecodable", told[2][1]["failure"])

    def test_a_message_over_the_limit_breaks_a_run(self):
        whole = frame("NOTIFY", b"\0\0{}")
        events = Decoder(4096, SALT).feed(whole + frame("NOTIFY", b"\0" * 4097) + whole)
        self.assertEqual(["NOTIFY", VIOLATION], ["NOTIFY" if kind > 0 else kind for kind, _, _, _ in events])
        self.assertIn(b"payloadBytes=4097", events[-1][3])


class Memory(unittest.TestCase):
    def test_mapped_and_grown_memory_hold_the_same(self):
        data = os.urandom(_room.MAPPED_BYTES + 5)
        for maker in (_room.mapped, lambda size: None):
            with mock.patch.object(_room, "mapped", maker):
                room = _room.Room(data[:7], len(data), _room.Spare())
                for start in range(7, len(data), 65_536):
                    room.add(memoryview(data)[start:start + 65_536])
                whole = room.whole()
            self.assertEqual((len(data), True), (room.filled, whole.readonly))
            self.assertTrue(whole == data)

    @unittest.skipUnless(LINUX, "the room of a pipe can be changed on Linux alone")
    def test_a_pipe_that_runs_full_gets_more_room(self):
        import fcntl

        with Parent(ECHO) as parent:
            parent.open()
            pipe = parent.process.stdin.fileno()
            before = fcntl.fcntl(pipe, GET_PIPE_SIZE)
            parent.ask(1, "x" * 1_000_000)
            self.assertEqual("REPLY", parent.answer()[0])
            self.assertLess(before, fcntl.fcntl(pipe, GET_PIPE_SIZE))


if __name__ == "__main__":
    unittest.main()
