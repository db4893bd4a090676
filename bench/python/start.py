"""From the start of a child to its READY, against the same interpreter to its first byte; in a bare environment."""
import os
import subprocess
import sys
import tempfile
import venv
from time import perf_counter

from figures import Row, p50
from messages import HERE, SOURCES, TYPES
from thin import ThinParent


def measure(rounds, starts):
    """Prints the row of starts."""
    row = Row("P5.start", "ms", "interpreter-to-first-byte", ("<=", 25.0, "ours"))
    with tempfile.TemporaryDirectory(prefix="streamipc-bench-") as folder:
        # An environment of its own: nothing that others have installed is imported.
        venv.create(os.path.join(folder, "bare"), symlinks=True)
        python = os.path.join(folder, "bare", "bin", "python")
        environment = {
            "PATH": os.environ.get("PATH", ""), "HOME": folder, "PYTHONPATH": SOURCES,
            "PYTHONPYCACHEPREFIX": os.path.join(folder, "compiled"),
        }
        # The first one compiles.
        _ready_ms(python, environment)
        for _ in range(rounds):
            pairs = [(_ready_ms(python, environment), _byte_ms(python, environment)) for _ in range(starts)]
            row.add(p50([ours for ours, _ in pairs]), p50([bare for _, bare in pairs]))
    row.tell()


def _ready_ms(python, environment):
    start = perf_counter()
    parent = ThinParent([python, os.path.join(HERE, "child.py")], TYPES, environment)
    spent = perf_counter() - start
    parent.close()
    return spent * 1e3


def _byte_ms(python, environment):
    start = perf_counter()
    words = [python, "-c", "import os; os.write(1, b'x')"]
    with subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        os.read(process.stdout.fileno(), 1)
        spent = perf_counter() - start
    return spent * 1e3
