"""Our child: answers Ask by Answer, and Bulk by the same bytes. Its word is the core to run on, if any."""
import os
import sys

if len(sys.argv) > 1:
    os.sched_setaffinity(0, {int(sys.argv[1])})

from messages import Answer, Ask, Bulk  # noqa: E402
from streamipc import Session  # noqa: E402

session = Session.stdio(max_payload_bytes=128 << 20)


@session.on_request(Ask)
def answer(ask):
    return Answer(ask.text)


@session.on_request(Bulk)
def echo(bulk):
    return bulk


session.serve()
