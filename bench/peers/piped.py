"""multiprocessing.Pipe: a dataclass there and one back; the median in microseconds."""
import multiprocessing
from dataclasses import dataclass
from time import perf_counter

import turns


@dataclass
class Ask:
    number: int


@dataclass
class Answer:
    number: int


def echo(connection):
    try:
        while True:
            connection.send(Answer(connection.recv().number))
    except EOFError:
        pass


def main():
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=echo, args=(theirs,), daemon=True)
    process.start()
    theirs.close()

    def measure():
        times = []
        end = perf_counter() + turns.MILLIS / 1000
        while perf_counter() < end:
            start = perf_counter()
            ours.send(Ask(1))
            ours.recv()
            times.append(perf_counter() - start)
        return sorted(times)[len(times) // 2] * 1e6

    turns.answer(measure, [process.pid])
    ours.close()
    process.join()


if __name__ == "__main__":
    main()
