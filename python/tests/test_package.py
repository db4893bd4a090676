"""What is delivered: the wheel and the archive of the sources, and the page that goes with them."""
import base64
import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile

from fake_parent import SOURCES

ROOT = os.path.dirname(SOURCES)
LIMIT_SECONDS = 60
MAX_CHILD_LINES = 10
BUILD = "import sys, streamipc_build as build; print(getattr(build, sys.argv[1])(sys.argv[2]))"


def _built(root, hook, folder):
    """Runs a hook as an installer does: in a process of its own, in the folder of pyproject.toml."""
    run = subprocess.run(
        [sys.executable, "-c", BUILD, hook, folder], cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, timeout=LIMIT_SECONDS, env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"),
        universal_newlines=True,
    )
    assert run.returncode == 0, run.stderr
    return os.path.join(folder, run.stdout.strip())


def _copy(folder):
    """Copies what a build takes; times, modes and what is left behind by others are not the same as here."""
    root = os.path.join(folder, "copy of python")
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns("__pycache__", ".mypy_cache", "tests"))
    for place, _, names in os.walk(root):
        for name in names:
            os.utime(os.path.join(place, name), (1, 1))
            os.chmod(os.path.join(place, name), 0o600)
    package = os.path.join(root, "src", "streamipc")
    os.mkdir(os.path.join(package, "__pycache__"))
    for left in ("__pycache__/x.pyc", "_session.py.orig"):
        with open(os.path.join(package, left), "w") as file:
            file.write("left behind")
    return root


def _bytes(path):
    with open(path, "rb") as file:
        return file.read()


@unittest.skipUnless(os.path.exists(os.path.join(ROOT, "streamipc_build.py")), "the package was taken out")
class Package(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_two_builds_are_byte_equal_wherever_they_are_made(self):
        copy = _copy(self.folder)
        for hook in ("build_wheel", "build_sdist"):
            self.assertEqual(_bytes(_built(ROOT, hook, self.folder)), _bytes(_built(copy, hook, copy)), hook)

    def test_it_builds_from_its_folder_alone_with_the_license_of_the_repository(self):
        self.assertEqual(_bytes(os.path.join(ROOT, os.pardir, "LICENSE")), _bytes(os.path.join(ROOT, "LICENSE")))

    def test_a_wheel_from_the_archive_is_the_wheel(self):
        packed = _built(ROOT, "build_sdist", self.folder)
        self.assertEqual(315532800, int.from_bytes(_bytes(packed)[4:8], "little"), "the time in the header of gzip")
        with tarfile.open(packed) as archive:
            self.assertEqual({315532800}, {entry.mtime for entry in archive})
            (root,) = {name.split("/")[0] for name in archive.getnames()}
            for entry in archive:
                path = os.path.join(self.folder, *entry.name.split("/"))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(archive.extractfile(entry).read())
        root = os.path.join(self.folder, root)
        self.assertEqual(_bytes(_built(ROOT, "build_wheel", self.folder)), _bytes(_built(root, "build_wheel", root)))

    def test_the_wheel_has_the_whole_package_and_nothing_else(self):
        package = os.path.join(SOURCES, "streamipc")
        modules = {"streamipc/" + name for name in os.listdir(package) if name.endswith(".py")}
        with zipfile.ZipFile(_built(ROOT, "build_wheel", self.folder)) as wheel:
            names = {name for name in wheel.namelist() if ".dist-info/" not in name}
            self.assertEqual(modules | {"streamipc/py.typed"}, names)
            for name in names:
                self.assertEqual(_bytes(os.path.join(SOURCES, *name.split("/"))), wheel.read(name), name)

    def test_the_record_tells_each_file(self):
        with zipfile.ZipFile(_built(ROOT, "build_wheel", self.folder)) as wheel:
            (record,) = [name for name in wheel.namelist() if name.endswith(".dist-info/RECORD")]
            rows = {name: (digest, size) for name, digest, size in csv.reader(io.StringIO(wheel.read(record).decode()))}
            self.assertEqual(set(wheel.namelist()), set(rows))
            self.assertEqual(("", ""), rows.pop(record))
            # Of now, two builds would often be equal by chance.
            self.assertEqual({(1980, 1, 1, 0, 0, 0)}, {entry.date_time for entry in wheel.infolist()})
            for name, (digest, size) in rows.items():
                data = wheel.read(name)
                expected = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
                self.assertEqual(("sha256=" + expected, str(len(data))), (digest, size), name)

    def test_the_metadata_is_that_of_the_project(self):
        with zipfile.ZipFile(_built(ROOT, "build_wheel", self.folder)) as wheel:
            (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
            head, body = wheel.read(name).decode().split("\n\n", 1)
        fields = dict(line.split(": ", 1) for line in head.splitlines())
        self.assertEqual(("streamipc", ">=3.8", "text/markdown"),
                         (fields["Name"], fields["Requires-Python"], fields["Description-Content-Type"]))
        self.assertEqual(_bytes(os.path.join(ROOT, "README.md")).decode(), body)
        try:
            import tomllib
        except ImportError:
            return
        project = tomllib.loads(_bytes(os.path.join(ROOT, "pyproject.toml")).decode())["project"]
        self.assertEqual(project["description"], fields["Summary"])
        self.assertEqual(project["license"]["text"], fields["License"])
        self.assertEqual(project["classifiers"],
                         [line.split(": ", 1)[1] for line in head.splitlines() if line.startswith("Classifier: ")])

    def test_the_wheel_is_enough_to_run(self):
        wheel = _built(ROOT, "build_wheel", self.folder)
        run = subprocess.run(
            [sys.executable, "-m", "streamipc", "doctor"], cwd=self.folder, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, timeout=LIMIT_SECONDS, env=dict(os.environ, PYTHONPATH=wheel),
        )
        self.assertEqual(0, run.returncode, run.stdout)
        self.assertIn(wheel.encode(), run.stdout)

    def test_the_editable_wheel_points_here(self):
        with zipfile.ZipFile(_built(ROOT, "build_editable", self.folder)) as wheel:
            self.assertEqual(SOURCES, os.path.realpath(wheel.read("streamipc.pth").decode().strip()))

    def test_the_child_of_the_page_has_ten_lines(self):
        page = _bytes(os.path.join(ROOT, "README.md")).decode()
        child = re.search(r"```python\n(.*?)```", page, re.DOTALL).group(1)
        self.assertIn("session.serve()", child)
        self.assertLessEqual(len([line for line in child.splitlines() if line.strip()]), MAX_CHILD_LINES)


if __name__ == "__main__":
    unittest.main()
