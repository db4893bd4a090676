"""Arrays beside the JSON of a message: as NDArray everywhere, as numpy.ndarray where NumPy is installed."""
import array
import os
import subprocess
import sys
import typing
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))

from fake_parent import environment  # noqa: E402
from streamipc import Attachment, NDArray, Session, message  # noqa: E402
from streamipc._attachments import decode, encode  # noqa: E402
from streamipc._records import record_of  # noqa: E402

try:
    import numpy
except ImportError:
    numpy = None

TYPED = numpy is not None and sys.version_info >= (3, 9) and hasattr(typing, "Literal")


@message
class Plain:
    grid: NDArray


def sent(value):
    """Returns what stands in the JSON, and the message that the other side reads."""
    record = record_of(type(value))
    body, attachments = encode(record.encode, value)
    return body, attachments, decode(record.decode, body, [view.toreadonly() for view in attachments])


class WithoutNumPy(unittest.TestCase):
    def test_an_array_is_an_attachment_and_a_small_record(self):
        numbers = array.array("f", [1, 2, 3, 4, 5, 6])
        body, attachments, back = sent(Plain(NDArray(Attachment(numbers), "<f4", [2, 3])))
        self.assertEqual(b'{"grid":{"data":0,"dtype":"<f4","shape":[2,3],"order":"C"}}', body)
        self.assertEqual(numbers.tobytes(), bytes(attachments[0]))
        self.assertEqual(numbers, array.array("f", bytes(back.grid.data)))

    def test_what_does_not_fit_is_refused(self):
        data = Attachment(bytes(24))
        for dtype, shape, order, text in (
                ("<f4", [2, 4], "C", "numbers do not fill the shape: shape=[2, 4], dtype=<f4, dueBytes=32, dataBytes=24"),
                ("<f4", [-2, -3], "C", "no shape of an array"), ("<f4", [1] * 65, "C", "no shape of an array"),
                ("<f4", None, "C", "no shape of an array"), ("<f4", [2, 3.0], "C", "no shape of an array"),
                ("|O8", [3], "C", "unknown dtype"), ("f4", [6], "C", "unknown dtype"), (None, [6], "C", "unknown dtype"),
                ("<f4", [6], "A", "unknown dtype")):
            with self.assertRaises(ValueError) as raised:
                NDArray(data, dtype, shape, order)
            self.assertIn(text, str(raised.exception))

    def test_nobody_imports_numpy_for_those_who_do_not_use_it(self):
        script = "import sys, streamipc\nassert 'numpy' not in sys.modules and 'streamipc._arrays' not in sys.modules\n" \
            "streamipc.NDArray\nassert 'numpy' not in sys.modules\nsys.modules['numpy'] = None\n" \
            "try: streamipc.NDArray(streamipc.Attachment(b'1'), '|u1', [1]).numpy()\n" \
            "except ImportError as error: assert 'no NumPy here; install it' in str(error), error\n" \
            "else: assert False\n"
        subprocess.run([sys.executable, "-c", script], env=environment(), check=True, timeout=30)


@unittest.skipUnless(numpy, "NumPy is not installed")
class WithNumPy(unittest.TestCase):
    def setUp(self):
        @message(name="test_arrays.Any")
        class Some:
            grid: numpy.ndarray

        self.some = Some

    def back(self, grid):
        return sent(self.some(grid))[2].grid

    def test_each_dtype_shape_and_order_comes_back_bit_exact(self):
        for dtype in ("?", "i1", "u1", "<i2", ">i4", "<i8", "u4", "<f2", ">f4", "f8", "c8", ">c16"):
            for shape in ((), (0, 3), (6,), (2, 3), (2, 1, 3)):
                for order in "CF":
                    count = int(numpy.prod(shape, dtype=int))
                    grid = numpy.arange(count).reshape(shape).astype(dtype, order=order)
                    back = self.back(grid)
                    self.assertEqual((grid.dtype, grid.shape, grid.tobytes()), (back.dtype, back.shape, back.tobytes()))
                    self.assertFalse(back.flags.writeable)

    def test_arrays_in_order_are_not_copied(self):
        grid = numpy.arange(12.0).reshape(3, 4)
        for one in (grid, grid.T, grid[1:]):
            _, attachments, back = sent(self.some(one))
            self.assertTrue(numpy.shares_memory(numpy.frombuffer(attachments[0], "u1"), one))
            self.assertTrue(numpy.shares_memory(back.grid, one))
            self.assertFalse(back.grid.flags.writeable)

    def test_others_are_copied_on_purpose(self):
        grid = numpy.arange(12.0).reshape(3, 4)
        for one in (grid[:, ::2], grid[::-1], numpy.broadcast_to(1.5, (2, 3))):
            self.assertTrue((self.back(one) == one).all())

    def test_not_a_number_keeps_its_bits(self):
        grid = numpy.array([0x7FF8000000000001, 0x8000000000000000], "u8").view("f8")
        self.assertEqual(grid.tobytes(), self.back(grid).tobytes())

    def test_what_is_no_array_of_numbers_is_refused(self):
        for value in (numpy.array(["a"]), numpy.array([None]), numpy.zeros(2, "M8[s]"), [1.0], 1.0,
                      numpy.zeros(2, [("a", "i4")]), numpy.ma.masked_array([1])):
            with self.assertRaisesRegex(ValueError, "field grid: expected"):
                sent(self.some(value))
        record = record_of(self.some)
        with self.assertRaisesRegex(ValueError, "neither 0 nor 1"):
            decode(record.decode, b'{"grid":{"data":0,"dtype":"|b1","shape":[1]}}', [memoryview(b"\2")])
        with self.assertRaisesRegex(ValueError, "^field grid: numbers do not fill the shape"):
            decode(record.decode, b'{"grid":{"data":0,"dtype":"<f8","shape":[9]}}', [memoryview(b"\2")])

    @unittest.skipUnless(TYPED, "types of arrays came later")
    def test_the_annotation_says_what_fits(self):
        @message(name="test_arrays.Typed")
        class Typed:
            points: numpy.ndarray[typing.Tuple[int, typing.Literal[3]], numpy.dtype[numpy.floating]]

        sent(Typed(numpy.zeros((5, 3), "f4")))
        for value, text in ((numpy.zeros((5, 2)), r"field points: expected array of shape \(any, 3\), found shape \(5, 2\)"),
                            (numpy.zeros(3), r"shape \(3\)"),
                            (numpy.zeros((5, 3), int), "expected array of floating, found array of int64")):
            with self.assertRaisesRegex(ValueError, text):
                sent(Typed(value))
        wrong = b'{"points":{"data":0,"dtype":"<i2","shape":[1,3],"order":"C"}}'
        with self.assertRaisesRegex(ValueError, "found array of int16"):
            decode(record_of(Typed).decode, wrong, [memoryview(bytes(6))])

    @unittest.skipUnless(TYPED, "types of arrays came later")
    def test_what_may_be_anything_is_anything(self):
        @message(name="test_arrays.Free")
        class Free:
            any: numpy.ndarray[typing.Any, numpy.dtype[typing.Any]]
            two: numpy.ndarray[typing.Tuple[typing.Literal[2, 3]], numpy.dtype[typing.Any]]

        for count in (2, 3):
            sent(Free(numpy.zeros((1, 2), bool), numpy.zeros(count, complex)))
        with self.assertRaisesRegex(ValueError, r"field two: expected array of shape \(2 or 3\), found shape \(4\)"):
            sent(Free(numpy.zeros(1), numpy.zeros(4)))

    def test_64_mib_come_back_bit_exact(self):
        script = """
import numpy
from streamipc import *
@message
class Grid:
    grid: numpy.ndarray
session = Session.stdio(max_payload_bytes=80 << 20)
session.on_request(Grid, lambda grid: grid)
session.serve()
"""
        @message(name="Grid")
        class Grid:
            grid: numpy.ndarray

        grid = numpy.random.default_rng(1).integers(0, 2**63, (1024, 8192))
        command = [sys.executable, "-c", script]
        with Session.spawn(command, env=environment(), max_payload_bytes=80 << 20) as child:
            back = child.call(Grid(grid)).grid
        self.assertEqual((grid.dtype, grid.shape), (back.dtype, back.shape))
        self.assertTrue((grid == back).all())


if __name__ == "__main__":
    unittest.main()
