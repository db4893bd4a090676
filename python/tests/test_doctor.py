"""What `python -m streamipc doctor` says, and with which status it ends."""
import os
import subprocess
import sys
import tempfile
import unittest

from fake_parent import SOURCES

from streamipc._doctor import stream_finding, version_finding

LIMIT_SECONDS = 30


def _run(*words, stdin=subprocess.PIPE, close=None, **environment):
    kept = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "CONDA_PREFIX")}
    command = [sys.executable, "-m", "streamipc", *words]
    if close is not None:
        command = ["sh", "-c", 'exec "$@" %d%s&-' % (close, "<" if close == 0 else ">"), "sh"] + command
    return subprocess.run(
        command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT_SECONDS,
        env=dict(kept, PYTHONPATH=SOURCES, **environment), universal_newlines=True,
    )


def _told(run):
    """Returns what is said by name, the last of several; and checks that the columns are straight."""
    lines = run.stdout.splitlines()
    columns = {line.index(line.split(None, 1)[1]) for line in lines}
    assert len(columns) == 1, run.stdout
    return {line.split(None, 1)[0]: line.split(None, 1)[1] for line in lines}


class Doctor(unittest.TestCase):
    def test_all_is_told_and_well_between_pipes(self):
        run = _run("doctor")
        told = _told(run)
        self.assertEqual(0, run.returncode, run.stderr)
        self.assertEqual("", run.stderr)
        self.assertEqual(sys.executable, told["interpreter"])
        self.assertTrue(told["version"].startswith("%d.%d.%d, " % sys.version_info[:3]), told)
        self.assertTrue(told["prefix"].startswith(sys.prefix), told)
        self.assertIn(os.path.join(SOURCES, "streamipc"), told["package"])
        self.assertEqual("stream-ipc, version 1", told["protocol"])
        self.assertEqual("a pipe or a socket: fit for a session", told["stdin"])
        self.assertEqual("a pipe or a socket: fit for a session", told["stdout"])
        self.assertLessEqual({"environment", "candidate", "numpy"}, set(told))

    def test_a_closed_stream_is_a_fault(self):
        run = _run("doctor", close=0)
        self.assertEqual(1, run.returncode, run.stderr)
        self.assertIn("closed", _told(run)["stdin"])
        self.assertTrue(_told(run)["stdin"].endswith("  <- FAULT"), run.stdout)

    def test_without_stdout_it_is_told_on_stderr(self):
        run = _run("doctor", close=1)
        self.assertEqual(1, run.returncode)
        self.assertIn("closed", run.stderr)

    def test_a_stream_that_is_no_pipe_is_told_and_no_fault(self):
        with tempfile.TemporaryFile() as file:
            self.assertEqual((True, "a file: no session here and now; a parent gives a pipe"), (
                stream_finding("stdin", file.fileno())[2], stream_finding("stdin", file.fileno())[1]))
        run = _run("doctor", stdin=subprocess.DEVNULL)
        self.assertEqual(0, run.returncode, run.stdout)
        self.assertTrue(_told(run)["stdin"].startswith("a device: "), run.stdout)

    def test_a_version_that_is_too_old_is_a_fault(self):
        self.assertFalse(version_finding((3, 7, 16))[2])
        self.assertIn("older than 3.8", version_finding((3, 7, 16))[1])
        self.assertTrue(version_finding((3, 8, 0))[2])
        self.assertTrue(version_finding((3, 14, 0))[2])

    def test_candidates_are_told_in_the_order_in_which_a_parent_tries_them(self):
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "bin"))
            os.symlink(os.path.join(folder, "gone"), os.path.join(folder, "bin", "python"))
            for name in ("python3", "python"):
                os.symlink(sys.executable, os.path.join(folder, name))
            run = _run("doctor", VIRTUAL_ENV=folder, CONDA_PREFIX="/no/such", PATH=folder)
        candidates = [line.split(None, 1)[1] for line in run.stdout.splitlines() if line.startswith("candidate")]
        self.assertEqual(["VIRTUAL_ENV", "CONDA_PREFIX", "python3 on PATH", "python on PATH"],
                         [candidate.split(":")[0] for candidate in candidates])
        self.assertTrue(candidates[0].endswith("/bin/python (a link to a file that is gone)"), candidates)
        self.assertTrue(candidates[1].endswith("/no/such/bin/python (no such file)"), candidates)
        self.assertTrue(candidates[2].startswith("python3 on PATH: %s/python3 (another one" % folder), candidates)

    def test_the_interpreter_itself_is_known_again(self):
        folder, name = os.path.split(sys.executable)
        if name in ("python", "python3"):
            self.assertIn("%s on PATH: %s (this one)" % (name, sys.executable), _run("doctor", PATH=folder).stdout)

    def test_the_python_of_another_environment_is_another_one(self):
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "bin"))
            os.symlink(sys.executable, os.path.join(folder, "bin", "python"))
            run = _run("doctor", VIRTUAL_ENV=folder)
        self.assertIn("VIRTUAL_ENV: %s/bin/python (another one" % folder, run.stdout)

    def test_other_words_are_a_misuse(self):
        for words in ((), ("nurse",), ("doctor", "now")):
            run = _run(*words)
            self.assertEqual((2, "", "usage: python -m streamipc doctor\n"), (run.returncode, run.stdout, run.stderr))


if __name__ == "__main__":
    unittest.main()
