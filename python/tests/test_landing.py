"""Chunks that are read straight to where they belong come to the same as those that are taken in."""
import os
import threading
import unittest

import wire
from streamipc._chunks import Chunks
from streamipc._decoder import JUNK, VIOLATION, Decoder
from streamipc._frame import CHUNK, allowed_flags
from streamipc._landing import read_ahead
from streamipc._room import Spare, mapped

LIMIT = 1 << 23
LARGE = os.urandom(1 << 20) + bytes(range(256)) * 5000
ALLOWED = allowed_flags(["chunks"])
FRAME_BYTES = wire.HEADER_BYTES + wire.CHUNK_BYTES + 4


def pieces_of(call_id=1, number=1, data=LARGE):
    return wire.chunks("REPLY", data, call_id, number)


class Reader:
    """Reads a stream as a session does, with or without a look at where chunks may land."""

    def __init__(self, fd, lands):
        self.fd = fd
        self.lands = lands
        self.decoder = Decoder(LIMIT, wire.SALT)
        self.decoder.salt_is(wire.SALT, ALLOWED)
        self.chunks = Chunks(wire.SALT, ALLOWED, LIMIT)
        self.landed_bytes = 0
        self.events = []

    def all(self):
        data = b"?"
        while data:
            data = self.read()
            for event in self.decoder.feed(data) if data else self.decoder.end():
                self.take(event)
        return self.events

    def read(self):
        landing = self.chunks.landing
        if self.lands and landing is not None:
            before = self.decoder._offset_bytes
            data = read_ahead(self.fd, landing, self.decoder, lambda: False)
            self.landed_bytes += self.decoder._offset_bytes - before
            if data is not None:
                return data
        return os.read(self.fd, 65_536)

    def take(self, event):
        kind, flags, call_id, payload = event
        if kind == CHUNK or kind == -2 and payload[0] == CHUNK:
            for made in self.chunks.take(flags, call_id, payload if kind == CHUNK else None):
                self.take(made)
        elif kind == JUNK and self.events and self.events[-1][0] == JUNK:
            self.events[-1] = (JUNK, 0, 0, self.events[-1][3] + payload)
        else:
            self.events.append((kind, flags, call_id, bytes(payload)))


@unittest.skipIf(mapped(1) is None, "no memory to land in is to be had here")
class Landings(unittest.TestCase):
    def both(self, stream, step):
        """Returns the events of a stream that comes in writes of so many bytes; asserts that landing changes nothing."""
        came = []
        for lands in (False, True):
            read_fd, write_fd = os.pipe()

            def write(fd=write_fd):
                for start in range(0, len(stream), step):
                    os.write(fd, stream[start:start + step])
                os.close(fd)

            writer = threading.Thread(target=write)
            writer.start()
            reader = Reader(read_fd, lands)
            came.append(reader.all())
            writer.join()
            os.close(read_fd)
        self.assertTrue(came[0] == came[1], [event[:3] for events in came for event in events])
        self.landed_bytes = reader.landed_bytes
        return came[1]

    def test_a_message_is_whole_however_it_is_cut(self):
        stream = b"".join(pieces_of() + pieces_of(2, 2))
        for step in (1000, 4096, 65_536, 65_564, 70_001, 1 << 20):
            with self.subTest(step):
                events = self.both(stream, step)
                self.assertEqual([(1, True), (2, True)], [(one[2], one[3] == LARGE) for one in events])
                self.assertGreater(self.landed_bytes, len(LARGE))

    def test_frames_between_chunks_keep_their_place(self):
        pieces = pieces_of()
        answer = wire.frame("REPLY", b"\0\0{}", 7)
        for at in (1, 2, 5, len(pieces) - 1):
            for step in (999, 65_536, 1 << 20):
                with self.subTest(at=at, step=step):
                    events = self.both(b"".join(pieces[:at] + [answer] + pieces[at:]), step)
                    self.assertEqual([7, 1], [one[2] for one in events])
                    self.assertTrue(events[1][3] == LARGE)

    def test_messages_that_take_turns_are_told_apart(self):
        one, other = pieces_of(1, 1), pieces_of(2, 2, LARGE[::-1])
        stream = b"".join(one[:3]) + b"".join(a + b for a, b in zip(one[3:], other)) + b"".join(other[len(one) - 3:])
        events = self.both(stream, 65_000)
        self.assertEqual([(1, True), (2, True)], [(a[2], a[3] in (LARGE, LARGE[::-1])) for a in events])

    def test_damage_junk_and_the_end_of_the_stream_are_what_they_are_elsewhere(self):
        whole = b"".join(pieces_of() + pieces_of(2, 2))
        for at in (3 * FRAME_BYTES, 3 * FRAME_BYTES + 5, 4 * FRAME_BYTES + 500, 6 * FRAME_BYTES - 1):
            for name, stream in (
                ("flipped", wire.flip(whole, at)),
                ("junk", whole[:at] + b"printed\n" + whole[at:]),
                ("lost", whole[:at] + whole[at + 100:]),
                ("end", whole[:at]),
            ):
                for step in (4096, 65_536, 1 << 20):
                    with self.subTest(name, at=at, step=step):
                        self.both(stream, step)

    def test_a_violation_is_told_at_its_offset(self):
        stream = b"".join(pieces_of()[:9]) + wire.frame("REPLY", bytes(10), 3, 0x4000)
        ((kind, _, offset_bytes, _),) = self.both(stream, 65_536)
        self.assertEqual((VIOLATION, 9 * FRAME_BYTES), (kind, offset_bytes))


@unittest.skipIf(mapped(1) is None, "no memory is kept here")
class Spares(unittest.TestCase):
    def test_memory_that_nobody_looks_at_serves_the_next_message(self):
        spare = Spare()
        first = spare.take(1 << 20)
        first[:3] = b"old"
        kept = first[:3].toreadonly()
        del first
        second = spare.take(1 << 20)
        second[:3] = b"new"
        self.assertEqual(b"old", bytes(kept))
        del second
        self.assertEqual(b"new", bytes(spare.take(1 << 20)[:3]))

    def test_memory_is_given_back_after_a_while_and_never_kept_for_much_less(self):
        spare = Spare()
        spare.take(8 << 20)[:3] = b"old"
        self.assertNotEqual(b"old", bytes(spare.take(1 << 20)[:3]))
        spare.take(1 << 20)[:3] = b"old"
        spare.look(float("inf"))
        self.assertNotEqual(b"old", bytes(spare.take(1 << 20)[:3]))


if __name__ == "__main__":
    unittest.main()
