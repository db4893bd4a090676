"""The command line: `python -m streamipc doctor`."""
from __future__ import annotations

import sys

from ._doctor import report

_USAGE = "usage: python -m streamipc doctor"


def main() -> int:
    """Does what the words ask for; returns the exit status: 0, 1 if the doctor found a fault, 2 for other words."""
    if sys.argv[1:] != ["doctor"]:
        print(_USAGE, file=sys.stderr)
        return 2
    text, is_fit = report()
    # Stdout may be the very thing that is missing.
    print(text, file=sys.stdout or sys.stderr)
    return 0 if is_fit else 1


if __name__ == "__main__":
    sys.exit(main())
