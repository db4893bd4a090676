"""JSON bodies: the golden vectors of one type with everything in it, and what only Python has."""
import json
import os
import unittest
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum, Flag
from typing import Any, Dict, FrozenSet, List, Optional, Set, Tuple, Union
from uuid import UUID

import make_vectors

from streamipc import LogMessage, message
from streamipc._records import logical_name, record_of


class Colour(Enum):
    RED = 1
    GREEN = 2


@dataclass
class Inner:
    name: str
    value: int


@message
class Everything:
    text: str
    flag: bool
    count: int
    big: int
    ratio: float
    data: bytes
    colour: Colour
    at: datetime
    took: timedelta
    id: UUID
    tags: List[str]
    sizes: Dict[str, int]
    inner: Optional[Inner]
    host: str
    rule: str
    bits: bytes


@message
class Circle:
    radius: float


@message
class Box:
    sides: Tuple[int, int]


@message
class Shapes:
    shape: Union[Circle, Box, None]
    more: List[Union[Circle, Box]]


@message
class Odd:
    ids: Set[int]
    marks: FrozenSet[Colour]
    pair: Tuple[int, str]
    row: Tuple[float, ...]
    by_number: Dict[int, str]
    by_colour: Dict[Colour, int]
    maybe: Optional[int]
    day: date
    clock: time
    anything: Any
    plain: list
    next: Optional["Odd"]


@message
class Defaults:
    name: str
    retries: int = 3
    words: Tuple[str, ...] = ()


class Mark(Flag):
    UNDER = 1
    BOLD = 2


@message
class Deep:
    ways: Optional[List[Dict[str, Colour]]] = None
    pairs: List[Tuple[int, str]] = field(default_factory=list)
    inner: Dict[str, List[Inner]] = field(default_factory=dict)
    any: Any = None
    text: str = ""
    clock: Optional[time] = None
    marks: Optional[Mark] = None


ODD = Odd({3}, frozenset({Colour.RED}), (1, "a"), (1.0, 2.5), {7: "x"}, {Colour.RED: 1}, None, date(2026, 1, 31),
          time(12, 0, 0, 500000), {"a": [1, None]}, [1, "b"], None)


def _vectors():
    with open(os.path.join(make_vectors.FOLDER, "json.json"), encoding="utf-8") as file:
        return json.load(file)


def _error(cls, text):
    try:
        return "decoded: %r" % (record_of(cls).decode(text.encode()),)
    except ValueError as error:
        return str(error)


class JsonVectors(unittest.TestCase):
    maxDiff = None

    def test_good_bodies_come_back_equal(self):
        for case in _vectors()["good"]:
            value = record_of(Everything).decode(json.dumps(case["json"]).encode())
            again = json.loads(record_of(Everything).encode(value))
            self.assertEqual(case.get("again", case["json"]), again, case["name"])

    def test_numbers_keep_their_kind(self):
        for case in _vectors()["good"]:
            again = json.loads(record_of(Everything).encode(
                record_of(Everything).decode(json.dumps(case["json"]).encode())))
            for name, kind in (("flag", bool), ("count", int), ("big", int), ("ratio", float)):
                self.assertIs(kind, type(again[name]), (case["name"], name))

    def test_bad_bodies_are_refused(self):
        for case in _vectors()["bad"]:
            with self.assertRaises(ValueError, msg=case["name"]):
                record_of(Everything).decode(case["text"].encode())

    def test_text_that_is_no_utf8_is_refused(self):
        with self.assertRaises(ValueError):
            record_of(LogMessage).decode(b'{"message":"\xff"}')


class Values(unittest.TestCase):
    def test_python_shapes_come_back_equal(self):
        outer = Odd(*[getattr(ODD, name) for name in list(Odd.__dataclass_fields__)[:-1]], next=ODD)
        self.assertEqual(outer, record_of(Odd).decode(record_of(Odd).encode(outer)))

    def test_sealed_values_carry_their_name(self):
        body = record_of(Shapes).encode(Shapes(Circle(2.0), [Box((1, 2))]))
        self.assertEqual(b'{"shape":{"Circle":{"radius":2.0}},"more":[{"Box":{"sides":[1,2]}}]}', body)
        self.assertEqual(Shapes(Circle(2.0), [Box((1, 2))]), record_of(Shapes).decode(body))

    def test_a_missing_field_takes_the_default_of_the_class(self):
        self.assertEqual(Defaults("a"), record_of(Defaults).decode(b'{"name":"a"}'))
        self.assertEqual(LogMessage("a"), record_of(LogMessage).decode(b'{"message":"a","level":null}'))

    def test_errors_name_path_expected_and_found(self):
        self.assertEqual("field inner.value: expected integer, found text 'x'", _error(Everything, json.dumps(
            dict(_vectors()["good"][0]["json"], inner={"name": "n", "value": "x"}))))
        self.assertEqual("field more[1]: expected object with one of Circle, Box, found text 'Egg'",
                         _error(Shapes, '{"more":[{"Circle":{"radius":1}},{"Egg":{}}]}'))
        self.assertEqual("field retries: expected integer, found null", _error(Defaults, '{"retries":null}'))
        self.assertEqual("expected object, found array", _error(Circle, "[]"))
        self.assertEqual("doubled field name: field=a", _error(Circle, '{"a":1,"a":2}'))

    def test_errors_name_the_place_however_deep(self):
        for text, path in [('{"ways":[{"a":"RED"},{"b":"BLUE"}]}', "ways[1]['b']: expected one of RED, GREEN"),
                           ('{"pairs":[[1,"a"],[2,3]]}', "pairs[1][1]: expected text, found integer 3"),
                           ('{"inner":{"k":[{"name":"n","value":null}]}}', "inner['k'][0].value: expected integer")]:
            self.assertIn("field " + path, _error(Deep, text))
        for value, path in [(Deep(ways=[{"a": "RED"}]), "ways[0]['a']: expected Colour, found text 'RED'"),
                            (Deep(pairs=[(1, "a"), ("b", "c")]), "pairs[1][0]: expected int, found text 'b'"),
                            (Deep(any=[{"x": object()}]), "any: expected what JSON has a form for, found Object of"),
                            (Deep(any=float("nan")), "any: expected what JSON has a form for"),
                            (Deep(text="a\udcff"), "text: expected text of whole characters, found a lone surrogate")]:
            with self.assertRaises(ValueError) as raised:
                record_of(Deep).encode(value)
            self.assertIn("field " + path, str(raised.exception))

    def test_what_would_be_lost_on_the_way_is_not_written(self):
        for value, text in [(Deep(clock=time(12, tzinfo=timezone.utc)), "field clock: .*time zone"),
                            (Deep(marks=Mark(0)), "field marks: expected one of"),
                            (Deep(marks=Mark.UNDER | Mark.BOLD), "field marks: expected one of")]:
            with self.assertRaisesRegex(ValueError, text):
                record_of(Deep).encode(value)
        for value in (Circle(2 ** 1024), Circle(-2 ** 1024)):
            with self.assertRaisesRegex(ValueError, "field radius: expected finite float, found integer"):
                record_of(Circle).encode(value)
        once = Deep(marks=Mark.UNDER)
        self.assertEqual(once, record_of(Deep).decode(record_of(Deep).encode(once)))

    def test_wrong_values_are_not_written(self):
        wrong = [Circle("1"), Circle(float("nan")), Circle(True), Box((1, "x")), Box([1, 2]), Box((True, 1)),
                 Box((1,)), Defaults(5), Defaults("a", "b"), Shapes(LogMessage("x"), [])]
        for value in wrong:
            with self.assertRaises(ValueError, msg=repr(value)):
                record_of(type(value)).encode(value)

    def test_a_tuple_of_another_length_is_told_with_its_length(self):
        with self.assertRaisesRegex(ValueError, "field sides: expected tuple of 2, found tuple of 1"):
            record_of(Box).encode(Box((1,)))
        self.assertEqual("field sides: expected array of 2, found array of 3", _error(Box, '{"sides":[1,2,3]}'))

    def test_what_is_nested_deeper_than_may_be_read_is_not_written(self):
        for levels in (63, 64, 5000):
            for width in (1, 200):
                value = "x" * width
                for _ in range(levels):
                    value = [value]
                if levels == 63:
                    self.assertEqual(Deep(any=value), record_of(Deep).decode(record_of(Deep).encode(Deep(any=value))))
                    continue
                with self.assertRaisesRegex(ValueError, "^nested deeper than 64 levels$"):
                    record_of(Deep).encode(Deep(any=value))

    def test_a_datetime_without_zone_is_not_written(self):
        base = record_of(Everything).decode(json.dumps(_vectors()["good"][0]["json"]).encode())
        values = {name: getattr(base, name) for name in Everything.__dataclass_fields__}
        with self.assertRaisesRegex(ValueError, "field at: .*without a time zone"):
            record_of(Everything).encode(Everything(**dict(values, at=datetime(2026, 1, 31))))
        shifted = datetime(2026, 1, 31, 13, tzinfo=timezone(timedelta(hours=1)))
        self.assertIn(b'"2026-01-31T12:00:00Z"', record_of(Everything).encode(Everything(**dict(values, at=shifted))))


class Names(unittest.TestCase):
    def test_nested_classes_carry_their_outer_names(self):
        class Outer:
            @message
            class Nested:
                pass

        self.assertEqual("Outer.Nested", logical_name(Outer.Nested))
        self.assertEqual(b"{}", record_of(Outer.Nested).encode(Outer.Nested()))

    def test_a_given_name_wins(self):
        @message(name="Other.Name")
        class Given:
            pass

        self.assertEqual("Other.Name", logical_name(Given))

    def test_a_name_belongs_to_one_class(self):
        with self.assertRaisesRegex(ValueError, "logical name is taken: name=Circle"):
            @message(name="Circle")
            class Other:
                pass

    def test_messages_are_frozen_values(self):
        with self.assertRaises(AttributeError):
            Circle(1.0).radius = 2.0
        self.assertEqual({Circle(1.0)}, {Circle(1.0)})

    def test_an_annotation_without_json_form_is_named(self):
        @message
        class Strange:
            file: complex

        with self.assertRaisesRegex(TypeError, "no JSON form: type=Strange, field=file, annotation=<class 'complex'>"):
            record_of(Strange).resolve()


if __name__ == "__main__":
    unittest.main()
