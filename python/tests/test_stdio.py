"""The stdout guard: whatever a program writes to stdout reaches stderr and never the protocol."""
import os
import subprocess
import sys
import tempfile
import unittest

from child_types import TYPES, Ask
from fake_parent import PROLOGUE, SOURCES, Parent, environment
from streamipc import Session

NOISE = """
import ctypes, subprocess
print("before the session", end="")
%s
@session.on_request(Ask)
def handle(ask):
    print("from print", "ü\\udc80")
    os.write(1, b"from write\\n")
    os.system("echo from system")
    subprocess.run(["echo", "from run"])
    libc = ctypes.CDLL(None)
    libc.puts(b"from puts")
    libc.fflush(None)
    sys.__stdout__.write("from __stdout__\\n")
    return Answer("stdin: " + repr(sys.stdin.read()) + repr(os.read(0, 10)))
session.serve()
"""

GUARDED = TYPES + """
import multiprocessing
def handle(ask):
    process = multiprocessing.get_context("spawn").Process(target=print)
    process.start()
    process.join()
    return Answer(str(process.exitcode))
if __name__ == "__main__":
    session = Session.stdio()
    session.on_request(Ask, handle)
    session.serve()
"""
TWICE = GUARDED.replace('if __name__ == "__main__":', "if True:")


class Stdio(unittest.TestCase):
    def test_all_output_goes_to_stderr(self):
        with Parent(NOISE % PROLOGUE) as parent:
            parent.open()
            parent.ask(1)
            self.assertEqual(("REPLY", 1, {"type": "Answer", "text": "stdin: ''b''"}), parent.answer())
            parent.goodbye()
            self.assertEqual("GOODBYE", parent.answer()[0])
            self.assertIsNone(parent.next())
            self.assertEqual(0, parent.exit_code())
            for text in ("before the session", "from print ü\\udc80", "from write", "from system", "from run",
                         "from puts", "from __stdout__"):
                self.assertIn(text, parent.stderr())

    def test_large_output_between_frames_does_no_harm(self):
        script = PROLOGUE + """
@session.on_request(Ask)
def handle(ask):
    print("x" * 1000000)
    return Answer(ask.text)
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            for call_id in range(3):
                parent.ask(call_id)
                self.assertEqual("REPLY", parent.answer()[0])
            self.assertGreater(len(parent.stderr()), 3000000)

    def test_a_closed_stderr_does_no_harm(self):
        script = "import os; os.close(2)\n" + PROLOGUE + """
@session.on_request(Ask)
def handle(ask):
    print("nowhere")
    return Answer("fine")
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.ask(1)
            self.assertEqual(("REPLY", 1, {"type": "Answer", "text": "fine"}), parent.answer())

    def test_importing_has_no_side_effect(self):
        script = "import streamipc, sys\nprint('out', flush=True)\nassert sys.stdin.fileno() == 0\n"
        with Parent(script) as parent:
            self.assertEqual(b"out\n", parent.process.stdout.read())
            self.assertEqual(0, parent.exit_code())

    def test_the_streams_can_be_taken_once(self):
        with Parent(PROLOGUE + "Session.stdio()\n") as parent:
            parent.send_hello()
            self.assertEqual(1, parent.exit_code())
            self.assertIn("start failed: stdin and stdout belong to a session already", parent.stderr())

    def test_a_closed_stdin_is_told(self):
        with Parent("import os; os.close(0)\n" + PROLOGUE) as parent:
            self.assertEqual(1, parent.exit_code())
            self.assertIn("start failed: stdin or stdout is closed", parent.stderr())

    def test_a_closed_stdout_is_told(self):
        with Parent("import os; os.close(1)\n" + PROLOGUE) as parent:
            self.assertEqual(1, parent.exit_code())
            self.assertIn("start failed: stdin or stdout is closed", parent.stderr())

    def test_a_stdout_that_is_no_stream_is_told(self):
        for path in (os.devnull, __file__):
            with Parent("import os; os.dup2(os.open(%r, os.O_RDONLY), 1)\n" % path + PROLOGUE) as parent:
                self.assertEqual(1, parent.exit_code())
                self.assertIn("start failed: stdout is a file or a device, and no parent", parent.stderr())

    def test_what_stands_in_the_place_of_stdout_is_left_alone(self):
        for taken, encoding in (("sys.stdout = open(os.devnull, 'w', encoding='ascii')", "ascii"),
                                ("sys.stdout = sys.__stdout__ = None", "None"),
                                ("sys.stdout = open(os.devnull, 'w', encoding='ascii'); sys.stdout.close()", "ascii")):
            script = PROLOGUE.replace("session = ", "import os, sys\n%s\nsession = " % taken, 1) + """
session.on_request(Ask, lambda ask: Answer(str(getattr(sys.stdout, "encoding", None))))
session.serve()
"""
            with Parent(script) as parent:
                parent.open()
                parent.ask(1)
                self.assertEqual(("REPLY", 1, {"type": "Answer", "text": encoding}), parent.answer(), taken)

    def test_a_terminal_is_told(self):
        main, side = os.openpty()
        script = "import os; os.dup2(%d, 0)\n" % side + PROLOGUE
        with Parent(script, pass_fds=(side,)) as parent:
            self.assertEqual(1, parent.exit_code())
            self.assertIn("stdin is a terminal; start this program from a stream-ipc parent", parent.stderr())
        os.close(main)
        os.close(side)

    def test_a_fork_in_a_handler_does_not_reach_the_stream(self):
        script = PROLOGUE + """
def handle(ask):
    pid = os.fork()
    if pid == 0:
        try:
            session.notify(LogMessage("from the copy"))
        except SessionClosed:
            os._exit(40 + int(session.is_closed()))
        os._exit(1)
    return Answer(str(os.waitpid(pid, 0)[1] >> 8))
session.on_request(Ask, handle)
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            for call_id in (1, 2):
                parent.ask(call_id)
                self.assertEqual(("REPLY", call_id, {"type": "Answer", "text": "41"}), parent.answer())

    def test_forks_close_no_descriptor_that_is_not_theirs(self):
        script = PROLOGUE + """
def forked(work):
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(work())
        finally:
            os._exit(99)
    return os.waitpid(pid, 0)[1] >> 8

def count_closed(own):
    return sum(not os.path.exists("/proc/self/fd/%d" % each) for each in own)

def handle(ask):
    def copy():
        own = [os.open(os.devnull, os.O_RDONLY) for _ in range(8)]
        return forked(lambda: count_closed(own))
    return Answer(str(forked(copy)))

session.on_request(Ask, handle)
session.serve()
own = [os.open(os.devnull, os.O_RDONLY) for _ in range(8)]
sys.stderr.write("closed=%d" % forked(lambda: count_closed(own)))
"""
        with Parent(script) as parent:
            parent.open()
            parent.ask(1)
            self.assertEqual(("REPLY", 1, {"type": "Answer", "text": "0"}), parent.answer())
            parent.goodbye()
            self.assertEqual(0, parent.exit_code())
            # Python 3.12 and newer warn of a fork beside threads.
            self.assertEqual("closed=0", parent.stderr().splitlines()[-1])

    def test_grandchildren_do_not_hold_the_stream_open(self):
        script = PROLOGUE + """
import subprocess
def handle(ask):
    return Answer(str(subprocess.Popen(["cat"], stdin=subprocess.PIPE).pid))
session.on_request(Ask, handle)
session.serve()
"""
        with Parent(script, stderr=None) as parent:
            parent.open()
            parent.ask(1)
            parent.answer()
            parent.goodbye()
            self.assertEqual("GOODBYE", parent.answer()[0])
            self.assertIsNone(parent.next())

    def test_an_interrupt_of_the_group_is_ignored(self):
        script = PROLOGUE + """
import signal
def handle(ask):
    os.kill(os.getpid(), signal.SIGINT)
    return Answer("alive")
session.on_request(Ask, handle)
session.serve()
"""
        with Parent(script) as parent:
            parent.open()
            parent.ask(1)
            self.assertEqual("alive", parent.answer()[2]["text"])

    def test_start_needs_neither_asyncio_nor_logging(self):
        script = "import sys\nsys.path.insert(0, %r)\nimport streamipc\n" % SOURCES + \
            "print([name for name in ('asyncio', 'logging', 'uuid', 'datetime') if name in sys.modules])"
        with Parent(script) as parent:
            self.assertEqual(b"[]\n", parent.process.stdout.read())


class Devices(unittest.TestCase):
    def test_a_device_is_no_parent_and_nothing_is_written(self):
        run = subprocess.run([sys.executable, "-c", PROLOGUE], env=environment(), stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30)
        self.assertEqual((1, b""), (run.returncode, run.stdout))
        self.assertIn(b"stdin is a device, and no parent", run.stderr)

    def test_an_interpreter_that_multiprocessing_starts_is_told_what_to_do(self):
        with self.assertLogs("streamipc.child") as logs:
            self.assertEqual("1", self.exit_code_below(TWICE))
        self.assertIn("put the session behind: if __name__ == '__main__'", "\n".join(logs.output))
        self.assertEqual("0", self.exit_code_below(GUARDED))

    def exit_code_below(self, script):
        """Returns how a process ended that a handler of this program has multiprocessing start."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "child.py")
            with open(path, "w", encoding="utf-8") as file:
                file.write(script)
            with Session.spawn([sys.executable, path], env=environment()) as session:
                return session.call(Ask("?")).text


if __name__ == "__main__":
    unittest.main()
