"""Values come back from their bytes as they were."""

from __future__ import annotations

import math
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from decode_log import UNBOUND as DECODED_UNBOUND  # noqa: E402
from decode_log import Reader

from pytracer.values import LEFT_OUT, UNBOUND, LongText, ValueEncoder, same  # noqa: E402


class Writer:
    """As much of a LogWriter as values need."""

    def __init__(self):
        self.strings = {}
        self.blobs = {}
        self.file_number = 0

    def frame(self, kind, payload, ident=0):
        reader = Reader(payload, {})
        number, form = reader.uv(), reader.u8()
        rest = payload[reader.place :]
        self.blobs[number] = rest.decode("utf-8", "surrogatepass") if form == 1 else rest


class Values(unittest.TestCase):
    def setUp(self):
        self.writer = Writer()
        self.encoder = ValueEncoder(self.writer, 100_000, type("NoEntry", (), {}))

    def back(self, value, inline=False):
        buf = bytearray()
        (self.encoder.put_inline if inline else self.encoder.put)(buf, value)
        reader = Reader(bytes(buf), self.writer.blobs)
        reader.inline = inline
        decoded = reader.value()
        self.assertEqual(reader.place, len(buf))
        return decoded

    def test_scalars_survive(self):
        for value in (
            None,
            True,
            False,
            0,
            -1,
            1,
            127,
            128,
            -(2**53) + 1,
            2**53 - 1,
            2**53,
            -(2**53),
            10**300,
            -(10**300),
            0.0,
            -0.0,
            1.5,
            math.inf,
            -math.inf,
            1e-320,
            2j,
            complex(-0.0, math.inf),
            "",
            "é",
            "\ud800",
            "x" * 129,
            "x" * 3000,
            b"",
            b"\0\xff",
            b"y" * 3000,
            "z" * 90_000,
            b"z" * 90_000,
            ...,
            NotImplemented,
        ):
            for inline in (False, True):
                with self.subTest(repr(value)[:40], inline=inline):
                    self.writer.strings.clear()
                    kind, decoded = self.back(value, inline)
                    self.assertEqual((kind, repr(decoded)), ("scalar", repr(value)))
        self.assertTrue(math.isnan(self.back(math.nan)[1]))

    def test_markers_survive(self):
        self.assertEqual(self.back(UNBOUND), DECODED_UNBOUND)
        self.assertEqual(self.back(LEFT_OUT), ("not recorded", 1))

    def test_what_is_too_long_is_cut_with_its_true_size(self):
        encoder = ValueEncoder(self.writer, 16, type("NoEntry", (), {}))
        self.encoder = encoder
        self.assertEqual(self.back("ab" * 20), ("cut", 40, "ab" * 8))
        self.assertEqual(self.back(b"ab" * 20), ("cut", 40, b"ab" * 8))
        number = 3 << 400
        kind, sign, bits, top = self.back(-number)
        self.assertEqual((kind, sign, bits), ("int cut", 1, number.bit_length()))
        self.assertEqual(int.from_bytes(top, "little"), number >> (bits - 8 * len(top)))

    def test_a_long_string_is_not_held(self):
        text = "x" * 5000
        held = self.encoder.shorten(text)
        self.assertIs(type(held), LongText)
        self.assertEqual(self.back(held), ("scalar", text))
        self.assertTrue(same(held, self.encoder.shorten("x" * 5000)))
        self.assertFalse(same(held, self.encoder.shorten("x" * 4999 + "y")))

    def test_equal_values_of_other_types_are_changes(self):
        self.assertFalse(same(1, True))
        self.assertFalse(same(0, 0.0))
        self.assertFalse(same(-0.0, float("0")))
        self.assertTrue(same("ab", str(b"ab", "ascii")))


if __name__ == "__main__":
    unittest.main()
