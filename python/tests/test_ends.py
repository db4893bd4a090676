"""How a session and its process end: goodbye, close, the end of the stream, the death of the parent; and full pipes."""
import os
import select
import signal
import subprocess
import sys
import threading
import time
import types
import unittest

from fake_parent import LIMIT_SECONDS, PROLOGUE, Errors, Gate, Parent, environment, request
from wire import frame

from streamipc import _stdio
from streamipc._reading import Reading

# Starts an idle child and two that spin in their handlers, without and with a reader thread; tells when all run.
MIDDLE = """
import sys
from fake_parent import ECHO, PROLOGUE, Parent
fd = int(sys.argv[1])
SPIN = PROLOGUE + '''
def spin(ask):
    if ask.text == "reader":
        session.request(LogMessage("spinning"), None)
    else:
        session.notify(LogMessage("spinning"))
    while True:
        pass
session.on_request(Ask, spin)
session.serve()
'''
children = [Parent(script, pass_fds=(fd,)) for script in (ECHO, SPIN, SPIN)]
for child, text in zip(children, ("idle", "pump", "reader")):
    child.open()
    child.ask(1, text)
    child.answer()
print(*[child.process.pid for child in children], flush=True)
sys.stdin.read()
"""

# Stands between the test and the child: the parent by process, while the test is the one by stream.
LAUNCHER = "import subprocess, sys; subprocess.call(sys.argv[1:])"


def _state(pid):
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii") as file:
            return file.read().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return "gone"


def _is_dead(pid):
    # The last steps of an exit come behind the closing of its files.
    deadline = time.monotonic() + 1.0
    while _state(pid) not in ("gone", "Z", "X") and time.monotonic() < deadline:
        os.sched_yield()
    return _state(pid) in ("gone", "Z", "X")


class Goodbye(unittest.TestCase):
    def test_the_running_request_is_answered_and_the_rest_rejected(self):
        with Gate() as gate, Parent(gate.script, pass_fds=gate.fds) as parent:
            parent.open()
            parent.ask(1, flags=3)
            self.assertEqual("STARTED", parent.answer()[0])
            parent.send(request(2) + request(3))
            parent.goodbye()
            gate.open()
            self.assertEqual(("REPLY", 1), parent.answer()[:2])
            kind, _, tree = parent.answer()
            self.assertEqual(("GOODBYE", "CLOSED", "%016x" % 1), (kind, tree["reason"], tree["lastStarted"]))
            rejected = [parent.answer(), parent.answer()]
            self.assertEqual([(2, "DRAINING"), (3, "DRAINING")], [(one[1], one[2]["reason"]) for one in rejected])
            self.assertIsNone(parent.next())
            self.assertEqual(0, parent.exit_code())

    def test_the_end_of_the_stream_behind_a_goodbye_cuts_nothing_off(self):
        rest = """
session.on_message(LogMessage, lambda log: print(log.message, file=sys.stderr))
session.request(Ask("start the reader"))
session.serve()
"""
        with Gate(rest) as gate, Parent(gate.script, pass_fds=gate.fds) as parent:
            parent.open()
            parent.ask(1, flags=3)
            self.assertEqual({"REQUEST", "STARTED"}, {parent.answer()[0], parent.answer()[0]})
            parent.notify("LogMessage", message="heard")
            parent.goodbye()
            parent.process.stdin.close()
            self.assertEqual("GOODBYE", parent.answer()[0])
            gate.open()
            self.assertEqual(("REPLY", 1), parent.answer()[:2])
            self.assertIsNone(parent.next())
            self.assertEqual((0, "heard\n"), (parent.exit_code(), parent.stderr()))

    def test_messages_before_the_goodbye_are_heard(self):
        script = PROLOGUE + """
session.on_message(LogMessage, lambda log: print(log.message, log.level, file=sys.stderr))
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.notify("LogMessage", message="one")
            parent.notify("LogMessage", message="two", level="ERROR")
            parent.goodbye()
            self.assertEqual(None, parent.answer()[2]["lastStarted"])
            self.assertEqual(0, parent.exit_code())
            self.assertEqual("one INFO\ntwo ERROR\n", parent.stderr())

    def test_close_in_a_handler_ends_behind_its_answer(self):
        script = PROLOGUE + """
def handle(ask):
    session.close()
    return Answer("last")
session.on_request(Ask, handle)
session.serve()
print("served", file=sys.stderr)
"""
        with Parent(script) as parent:
            parent.open()
            parent.send(request(1) + request(2))
            kinds = [parent.answer() for _ in range(3)]
            self.assertEqual([("GOODBYE", 0), ("REPLY", 1), ("FAILURE", 2)], [one[:2] for one in kinds])
            self.assertEqual("%016x" % 1, kinds[0][2]["lastStarted"])
            self.assertIsNone(parent.next())
            self.assertEqual((0, "served\n"), (parent.exit_code(), parent.stderr()))

    def test_close_on_another_thread_ends_a_serve_that_reads(self):
        script = PROLOGUE + """
def close():
    while not (session._outbound._is_open and session._reading._is_pumping):
        os.sched_yield()
    session.close()
threading.Thread(target=close).start()
session.serve()
print("served", file=sys.stderr)
"""
        with_a_bell = "import streamipc._reading\nstreamipc._reading.is_rousable = lambda fd: False\n"
        for beginning in ("", with_a_bell):
            with Parent(beginning + script) as parent:
                parent.open()
                # Not a word behind that: the parent may hang.
                self.assertEqual("GOODBYE", parent.answer()[0])
                self.assertIsNone(parent.next())
                self.assertEqual(0, parent.exit_code())
                self.assertEqual("served\n", parent.stderr())

    @unittest.skipUnless(sys.platform.startswith("linux"), "elsewhere there is the bell")
    def test_a_read_of_a_pipe_is_roused(self):
        in_fd, out_fd = os.pipe()
        reader = threading.Thread(target=os.read, args=(in_fd, 10), daemon=True)
        reader.start()
        self.assertTrue(_stdio.is_rousable(in_fd))
        _stdio.rouse(in_fd)
        reader.join(LIMIT_SECONDS)
        self.assertFalse(reader.is_alive())
        os.set_blocking(out_fd, False)
        with self.assertRaises(BlockingIOError):
            while True:
                os.write(out_fd, bytes(65536))
        # Full: nobody waits, and this must not either.
        _stdio.rouse(in_fd)
        os.close(out_fd)
        os.close(in_fd)
        self.assertFalse(_stdio.is_rousable(in_fd))
        _stdio.rouse(in_fd)

    def test_close_in_a_message_handler_ends_serve(self):
        script = PROLOGUE + "session.on_message(LogMessage, lambda log: session.close())\nsession.serve()\n"
        with Parent(script) as parent:
            parent.open()
            parent.notify("LogMessage", message="shutdown")
            self.assertEqual("GOODBYE", parent.answer()[0])
            self.assertIsNone(parent.next())
            self.assertEqual(0, parent.exit_code())

    def test_a_message_handler_that_raises_is_logged_and_harms_nobody(self):
        script = PROLOGUE + """
session.on_message(LogMessage, lambda log: 1 / 0)
session.on_request(Ask, lambda ask: Answer("fine"))
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.notify("LogMessage", message="x")
            parent.notify("LogMessage", message=5)
            parent.notify("Answer", text="nobody hears this")
            parent.ask(1)
            self.assertEqual("fine", parent.answer()[2]["text"])
            for text in ("message handler failed: type=LogMessage", "ZeroDivisionError",
                         "message can't be decoded: cause=field message", "message without handler: type=Answer"):
                self.assertIn(text, parent.stderr())


class Rousing(unittest.TestCase):
    def setUp(self):
        in_fd, self.out_fd = os.pipe()
        self.addCleanup(os.close, in_fd)
        self.heard = []
        self.ended = threading.Event()
        incoming = types.SimpleNamespace(take_in=self.take_in, chunks=None)
        outbound = types.SimpleNamespace(nudge=lambda: None)
        self.reading = Reading(types.SimpleNamespace(in_fd=in_fd, ahead=b""), incoming, outbound, None)

    def take_in(self, data):
        self.heard.append(data)
        if len(self.heard) == 1:
            self.reading.wake()
            self.reading.ensure_reader(self.ended.set)

    def test_a_pump_that_hears_of_the_end_puts_nothing_into_the_pipe(self):
        os.close(self.out_fd)
        self.reading.pump()
        self.assertTrue(self.ended.wait(LIMIT_SECONDS))
        self.assertEqual([b"", b""], self.heard)

    def test_a_reader_does_not_take_what_roused_a_pump_for_the_other_sides(self):
        os.write(self.out_fd, b"x")
        self.reading.pump()
        self.reading._is_in_read = True
        self.reading.wake()
        os.close(self.out_fd)
        self.assertTrue(self.ended.wait(LIMIT_SECONDS))
        self.assertEqual([b"x", b""], self.heard)


class Orphans(unittest.TestCase):
    def test_the_end_of_the_stream_ends_an_idle_child(self):
        with Parent() as parent:
            parent.open()
            parent.process.stdin.close()
            self.assertIsNone(parent.next())
            self.assertEqual(0, parent.exit_code(3))

    def test_a_parent_that_does_not_listen_any_more_ends_the_child(self):
        with Parent() as parent:
            parent.open()
            parent.process.stdout.close()
            parent.ask(1)
            self.assertEqual(0, parent.exit_code(3))

    def test_the_end_of_the_stream_ends_a_child_that_hangs_in_its_own_code(self):
        with Gate() as gate, Gate("session.request(Ask('x'))\nsession.serve()\n") as other, \
                Parent(gate.script, pass_fds=gate.fds) as pump, Parent(other.script, pass_fds=other.fds) as reader:
            for parent in (pump, reader):
                parent.open()
                parent.ask(1, flags=3)
                while parent.answer()[0] != "STARTED":
                    continue
                parent.process.stdin.close()
            for parent in (pump, reader):
                self.assertEqual(1, parent.exit_code(3))

    def test_the_death_of_the_parent_is_seen_though_others_hold_the_stream(self):
        with Parent(launcher=LAUNCHER) as parent:
            parent.open()
            parent.process.kill()
            self.assertIsNone(parent.next(3.0))

    def test_no_child_outlives_a_killed_parent(self):
        # The children inherit a pipe: it reads as ended when the last of them is gone.
        alive, inherited = os.pipe()
        environ = dict(environment())
        environ["PYTHONPATH"] += os.pathsep + os.path.dirname(os.path.abspath(__file__))
        middle = subprocess.Popen([sys.executable, "-c", MIDDLE, str(inherited)], env=environ, pass_fds=(inherited,),
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        os.close(inherited)
        try:
            pids = [int(pid) for pid in middle.stdout.readline().split()]
            self.assertEqual(3, len(pids))
            self.assertNotIn("gone", [_state(pid) for pid in pids])
            middle.send_signal(signal.SIGKILL)
            ready, _, _ = select.select([alive], [], [], 3.0)
            self.assertTrue(ready, "alive 3 s after the parent: %s" % [_state(pid) for pid in pids])
            self.assertEqual(b"", os.read(alive, 1))
            self.assertTrue(all(map(_is_dead, pids)), [_state(pid) for pid in pids])
        finally:
            middle.kill()
            middle.wait()
            middle.stdin.close()
            middle.stdout.close()
            os.close(alive)


class Full(unittest.TestCase):
    def test_large_messages_pass_both_ways_at_once(self):
        text = "x" * (8 << 20)
        with Parent() as parent:
            parent.open()
            sender = threading.Thread(target=parent.send, args=(request(1, text) + request(2, text),))
            sender.start()
            for call_id in (1, 2):
                kind, got, tree = parent.answer()
                self.assertEqual(("REPLY", call_id, len(text)), (kind, got, len(tree["text"])))
            sender.join(LIMIT_SECONDS)

    def test_a_parent_that_writes_before_it_reads_is_not_stuck(self):
        # The parent has no reader: it reads nothing until all is written, 12 MB each way.
        with Parent() as parent:
            parent.open("pump")
            parent.send(b"".join(request(call_id, "y" * 8000) for call_id in range(1500)))
            for call_id in range(1500):
                self.assertEqual(call_id, parent.answer()[1])

    def test_a_parent_that_does_not_read_can_not_hold_up_a_deadline(self):
        script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask):
    calls = [session.request(Ask("z" * 3000), 0.2) for _ in range(100)]
    ends = {type(call.exception(10)).__name__ + call.exception().certainty.name for call in calls}
    print(sorted(ends), file=sys.stderr, flush=True)
session.serve()
"""
        with Errors() as errors, Parent(script, stderr=errors.write) as parent:
            parent.open()
            parent.ask(1)
            self.assertEqual("['DeadlinePassedMAYBE_EXECUTED', 'DeadlinePassedNOT_EXECUTED']", errors.line())

    def test_a_flood_of_requests_is_refused_not_stored(self):
        with Gate("session.request(Ask('start the reader'))\nsession.serve()\n") as gate, \
                Parent(gate.script, pass_fds=gate.fds) as parent:
            parent.open()
            parent.send(b"".join(request(call_id) for call_id in range(12000)))
            parent.send(frame("PING", call_id=1))
            reasons = {}
            answer = parent.answer()
            while answer[0] != "PONG":
                reason = answer[2].get("reason", answer[0])
                reasons[reason] = reasons.get(reason, 0) + 1
                answer = parent.answer()
            self.assertEqual({"REQUEST", "QUEUE_FULL"}, set(reasons))
            self.assertIn(reasons["QUEUE_FULL"], (1999, 2000))


if __name__ == "__main__":
    unittest.main()
