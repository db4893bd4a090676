"""A Python parent for the matrix.

With `play`: reads a case a line from stdin, and writes for each a line with what was seen. With `family`: the twin of
FaultParent.java, which starts children, says so, and obeys its stdin, a word a line.
"""
import faulthandler
import json
import os
import sys
import tempfile
import threading
import time
import traceback

import damages
import harms
import kills
from calls import Work
from stage import LIMIT_SECONDS, Evidence, Stage
from streamipc import IpcFailure, Session

ROWS = {**kills.ROWS, **harms.ROWS, **damages.ROWS}
CASE_LIMIT_SECONDS = 100


def leftovers():
    """Returns what there is of ours: threads, descriptors, child processes, temporary files."""
    found = {"thread %s %s" % (one.name, one.ident) for one in threading.enumerate() if one.name != "MainThread"}
    for number in os.listdir("/proc/self/fd"):
        try:
            found.add("descriptor %s %s" % (number, os.readlink("/proc/self/fd/" + number)))
        except OSError:
            pass
    for thread in os.listdir("/proc/self/task"):
        try:
            with open("/proc/self/task/%s/children" % thread) as file:
                found.update("process " + pid for pid in file.read().split())
        except OSError:
            pass
    found.update("temporary file " + name for name in os.listdir(tempfile.gettempdir()))
    return {one for one in found if not one.endswith("/fd")}


def left_behind(before):
    """Returns what is there and was not; waits for a while until there is nothing."""
    until = time.monotonic() + LIMIT_SECONDS
    while leftovers() - before and time.monotonic() < until:
        threading.Event().wait(0.005)
    return sorted(leftovers() - before)


def play(case):
    """Plays a case, and returns what was seen."""
    faulthandler.dump_traceback_later(CASE_LIMIT_SECONDS, exit=True)
    before, evidence = leftovers(), Evidence()
    try:
        stage = Stage(case, evidence)
        try:
            ROWS[case["row"]](stage)
        finally:
            stage.close()
    except Exception:
        evidence.violations.append("threw " + traceback.format_exc())
    evidence.violations.extend("left: " + one for one in left_behind(before))
    faulthandler.cancel_dump_traceback_later()
    return evidence.to_json()


def play_all():
    for line in sys.stdin:
        sys.stdout.write(json.dumps(play(json.loads(line))) + "\n")
        sys.stdout.flush()


class Family:
    """Children that all do the same work."""

    def __init__(self, folder, words):
        self._folder = folder
        self._words = words
        self._sessions = []

    def raise_one(self, how, fill):
        """Starts a child, and has it answer, or hold, or do what else there is to do."""
        session = Session.spawn(self._words, name="fault")
        self._sessions.append(session)
        session.call(Work(0, "warm", ""))
        if how:
            session.request(Work(len(self._sessions), how, fill), None)

    def mark(self):
        with open(os.path.join(self._folder, "marks"), "ab", 0) as file:
            file.write(b"family pid=%d unreadBytes=0\n" % os.getpid())

    def reply(self, order):
        try:
            if order.startswith("spawn"):
                self.raise_one("", "")
            else:
                self._sessions[0].call(Work(0, "warm", ""))
            return "ok"
        except IpcFailure as failure:
            return str(failure).replace("\n", " ")

    def close(self):
        for session in self._sessions:
            session.close()


def raise_family(folder, count, how, fill, *words):
    family = Family(folder, list(words))
    hows = how.split(",")
    for number in range(int(count)):
        # the last word is for all children that are left
        family.raise_one(hows[min(number, len(hows) - 1)], fill)
    family.mark()
    for order in sys.stdin:
        print(order.strip(), family.reply(order), flush=True)
    family.close()


if __name__ == "__main__":
    if sys.argv[1] == "play":
        play_all()
    else:
        raise_family(*sys.argv[2:])
