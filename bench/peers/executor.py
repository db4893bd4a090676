"""ProcessPoolExecutor(2): no-op tasks a second."""
import time
from concurrent.futures import ProcessPoolExecutor

import turns

TASKS = 5000


def noop(number):
    return number


def main():
    with ProcessPoolExecutor(2) as pool:

        def measure():
            start = time.perf_counter()
            calls = [pool.submit(noop, number) for number in range(TASKS)]
            for call in calls:
                call.result()
            return TASKS / (time.perf_counter() - start)

        turns.answer(measure)


if __name__ == "__main__":
    main()
