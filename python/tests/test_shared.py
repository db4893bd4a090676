"""The rings that a child shares with its parent, both sides played here. Against a real parent they are tested from Java."""
import os
import shutil
import socket
import struct
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))

from streamipc import StartFailed  # noqa: E402
from streamipc._bell import Bell  # noqa: E402
from streamipc._frame import FrameWriter  # noqa: E402
from streamipc._outbound import Outbound  # noqa: E402
from streamipc._shared import Damaged, Memory, RingReader, Rings, RingWriter  # noqa: E402
from streamipc._shared_way import SharedPipe  # noqa: E402
from test_outbound import is_cut  # noqa: E402

SIZE = 4096
LIMIT_SECONDS = 20.0
DOWN_AT, UP_AT = 1024, 2048


class Shared(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.path = os.path.join(folder, "s")
        self.write_file(struct.pack("=QQQ", 0x5349504352494E47, 1, SIZE))
        self.others = []
        self.rings = Rings(self.path, self.connect)
        self.reader, self.writer = self.rings.incoming, self.rings.outgoing
        self.memory = Memory(self.path + ".ring")
        heard, room = (Bell(one) for one in self.others)
        self.bells = heard, room
        self.down = RingWriter(self.memory, DOWN_AT, room, heard)
        self.up = RingReader(self.memory, UP_AT, heard, room)

    def write_file(self, head, length=4096 + 2 * SIZE):
        with open(self.path + ".ring", "wb") as file:
            file.write(head.ljust(length, b"\0"))

    def connect(self, path):
        self.assertEqual(self.path, path)
        ours, other = socket.socketpair()
        self.others.append(other)
        return ours

    def test_every_offset_carries_every_size_that_matters(self):
        for size in (1, 8, 1023, 1024, 1025, SIZE):
            for lap in range(0, SIZE, 7):
                self.carry(os.urandom(size))
                self.carry(os.urandom((lap - size) % SIZE + 1))

    def carry(self, sent):
        rest = memoryview(sent)
        while rest:
            rest = rest[self.down.write(rest, False):]
        came = b""
        while len(came) < len(sent):
            came += self.reader.read(1500)
        self.assertEqual(sent, came)

    def test_what_is_more_than_fits_waits_for_its_reader(self):
        sent, came = os.urandom(40 * SIZE), bytearray()

        def write():
            rest = memoryview(sent)
            while rest:
                rest = rest[self.writer.write(rest, True):]
            self.writer.leave()

        thread = threading.Thread(target=write)
        thread.start()
        while True:
            data = self.up.read(3000)
            if not data:
                break
            came += data
        thread.join()
        self.assertEqual(sent, came)
        self.assertTrue(self.up.is_over())

    def _is_cut(self, at):
        self.setUp()
        outbound = Outbound(SharedPipe(self.rings), FrameWriter(bytes(4)), lambda _error: None)
        outbound.open()
        came = []

        def read():
            while True:
                data = self.up.read(SIZE)
                came.append(data)
                if not data:
                    return

        outbound.put(3 * SIZE * b"a")
        reader = threading.Thread(target=read)
        reader.start()
        was_cut = is_cut(outbound, at)
        reader.join(LIMIT_SECONDS)
        self.assertEqual(3 * SIZE * b"a" + b"b", b"".join(came), at)
        for bell in (*self.bells, self.rings.bytes, self.rings.room):
            for fd in (bell.fd, bell._roused_fd, bell._rouse_fd):
                os.close(fd)
        self.doCleanups()
        return was_cut

    def test_a_signal_handler_that_raises_neither_loses_nor_doubles_what_leaves(self):
        # From here on the way through the ring differs with what its reader does meanwhile.
        self.assertTrue(all([self._is_cut(at) for at in range(1, 90)]))

    def test_a_full_ring_takes_nothing_of_who_may_not_wait(self):
        rest = memoryview(bytes(SIZE))
        while rest:
            rest = rest[self.writer.write(rest, False):]
        self.assertEqual(0, self.writer.write(memoryview(b"x"), False))

    def test_death_of_the_other_side_ends_both_directions(self):
        self.down.write(memoryview(b"last"), False)
        for bell in self.bells:
            os.close(bell.fd)
        self.assertEqual(b"last", self.reader.read(99))
        self.assertEqual(b"", self.reader.read(99))
        with self.assertRaises(BrokenPipeError):
            rest = memoryview(bytes(2 * SIZE))
            while rest:
                rest = rest[self.writer.write(rest, True):]

    def test_a_wait_is_ended_from_here(self):
        thread = threading.Thread(target=lambda: came.append(self.reader.read(9)))
        came = []
        thread.start()
        self.reader.rouse()
        thread.join()
        self.assertEqual([b""], came)

    def test_a_wait_ends_when_its_time_is_up(self):
        self.assertEqual(0, self.reader.wait(0.01))

    def test_words_that_cant_be_are_damage(self):
        for word, side in ((DOWN_AT // 8, lambda: self.reader.read(9)), (UP_AT // 8 + 16, self.writer.look)):
            for value in (SIZE + 1, 1 << 63, (1 << 64) - 1):
                self.memory.words[word] = value
                with self.assertRaisesRegex(Damaged, "shared memory is damaged: word="):
                    side()

    def test_a_file_of_another_layout_is_refused(self):
        heads = [b"", struct.pack("=QQQ", 1, 1, SIZE), struct.pack("=QQQ", 0x5349504352494E47, 2, SIZE)]
        heads += [struct.pack("=QQQ", 0x5349504352494E47, 1, size) for size in (SIZE + 1, 2 * SIZE, 1 << 40)]
        for head in heads:
            self.write_file(head)
            with self.assertRaisesRegex(StartFailed, "shared memory has another layout"):
                Rings(self.path, self.connect)
        self.write_file(b"", 0)
        with self.assertRaises(StartFailed):
            Rings(self.path, self.connect)


if __name__ == "__main__":
    unittest.main()
