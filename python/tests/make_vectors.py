"""Writes the golden vectors of docs/PROTOCOL.md with nothing but struct and zlib: python3 make_vectors.py [folder]."""
import json
import os
import sys

from vectors_features import features
from vectors_frames import frames
from vectors_json import bodies
from vectors_streams import streams

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), *"../../src/test/resources/wire".split("/"))


def _lines(cases):
    return "[\n" + ",\n".join(json.dumps(case, ensure_ascii=True) for case in cases) + "\n]"


def files():
    """Returns the text of each file by its name; one case a line."""
    body = bodies()
    parts = ['"type": ' + json.dumps(body["type"]), '"good": ' + _lines(body["good"]), '"bad": ' + _lines(body["bad"])]
    sorts = ['"%s": %s' % (name, _lines(cases)) for name, cases in features().items()]
    return {
        "frames.json": _lines(frames()) + "\n",
        "streams.json": _lines(streams()) + "\n",
        "json.json": "{" + ",\n".join(parts) + "}\n",
        "features.json": "{" + ",\n".join(sorts) + "}\n",
    }


def main():
    """Writes the files."""
    folder = sys.argv[1] if len(sys.argv) > 1 else FOLDER
    for name, text in files().items():
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as out:
            out.write(text)


if __name__ == "__main__":
    main()
