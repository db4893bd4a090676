"""Arrays of numbers beside the JSON of a message. Imported when first needed; NumPy is not needed for `NDArray`."""
from __future__ import annotations

import typing
from math import prod
from re import compile as pattern

from ._attachments import PLAN, Attachment
from ._dataclasses import dataclasses
from ._json import dump, write_str
from ._scalars import BadValue, Unmade, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Sequence, Tuple

    from ._scalars import Plan

_DTYPE = pattern(r"\|[biu]1|[<>](?:[iu][248]|f[248]|c8|c16)")
_MAX_DIMENSIONS = 64


@dataclasses.dataclass(frozen=True)
class NDArray:
    """An array of numbers as it travels; the same as the Java record of this name, for programs without NumPy.

    `data` holds the numbers one behind the other, `dtype` says what a number is in NumPy's words, such as "<f4",
    `shape` has the length of each dimension; in `order` "C" the last one runs fastest, in "F" the first one. Raises
    ValueError if the numbers do not fill the shape.
    """

    data: Attachment
    dtype: str
    shape: typing.List[int]
    order: str = "C"

    def __post_init__(self) -> None:
        if self.order is None:
            object.__setattr__(self, "order", "C")
        if not isinstance(self.dtype, str) or not _DTYPE.fullmatch(self.dtype) or self.order not in ("C", "F"):
            raise ValueError(f"unknown dtype: dtype={self.dtype!r}, order={self.order!r}; use one such as <f4 or |u1")
        if not isinstance(self.shape, list) or not _is_shape(self.shape):
            raise ValueError(f"no shape of an array: shape={self.shape!r}")
        due = prod(self.shape) * int(self.dtype[2:])
        if due != len(self.data):
            facts = f"shape={self.shape}, dtype={self.dtype}, dueBytes={due}, dataBytes={len(self.data)}"
            raise ValueError(f"numbers do not fill the shape: {facts}")

    def numpy(self) -> Any:
        """Returns a read-only `numpy.ndarray` that shares the memory; raises ImportError without NumPy."""
        try:
            numpy = _numpy()
        except ImportError as error:
            raise ImportError("no NumPy here; install it, or read NDArray.data.view") from error

        dtype = numpy.dtype(self.dtype)
        if not len(self.data):
            # Of a buffer, as all others are: it can't be written to, either.
            return numpy.frombuffer(bytes(dtype.itemsize), dtype)[:0].reshape(self.shape)
        flat = numpy.frombuffer(self.data.view, dtype)
        if dtype.kind == "b" and flat.view("u1").max() > 1:
            raise ValueError("a boolean that is neither 0 nor 1")
        return flat.reshape(self.shape, order=self.order)

    @staticmethod
    def of(array: Any) -> NDArray:
        """Returns a view of a `numpy.ndarray`; one that is in neither order, such as every second row, is copied."""
        array = _numpy().asarray(array)
        order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        if not array.flags.forc:
            array = array.copy("C")
        flat = (array.T if order == "F" else array).reshape(-1).view("u1")
        return NDArray(Attachment(flat), array.dtype.str, list(array.shape), order)


def _numpy() -> Any:
    import numpy

    return numpy


def _is_shape(shape: List[int]) -> bool:
    return len(shape) <= _MAX_DIMENSIONS and all(type(length) is int and length >= 0 for length in shape)


def array_plan(cls: Any, arguments: Tuple[Any, ...]) -> Plan:
    """Returns the plan of `numpy.ndarray`, or of one with types for its shape and its numbers."""
    lengths = _lengths(arguments[0]) if arguments else None
    scalar = _scalar(arguments[1]) if len(arguments) > 1 else object
    expected = f"array of {getattr(scalar, '__name__', scalar)}"

    def check(array: Any) -> Any:
        if scalar is not object and not issubclass(array.dtype.type, scalar):
            raise BadValue(expected, f"array of {array.dtype}")
        if lengths is not None and not _fits(array.shape, lengths):
            raise BadValue(f"array of shape {_shown(lengths)}", f"shape {_shown([[length] for length in array.shape])}")
        return array

    def read(value: Any) -> Any:
        if type(value) is not dict:
            return None if value is None else refuse("array", value)
        data = PLAN[0](value.get("data"))
        if data is None:
            refuse("array with data", None)
        fields: List[Any] = [value.get(name) for name in ("dtype", "shape", "order")]
        try:
            array = NDArray(data, *fields).numpy()
        except ValueError as error:
            raise Unmade(str(error)) from error
        return check(array)

    def write(value: Any) -> str:
        if not isinstance(value, cls) or type(value).__name__ == "MaskedArray":
            return "null" if value is None else refuse("numpy.ndarray", value)
        if not _DTYPE.fullmatch(value.dtype.str):
            raise BadValue("array of numbers", f"array of {value.dtype}")
        sent = NDArray.of(check(value))
        shape = dump(sent.shape).decode()
        head = f'{{"data":{PLAN[1](sent.data)},"dtype":{write_str(sent.dtype)}'
        return f'{head},"shape":{shape},"order":"{sent.order}"}}'

    return read, write


def _lengths(hint: Any) -> Optional[List[Optional[Sequence[int]]]]:
    """Returns the lengths that each dimension may have, None for any; None if nothing is said of the shape."""
    lengths = typing.get_args(hint)
    if not lengths or Ellipsis in lengths:
        return None
    return [typing.get_args(length) or None for length in lengths]


def _scalar(hint: Any) -> Any:
    """Returns the class of the numbers that `numpy.dtype[...]` names, object for any."""
    arguments = typing.get_args(hint)
    # Any is a class, too, since Python 3.11.
    is_said = bool(arguments) and isinstance(arguments[0], type) and arguments[0] is not typing.Any
    return arguments[0] if is_said else object


def _fits(shape: Sequence[int], lengths: Sequence[Optional[Sequence[int]]]) -> bool:
    return len(shape) == len(lengths) and all(due is None or found in due for due, found in zip(lengths, shape))


def _shown(lengths: Sequence[Optional[Sequence[int]]]) -> str:
    return "(" + ", ".join("any" if length is None else " or ".join(map(str, length)) for length in lengths) + ")"
