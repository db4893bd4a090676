"""Holds that docs/TROUBLESHOOTING.md has each text by which the package complains, and none that it has not."""
import ast
import os
import re
import unittest

from fake_parent import SOURCES

PACKAGE = os.path.join(SOURCES, "streamipc")
PAGE = os.path.join(SOURCES, "..", "..", "docs", "TROUBLESHOOTING.md")
PART = "## In a Python child"

# What the doctor says are facts, each with what to do.
WITHOUT_COMPLAINTS = {"_doctor.py", "__main__.py"}
# Calls whose texts are quiet, and those that only say what was expected: `expected ..., found ...` is in the page.
QUIET_METHODS = {"debug", "info"}
QUIET_FUNCTIONS = {"refuse", "_plan"}
# Parts of a longer text, and names.
NO_MESSAGES = {
    "=", "array of", "array of numbers", "array of shape", "field", "has no attribute", "shape", "the child", "the parent",
    "map with keys of", "object with one of", "one of", "stream-ipc", "tuple of", "",
    "Error: Could not create the Java", "Error: A fatal exception has",  # what a JVM says
}
NOT_FIXED = re.compile(r"\{\}|%[a-z]|[,;:]? ?\b[\w.]+=(?:\{\}|%[a-z]|[^\s,;]*)")


def _fixed_words(text):
    """Returns the first words that are the same whatever happens; at least two, if the text has two in a row."""
    pieces = [piece.lstrip(" \t\n,;:)").rstrip(" \t\n,;:(") for piece in NOT_FIXED.split(text)]
    pieces = [piece for piece in pieces if piece]
    return next((piece for piece in pieces if " " in piece), pieces[0] if pieces else "")


def _text(node):
    """Returns a text with gaps for what is known only later, or None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _text(node.left)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left), _text(node.right)
        return None if left is None and right is None else (left or "{}") + (right or "{}")
    return None


def _is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _texts(node):
    text = _text(node)
    if text is not None:
        if " " in text.strip():
            yield _fixed_words(text)
        return
    called = getattr(node, "func", None)
    if getattr(called, "id", "") in QUIET_FUNCTIONS or getattr(called, "attr", "") in QUIET_METHODS:
        return
    for inner in ast.iter_child_nodes(node):
        if not _is_docstring(inner):
            yield from _texts(inner)


def _messages():
    found = {}
    for name in sorted(os.listdir(PACKAGE)):
        if name.endswith(".py") and name not in WITHOUT_COMPLAINTS:
            with open(os.path.join(PACKAGE, name), encoding="utf-8") as file:
                found.update((words, name) for words in _texts(ast.parse(file.read())))
    return found


def _entries(page):
    cells = re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)
    return {entry for cell in cells for entry in re.findall(r"`([^`]+)`", cell)}


@unittest.skipUnless(os.path.exists(PAGE), "the package was taken out of its repository")
class Texts(unittest.TestCase):
    def test_every_message_is_in_the_page_and_no_other(self):
        with open(PAGE, encoding="utf-8") as file:
            page = file.read()
        messages = _messages()
        whole, own = _entries(page), _entries(page[page.index(PART):])
        missing = {words: name for words, name in messages.items() if words not in whole | NO_MESSAGES}
        self.assertEqual({}, missing, "put into docs/TROUBLESHOOTING.md")
        self.assertEqual(set(), own - set(messages), "no source says so any more, take it out of the page")
        self.assertEqual(set(), NO_MESSAGES - set(messages), "no longer needed in the list of this test")

    def test_texts_are_found_wherever_they_stand(self):
        tree = ast.parse(
            '"""Nobody looks for this."""\n'
            'def run(n):\n'
            '    """Nor for this."""\n'
            '    log().warning("too few are left: open=%d", n)\n'
            '    log().info("said in passing")\n'
            '    raise ValueError(f"no luck: n={n}, " + str(n))\n'
        )
        self.assertEqual(["too few are left", "no luck"], list(_texts(tree)))


if __name__ == "__main__":
    unittest.main()
