"""What the native recorder deflates, zlib inflates."""

from __future__ import annotations

import os
import random
import sys
import unittest
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from recorders import HAS_NATIVE  # noqa: E402

from pytracer import recorder_choice  # noqa: E402


@unittest.skipUnless(HAS_NATIVE, "no native recorder is built for this Python")
class Deflate(unittest.TestCase):
    def setUp(self):
        self.native = recorder_choice.load()

    def check(self, raw):
        packed = self.native.deflate(raw)
        if packed == raw:
            return raw
        inflate = zlib.decompressobj(-15)
        self.assertEqual(inflate.decompress(packed) + inflate.flush(), raw)
        self.assertTrue(inflate.eof)
        self.assertEqual(inflate.unused_data, b"")
        return packed

    def test_random_texts_come_back(self):
        chance = random.Random(1)
        for round_number in range(600):
            size = chance.choice(
                (0, 1, 3, 4, 5, 100, 3000, 70_000 if round_number % 50 == 0 else 9)
            )
            for raw in (
                bytes(chance.randrange(256) for _ in range(size)),
                bytes(size),
                bytes(chance.choice(b"abc") for _ in range(size)),
                (b"a phrase " * size)[:size],
                bytes(min(255, int(chance.expovariate(0.05))) for _ in range(size)),
            ):
                self.check(raw)

    def test_codes_that_would_be_too_long_are_cut(self):
        weights = [1, 1]
        while sum(weights) < 400_000:
            weights.append(weights[-1] + weights[-2])
        letters = [value for value, weight in enumerate(weights) for _ in range(weight)]
        random.Random(2).shuffle(letters)
        self.check(bytes(letters))

    def test_what_repeats_becomes_small(self):
        raw = b"".join(b"%d: the same words again\n" % (number % 50) for number in range(5000))
        self.assertLess(len(self.check(raw)), len(raw) // 20)


if __name__ == "__main__":
    unittest.main()
