"""Builds the wheel and the source archive: the hooks of PEP 517, with the standard library alone.

It needs nothing to be installed or downloaded, and the same sources become the same bytes: names in order, one time and
one mode for all. Nothing in a wheel is compressed, so that its bytes are the same on every interpreter, too.
"""
import base64
import gzip
import hashlib
import io
import os
import re
import tarfile
import zipfile
from ast import literal_eval

_HERE = os.path.dirname(os.path.abspath(__file__))
_SOURCES = os.path.join(_HERE, "src")
# The earliest that a zip can hold.
_TIME = (1980, 1, 1, 0, 0, 0)
_TIME_SECONDS = 315532800
_MODE = 0o644


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """Writes the wheel into a folder; returns its name."""
    return _write_wheel(wheel_directory, _sources())


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    """Writes a wheel that only points to these sources; returns its name."""
    return _write_wheel(wheel_directory, [("streamipc.pth", (_SOURCES + "\n").encode())])


def build_sdist(sdist_directory, config_settings=None):
    """Writes what a wheel can be built from into a folder; returns its name."""
    stem = "streamipc-" + _version()
    files = [(name, _read(name)) for name in ("README.md", "pyproject.toml", "streamipc_build.py")]
    files += [("src/" + name, data) for name, data in _sources()]
    files += [("LICENSE", _read("LICENSE")), ("PKG-INFO", _metadata())]
    with open(os.path.join(sdist_directory, stem + ".tar.gz"), "wb") as file:
        # Without a name and a time of its own in the header.
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=_TIME_SECONDS) as packed:
            with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
                for name, data in sorted(files):
                    entry = tarfile.TarInfo(stem + "/" + name)
                    entry.size, entry.mode, entry.mtime = len(data), _MODE, _TIME_SECONDS
                    archive.addfile(entry, io.BytesIO(data))
    return stem + ".tar.gz"


def _write_wheel(folder, files):
    stem = "streamipc-" + _version()
    info = stem + ".dist-info/"
    tags = b"Wheel-Version: 1.0\nGenerator: streamipc_build\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = sorted(files) + [(info + "LICENSE", _read("LICENSE")), (info + "METADATA", _metadata()), (info + "WHEEL", tags)]
    record = "".join("%s,sha256=%s,%d\n" % (name, _digest(data), len(data)) for name, data in files)
    files.append((info + "RECORD", (record + info + "RECORD,,\n").encode()))
    name = stem + "-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w", zipfile.ZIP_STORED) as wheel:
        for path, data in files:
            entry = zipfile.ZipInfo(path, _TIME)
            # As made on Unix, wherever it is made.
            entry.create_system, entry.external_attr = 3, (0o100000 | _MODE) << 16
            wheel.writestr(entry, data)
    return name


def _sources():
    folder = os.path.join(_SOURCES, "streamipc")
    names = sorted(name for name in os.listdir(folder) if name.endswith((".py", ".pyi")) or name == "py.typed")
    return [("streamipc/" + name, _read("src", "streamipc", name)) for name in names]


def _metadata():
    project = _project()
    lines = ["Metadata-Version: 2.1", "Name: " + project["name"], "Version: " + _version()]
    lines += ["Summary: " + project["description"], "License: " + project["license"]["text"]]
    lines += ["Classifier: " + one for one in project["classifiers"]]
    lines += ["Requires-Python: " + project["requires-python"], "Description-Content-Type: text/markdown", "", ""]
    return "\n".join(lines).encode() + _read(project["readme"])


def _project():
    """Returns the table [project]. There is no reader of TOML before Python 3.11, but its plain values are Python's."""
    table = re.search(r"^\[project\]\n(.*?)(?=^\[|\Z)", _read("pyproject.toml").decode(), re.MULTILINE | re.DOTALL)
    values = re.findall(r"^([\w-]+) = (.*?)$(?=\n[\w-]+ = |\s*\Z)", table.group(1), re.MULTILINE | re.DOTALL)
    return {name: literal_eval(re.sub(r"(?m)^{ (\w+) = (.*) }$", r'{"\1": \2}', value)) for name, value in values}


def _version():
    return re.search(r'^__version__ = "(.+)"$', _read("src", "streamipc", "_version.py").decode(), re.MULTILINE).group(1)


def _read(*path):
    with open(os.path.join(_HERE, *path), "rb") as file:
        return file.read()


def _digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
