"""The messages of the measured children, and where the package is."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = os.path.join(os.path.dirname(os.path.dirname(HERE)), "python", "src")
sys.path.append(SOURCES)

from streamipc import Attachment, message  # noqa: E402

# In the order of their numbers: the package's own, then these.
TYPES = ["LogMessage", "Ask", "Answer", "Bulk"]
TEXT = "resize images/2026/01/31/4711.png to 320"


@message
class Ask:
    text: str


@message
class Answer:
    text: str


@message
class Bulk:
    data: Attachment
