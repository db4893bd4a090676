"""Annotations as people write them: as text, by another name, of functions; and what is refused names its place."""
from __future__ import annotations

import json
import sys
import unittest
from dataclasses import field
from typing import Dict, FrozenSet, List, NewType, Optional, Tuple, Union

from fake_parent import SOURCES  # noqa: F401

import typing

from streamipc import RequestContext, message
from streamipc._parameters import Parameters
from streamipc._records import plan_of, record_of

Order = NewType("Order", int)


@message
class Positive:
    value: int

    def __post_init__(self):
        if self.value < 0:
            raise ValueError(f"value below zero: value={self.value}")


@message
class Sums:
    of: Dict[str, List[Positive]]


class Unspeakable(str):
    def __repr__(self):
        raise RuntimeError("no words")


def _back(hint, value):
    read, write = plan_of(hint)
    return read(json.loads(write(value)))


class Meanings(unittest.TestCase):
    def test_names_for_another_type_are_that_type(self):
        for hint, value in ((Order, 3), (Optional[Order], None), (List[Order], [1]), (Dict[Order, str], {1: "a"})):
            self.assertEqual(value, _back(hint, value), hint)
        self.assertEqual(1, _back(typing.Final[int], 1))

    @unittest.skipIf(sys.version_info < (3, 9), "no Annotated")
    def test_what_is_annotated_is_what_it_was(self):
        for hint, value in ((typing.Annotated[int, "metres"], 3), (List[typing.Annotated[int, []]], [1])):
            self.assertEqual(value, _back(hint, value), hint)

    @unittest.skipIf(sys.version_info < (3, 12), "no aliases")
    def test_an_alias_is_what_it_stands_for(self):
        places = {"List": List, "Optional": Optional}
        exec("type Row = List[int]\ntype Rows = Optional[List[Row]]\ntype Endless = List[Endless]", places)
        self.assertEqual([[1]], _back(places["Rows"], [[1]]))

        @message
        class Without:
            end: places["Endless"]

        Without.__annotations__["end"] = Without.__dataclass_fields__["end"].type = places["Endless"]
        with self.assertRaisesRegex(TypeError, "no JSON form: type=Without, field=end, annotation=Endless"):
            record_of(Without).resolve()

    def test_a_literal_takes_its_values_and_no_others(self):
        for hint, value in ((typing.Literal["a", "b"], "b"), (typing.Literal[1, None], None), (typing.Literal[True], True),
                            (Dict[typing.Literal["a"], int], {"a": 1})):
            self.assertEqual(value, _back(hint, value), hint)
        read, write = plan_of(typing.Literal["a", 1])
        for wrong in ("b", True, None, 1.0, [], {}):
            for act in (read, write):
                with self.assertRaisesRegex(ValueError, "expected one of 'a', 1, found"):
                    act(wrong)
        with self.assertRaisesRegex(TypeError, "Literal"):
            plan_of(typing.Literal[b"x"])

    def test_an_empty_tuple_is_empty(self):
        read, write = plan_of(Tuple[()])
        self.assertEqual((), read([]))
        for act, wrong in ((read, [1]), (write, (1,))):
            with self.assertRaisesRegex(ValueError, "expected (array|tuple) of 0, found (array|tuple) of 1"):
                act(wrong)


@message
class Letter:
    from_: str = field(metadata={"streamipc": "from"})
    to: str
    in_: int = field(default=3, metadata={"streamipc": "in"})


@message
class Short:
    is_: int = field(metadata={"streamipc": "is"})


class Words(unittest.TestCase):
    def test_a_field_may_have_another_name_there(self):
        for value, body in ((Letter("a", "b"), b'{"from":"a","to":"b","in":3}'), (Short(1), b'{"is":1}')):
            record = record_of(type(value))
            self.assertEqual((body, value), (record.encode(value), record.decode(body)))
        self.assertEqual(Letter("a", "b"), record_of(Letter).decode(b'{"from":"a","to":"b"}'))
        with self.assertRaisesRegex(ValueError, "field is: expected integer, found null"):
            record_of(Short).decode(b'{"is_":1}')

    def test_that_name_is_text(self):
        @message
        class Nameless:
            one: int = field(metadata={"streamipc": 5})

        with self.assertRaisesRegex(TypeError, "name of a field is no text: type=Nameless, field=one, name=5"):
            record_of(Nameless).resolve()


class Places(unittest.TestCase):
    def test_what_is_declared_in_a_function_is_found_there(self):
        @message
        class Leaf:
            text: str

        @message
        class Tree:
            leaves: List[Leaf]
            next: Optional[Tree]

        for cls in (Leaf, Tree):
            record_of(cls)
        tree = Tree([Leaf("a")], Tree([], None))
        self.assertEqual(tree, record_of(Tree).decode(record_of(Tree).encode(tree)))

    def test_what_stands_for_nothing_is_named_with_its_type(self):
        for text in ("Nowhere", "typing.Nothing", "List[", "1 + None"):
            @message
            class Broken:
                field: int

            Broken.__annotations__["field"] = Broken.__dataclass_fields__["field"].type = text
            with self.assertRaisesRegex(TypeError, "annotation can't be resolved: type=.*Broken, cause=.+"):
                record_of(Broken).resolve()

    @unittest.skipIf(sys.version_info >= (3, 10), "unions are written so there")
    def test_what_a_later_version_writes_is_told_how_to_write(self):
        @message
        class Later:
            field: int | None

        with self.assertRaisesRegex(TypeError, r"; before Python 3.10 write Optional\[int\] and List\[int\]"):
            record_of(Later).resolve()

    def test_what_a_class_refuses_is_told_with_its_place(self):
        with self.assertRaisesRegex(ValueError, r"^field of\['a'\]\[1\]: value below zero: value=-1$"):
            record_of(Sums).decode(b'{"of":{"a":[{"value":1},{"value":-1}]}}')
        with self.assertRaisesRegex(ValueError, "^value below zero: value=-1$"):
            record_of(Positive).decode(b'{"value":-1}')

    def test_a_set_of_what_has_no_hash_is_told_with_its_place(self):
        for hint in (typing.Set[List[int]], FrozenSet[Dict[str, int]]):
            with self.assertRaisesRegex(ValueError, "expected (frozen)?set of values that have a hash, found unhashable"):
                plan_of(hint)[0]([[1]] if "List" in str(hint) else [{}])

    def test_numbers_of_more_digits_than_python_writes_are_told_with_their_place(self):
        if not hasattr(sys, "get_int_max_str_digits"):
            self.skipTest("writes any number")
        with self.assertRaisesRegex(ValueError, "^field value: expected int, found Exceeds the limit"):
            record_of(Positive).encode(Positive(10**5000))
        for hint in (float, str):
            with self.assertRaisesRegex(ValueError, "^expected .*, found integer$"):
                plan_of(hint)[0](10**5000)

    def test_a_value_that_can_not_be_shown_is_told_by_its_class(self):
        with self.assertRaisesRegex(ValueError, "^expected int, found Unspeakable$"):
            plan_of(int)[1](Unspeakable("x"))

    def test_every_second_byte_is_sent(self):
        self.assertEqual('"YWNl"', plan_of(bytes)[1](memoryview(b"abcdef")[::2]))


def _late(rows: List["Positive"], *more: int, call: RequestContext = None):
    return rows, more, call


class Functions(unittest.TestCase):
    def test_all_arguments_are_checked(self):
        late = Parameters(_late, "late")
        self.assertEqual([[Positive(1)], 2, 3], late.values([[{"value": 1}], 2, 3], None))
        with self.assertRaisesRegex(ValueError, r"field arguments\[2\]: expected integer, found text 'x'"):
            late.values([[], 1, "x"], None)

    def test_a_context_is_given_where_it_is_optional(self):
        def optional(call: Optional[RequestContext], number: int): ...

        def last(number: int, call: Union[RequestContext, None] = None): ...

        optional.__annotations__["call"] = Optional[RequestContext]
        self.assertEqual(["context", 1], Parameters(optional, "f").values([1], "context"))
        self.assertEqual([1, "context"], Parameters(last, "f").values([1], "context"))

    def test_functions_in_c_take_what_comes(self):
        for function, arguments in ((max, [1, 2]), (print, [1]), (len, [[1]]), (str.upper, ["a"])):
            self.assertEqual(arguments, Parameters(function, "f").values(arguments, None))

    def test_an_annotation_that_stands_for_nothing_names_the_function(self):
        def broken(number: Nowhere): ...  # noqa: F821

        with self.assertRaisesRegex(TypeError, "annotation can't be resolved: function=.*broken, cause=name 'Nowhere'"):
            Parameters(broken, "broken").resolve()


if __name__ == "__main__":
    unittest.main()
