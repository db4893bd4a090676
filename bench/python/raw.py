"""The child of the raw pipes: reads as many bytes as its word says, and writes them back, until its stdin ends."""
import os
import sys

buffer = memoryview(bytearray(int(sys.argv[1])))
while True:
    left = buffer
    while left:
        count = os.readv(0, [left[:1 << 20]])
        if not count:
            sys.exit()
        left = left[count:]
    left = buffer
    while left:
        left = left[os.write(1, left[:1 << 20]):]
