"""The house rules that a machine can hold: no import cycle, nothing but the standard library, small files."""
import ast
import os
import unittest

from fake_parent import SOURCES

PACKAGE = os.path.join(SOURCES, "streamipc")
STANDARD = {
    "__future__", "_json", "asyncio", "atexit", "binascii", "collections", "concurrent", "contextvars", "dataclasses", "datetime", "enum", "faulthandler", "fcntl", "importlib", "inspect", "itertools", "json", "logging",
    "math", "mmap", "os", "re", "select", "signal", "socket", "stat", "struct", "subprocess", "sys", "threading", "time", "traceback", "types", "typing", "uuid", "_thread",
    "weakref", "zlib",
}
# For type checkers; for who has arrays of it.
ALLOWED_WHERE_USED = {"typing_extensions", "numpy"}
# Fields of a header, the words that `subprocess` has for the same, and what may be said of a call by name.
WITH_MANY_PARAMETERS = {"_decoder._broken_rule", "_session.spawn", "_calling.call", "_calling.request"}
MAX_FILE_LINES, MAX_FUNCTION_LINES, MAX_PARAMETERS = 250, 40, 4


def _modules():
    for name in sorted(os.listdir(PACKAGE)):
        if name.endswith(".py"):
            with open(os.path.join(PACKAGE, name), encoding="utf-8") as file:
                text = file.read()
            yield name[:-3], text, ast.parse(text)


def _imports(tree):
    """Returns the names of outside modules and of own ones; blocks for type checkers count, too."""
    outside, own = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            outside.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                own.update([node.module] if node.module else [alias.name for alias in node.names])
            else:
                outside.add(node.module.split(".")[0])
    return outside, own


class House(unittest.TestCase):
    def test_no_two_modules_reach_each_other(self):
        left = {name: _imports(tree)[1] for name, _, tree in _modules()}
        self.assertGreater(sum(map(len, left.values())), 40, "the imports were not seen")
        while left:
            lowest = [name for name, own in left.items() if not own & set(left)]
            self.assertTrue(lowest, "in a circle, or above one: %s" % sorted(left))
            for name in lowest:
                del left[name]

    def test_only_the_standard_library_is_imported(self):
        for name, _, tree in _modules():
            self.assertLessEqual(_imports(tree)[0] - ALLOWED_WHERE_USED, STANDARD, name)

    def test_no_code_comes_out_of_data(self):
        called = set()
        for _, _, tree in _modules():
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    called.add(getattr(node.func, "id", None) or "." + getattr(node.func, "attr", ""))
        self.assertTrue({"isinstance", ".join"} <= called, "the calls were not seen")
        self.assertFalse(called & {"eval", "exec", "compile", "__import__", ".system", ".popen", ".import_module"})

    def test_files_and_functions_are_small(self):
        for name, text, tree in _modules():
            self.assertLessEqual(text.count("\n"), MAX_FILE_LINES, name)
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef):
                    place = "%s.%s" % (name, node.name)
                    parameters = [one.arg for one in node.args.args + node.args.kwonlyargs]
                    self.assertLessEqual(node.end_lineno - node.lineno + 1, MAX_FUNCTION_LINES, place)
                    if place not in WITH_MANY_PARAMETERS:
                        self.assertLessEqual(len({*parameters} - {"self", "cls"}), MAX_PARAMETERS, place)

    def test_what_is_public_has_a_docstring(self):
        for name, _, tree in _modules():
            self.assertTrue(ast.get_docstring(tree), name)
            for node in _public(tree):
                self.assertTrue(ast.get_docstring(node), "%s.%s" % (name, node.name))

    def test_lines_are_short(self):
        for name, text, _ in _modules():
            self.assertLessEqual(max(map(len, text.splitlines())), 120, name)


def _public(node):
    for inner in node.body:
        if isinstance(inner, (ast.FunctionDef, ast.ClassDef)) and not inner.name.startswith("_"):
            if not any(getattr(one, "id", "") == "overload" for one in inner.decorator_list):
                yield inner
            if isinstance(inner, ast.ClassDef):
                yield from _public(inner)


if __name__ == "__main__":
    unittest.main()
