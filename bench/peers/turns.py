"""The line protocol of a side: warm up, take the cores, say READY, then a figure for each line on stdin."""
import os
import sys

MILLIS = int(os.environ.get("BENCH_MILLIS", "200"))


def pin(children):
    core = os.environ.get("BENCH_CORE")
    if core:
        for child in children:
            os.sched_setaffinity(child, {int(os.environ["BENCH_CHILD_CORE"])})
        os.sched_setaffinity(0, {int(core)})


def answer(measure, children=(), warm_up=3):
    for _ in range(warm_up):
        measure()
    pin(children)
    print("READY", flush=True)
    for _ in sys.stdin:
        print(measure(), flush=True)
