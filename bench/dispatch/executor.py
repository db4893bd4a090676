"""The baseline: no-op tasks on ProcessPoolExecutor(2). For each number on stdin so many tasks; tasks a second on stdout."""
import sys
import time
from concurrent.futures import ProcessPoolExecutor


def noop(number):
    return number


def main():
    with ProcessPoolExecutor(2) as pool:
        for line in sys.stdin:
            count = int(line)
            start = time.perf_counter()
            calls = [pool.submit(noop, number) for number in range(count)]
            for call in calls:
                call.result()
            print(count / (time.perf_counter() - start), flush=True)


if __name__ == "__main__":
    main()
