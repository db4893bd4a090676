"""The messages between a parent that a test is and a child that it starts: the same text makes them on both sides."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))

from streamipc import Attachment, message  # noqa: E402,F401

_CLASSES = """
@message
class Ask:
    text: str
@message
class Answer:
    text: str
@message
class Bulk:
    data: Attachment
@message
class Count:
    upto: int
"""
TYPES = "import asyncio, os, signal, sys, threading, time\nfrom streamipc import *\n" + _CLASSES
exec(_CLASSES)
