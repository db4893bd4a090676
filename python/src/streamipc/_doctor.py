"""What `python -m streamipc doctor` tells: whether a program under this interpreter can be the child of a session.

The candidates are those of the Java side, in its order: see `Child.python` there.
"""
from __future__ import annotations

import os
import stat
import sys

from ._frame import VERSION
from ._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator, Optional, Tuple

    # A name, what is to be said of it, and whether a session can live with that.
    Finding = Tuple[str, str, bool]

OLDEST = (3, 8)
_WINDOWS = os.name == "nt"
_HOMES = ("VIRTUAL_ENV", "CONDA_PREFIX")


def report() -> Tuple[str, bool]:
    """Returns aligned lines, one for each finding, and whether a session can live with all of them."""
    findings = list(_findings())
    width = max(len(name) for name, _, _ in findings)
    lines = [f"{name:{width}}  {text}{'' if is_fit else '  <- FAULT'}" for name, text, is_fit in findings]
    return "\n".join(lines), all(is_fit for _, _, is_fit in findings)


def _findings() -> Iterator[Finding]:
    yield "interpreter", sys.executable or "unknown: sys.executable is empty", bool(sys.executable)
    yield version_finding(sys.version_info[:3])
    yield "prefix", sys.prefix if sys.prefix == sys.base_prefix else f"{sys.prefix} (made from {sys.base_prefix})", True
    yield "environment", _environment(), True
    for origin, path in _candidates():
        yield "candidate", f"{origin}: {_compared(path)}", True
    yield "package", f"streamipc {__version__} in {os.path.dirname(os.path.abspath(__file__))}", True
    yield "protocol", f"stream-ipc, version {VERSION}", True
    yield stream_finding("stdin", 0)
    yield stream_finding("stdout", 1)
    yield "numpy", _numpy(), True


def version_finding(version: Tuple[int, ...]) -> Finding:
    """Returns what is to be said of a version of Python."""
    text = "{}.{}.{}".format(*version) + f", {sys.implementation.name}"
    is_fit = version >= OLDEST
    return "version", text if is_fit else f"{text}: older than {OLDEST[0]}.{OLDEST[1]}", is_fit


def stream_finding(name: str, fd: int) -> Finding:
    """Returns whether a session could use a descriptor. One that a person looks at is no fault of the interpreter."""
    try:
        mode = os.fstat(fd).st_mode
    except OSError as error:
        return name, f"closed: {error.strerror}; its parent has to give it a pipe", False
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        return name, "a pipe or a socket: fit for a session", True
    what = "a terminal" if os.isatty(fd) else "a file" if stat.S_ISREG(mode) else "a device"
    return name, f"{what}: no session here and now; a parent gives a pipe", True


def _environment() -> str:
    if os.path.isdir(os.path.join(sys.prefix, "conda-meta")):
        return "conda"
    return "venv" if sys.prefix != sys.base_prefix else "none: the interpreter's own packages"


def _candidates() -> Iterator[Tuple[str, Optional[str]]]:
    for variable in _HOMES:
        home = os.environ.get(variable)
        below = "bin/python" if not _WINDOWS else "python.exe" if variable == "CONDA_PREFIX" else "Scripts\\python.exe"
        yield variable, os.path.join(home, below) if home else None
    for name in ("python3", "python"):
        yield name + " on PATH", _on_path(name + ".exe" if _WINDOWS else name)


def _on_path(name: str) -> Optional[str]:
    for folder in filter(None, os.environ.get("PATH", "").split(os.pathsep)):
        file = os.path.join(folder, name)
        if os.path.isfile(file) and os.access(file, os.X_OK):
            return file
    return None


def _compared(path: Optional[str]) -> str:
    """Says of a candidate whether it is this interpreter, as far as that can be seen without running it."""
    if path is None:
        return "not set, or no such file"
    if not os.path.exists(path):
        return f"{path} (a link to a file that is gone)" if os.path.islink(path) else f"{path} (no such file)"
    # The interpreters of several environments may be links to the same file.
    is_same = _folder(path) == _folder(sys.executable) and os.path.samefile(path, sys.executable)
    return f"{path} (this one)" if is_same else f"{path} (another one, or a script that chooses one)"


def _folder(path: str) -> str:
    return os.path.realpath(os.path.dirname(path))


def _numpy() -> str:
    try:
        from importlib.metadata import version

        return version("numpy")
    except ImportError:
        return "not installed; only fields of arrays need it"
