"""What the decoder does with damage that never ends."""
import unittest

import wire
from streamipc._decoder import DAMAGED, MAX_DAMAGED_IN_A_ROW, VIOLATION, Decoder


class Damage(unittest.TestCase):

    def test_damage_without_end_is_a_violation(self):
        good = wire.frame("NOTIFY", b"\0\0{}")
        damaged = wire.flip(good, len(good) - 1)
        decoder = Decoder(1 << 20, wire.SALT)

        most = decoder.feed(damaged * MAX_DAMAGED_IN_A_ROW + good)
        again = decoder.feed(damaged * (MAX_DAMAGED_IN_A_ROW + 1))

        self.assertEqual(MAX_DAMAGED_IN_A_ROW, sum(event[0] == DAMAGED for event in most))
        self.assertEqual(wire.KINDS["NOTIFY"], most[-1][0])
        self.assertEqual(VIOLATION, again[-1][0])
        self.assertEqual([], decoder.feed(good))


if __name__ == "__main__":
    unittest.main()
