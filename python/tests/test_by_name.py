"""Functions by name, at both ends."""
import asyncio
import datetime
import enum
import functools
import sys
import typing
import unittest
import uuid

from fake_parent import environment
from streamipc import (
    Attachment, Certainty, IpcFailure, Rejected, RemoteFailure, RequestContext, Session, Undecodable, _by_name,
    function, message,
)
from streamipc._failure_json import NotEntered
from streamipc._natural import write as write_natural
from streamipc._parameters import Parameters

TYPES = """
import asyncio, enum, typing
from streamipc import *
class Colour(enum.Enum):
    RED = 1
@message
class Thumb:
    path: str
    width: int
"""
exec(TYPES)
FUNCTIONS = TYPES + """
@function
def resize(path: str, scale: float = 1.0) -> Thumb:
    return Thumb(path, int(100 * scale))
@function(name="echo")
def same(*values): return list(values)
@function
def size(data: Attachment, of: typing.Optional[int] = None): return len(data)
@function
def fail(why): raise KeyError(why)
@function
def told(context: RequestContext, word):
    context.progress(LogMessage(word))
    return context.time_left() is not None
@function
async def later(word): return word
"""
CHILD = FUNCTIONS + """
session = Session.stdio()
@session.function
def mine(colour: Colour, thumb: Thumb) -> typing.Tuple[str, Colour]: return thumb.path, colour
session.function(lambda word: session.call("shout", word), name="back")
session.serve()
"""
ASYNC_CHILD = FUNCTIONS + """
from streamipc import aio
async def main():
    session = aio.Session.stdio()
    @session.function
    async def slow(word: str) -> str:
        await asyncio.sleep(0.01)
        return word.upper()
    @session.function(name="back")
    async def ask_back(word): return await session.call("shout", word, returns=str)
    @session.function
    async def forever(): await asyncio.Event().wait()
    await session.serve()
asyncio.run(main())
"""


class Everyday(enum.IntEnum):
    ONE = 1


class Text(str):
    pass


class Children(unittest.TestCase):
    def spawn(self, script):
        child = Session.spawn([sys.executable, "-c", script], env=environment())
        self.addCleanup(child.close)
        return child

    def test_functions_are_called_by_name(self):
        child = self.spawn(CHILD)
        self.assertEqual(Thumb("a.png", 50), child.call("resize", "a.png", 0.5, returns=Thumb))
        self.assertEqual({"path": "a.png", "width": 100}, child.call("resize", "a.png"))
        self.assertEqual([], child.call("echo", timeout=20))
        self.assertEqual(3, child.call("size", Attachment(b"123")))
        self.assertEqual(("x", Colour.RED), child.call("mine", Colour.RED, Thumb("x", 1),
                                                       returns=typing.Tuple[str, Colour]))
        self.assertEqual([1, 2], child.request("echo", 1, 2).result())
        heard = []
        self.assertTrue(child.call("told", "hi", on_progress=lambda update: heard.append(update.message.message)))
        self.assertEqual(["hi"], heard)

    def test_each_call_fails_alone_and_says_why(self):
        child = self.spawn(CHILD)
        for words, action in (
            (("UNHANDLED", "no such function: function=mend, known=[back, echo, fail,"), lambda: child.call("mend")),
            (("field arguments[1]: expected number, found text 'x'",), lambda: child.call("resize", "a", "x")),
            (("expected argumentCount=1..2, found 0",), lambda: child.call("resize")),
            (("expected argumentCount=1..2, found 3",), lambda: child.call("resize", "a", 1, 1)),
            (("expected argumentCount=2, found 1",), lambda: child.call("mine", Colour.RED)),
        ):
            with self.assertRaises((Rejected, Undecodable)) as caught:
                action()
            for word in words:
                self.assertIn(word, str(caught.exception))
            self.assertIs(Certainty.NOT_EXECUTED, caught.exception.certainty)
        with self.assertRaises(Undecodable) as caught:
            child.call("resize", "a", returns=int)
        self.assertIn("field value: expected integer, found object", str(caught.exception))
        with self.assertRaises(RemoteFailure) as failed:
            child.call("fail", "lost")
        self.assertEqual(("KeyError", "'lost'"), (failed.exception.remote_type, failed.exception.remote_message))
        self.assertIn("in fail", failed.exception.remote_stack)
        with self.assertRaises(RemoteFailure) as failed:
            child.call("later", "x")
        self.assertIn("coroutine function on a session without asyncio", str(failed.exception))
        self.assertRaises(TypeError, child.call, "resize", "a", returns=functools.partial)
        self.assertEqual([1], child.call("echo", 1))

    def test_handlers_that_need_an_event_loop_are_refused(self):
        child = self.spawn(CHILD)

        async def later(message, parts=None): ...

        async def flow(message, parts=None):
            yield message

        for take in (child.on_request, child.on_message, child.on_upload):
            for handler in (later, flow, functools.partial(later)):
                with self.assertRaisesRegex(TypeError, "^coroutine function on a session without asyncio: function=.+; use"):
                    take(Thumb, handler)

    def test_functions_call_back(self):
        child = self.spawn(CHILD)
        child.function(lambda word: word + "!", name="shout")
        child.serve_in_background()
        self.assertEqual("hey!", child.call("back", "hey"))

    def test_coroutine_functions_are_called_on_asyncio(self):
        child = self.spawn(ASYNC_CHILD)
        child.function(lambda word: word + "!", name="shout")
        child.serve_in_background()
        self.assertEqual("HEY", child.call("slow", "hey", returns=str))
        self.assertEqual("x", child.call("later", "x"))
        self.assertEqual("hey!", child.call("back", "hey"))
        self.assertEqual(100, child.call("resize", "a", returns=Thumb).width)
        for name, kind in (("fail", RemoteFailure), ("mend", Rejected), ("slow", Undecodable)):
            with self.assertRaises(kind):
                child.call(name, 5)
        call = child.request("forever", timeout=None)
        call.cancel()
        self.assertEqual("HEY", child.call("slow", "hey"))

    def test_programs_on_asyncio_call_by_name(self):
        from streamipc import aio

        async def main():
            async with await aio.Session.spawn([sys.executable, "-c", CHILD], env=environment()) as child:
                self.assertEqual(50, (await child.call("resize", "a", 0.5, returns=Thumb)).width)
                self.assertEqual([1], await child.call("echo", 1, timeout=20))
                with self.assertRaises(Rejected):
                    await child.call("mend")
        asyncio.run(main())


class Registers(unittest.TestCase):
    def setUp(self):
        self.register = _by_name.Register()

    def test_a_name_stands_for_one_function(self):
        def one(): pass
        self.register.add(one, None)
        self.register.add(one, None)
        with self.assertRaises(ValueError) as caught:
            self.register.add(len, "one")
        self.assertIn("name of a function is taken: name=one", str(caught.exception))
        for name in ("", "a\nb", "x" * 201, 5):
            self.assertRaises(ValueError, self.register.add, one, name)
        self.assertEqual(["one"], self.register.names())

    def test_names_of_messages_are_reserved(self):
        with self.assertRaises(ValueError) as caught:
            @message(name="streamipc.Call")
            class Mine:
                text: str
        self.assertIn("logical name is reserved", str(caught.exception))

    def test_parameters_are_those_of_any_callable(self):
        class Caller:
            def __call__(self, one, two=2): return one + two

            def method(self, one: int, *, more=3): return one + more

        caller = Caller()
        for called, given, due in (
            (caller, [1], 3), (caller.method, [1], 4), (functools.partial(caller, 5), [1], 6), (max, [1, 2], 2),
            (functools.wraps(len)(lambda *values: values), ["a"], ("a",)), (lambda *values: values, [1, 2], (1, 2)),
        ):
            try:
                entry = Parameters(called, "called")
            except ValueError:  # a builtin without a signature
                continue
            self.assertEqual(due, called(*entry.values(given, None)))
        for bad in (lambda *, key: key, functools.partial(lambda one, *, key: key, 1)):
            with self.assertRaises(TypeError) as caught:
                Parameters(bad, "bad")
            self.assertIn("function needs arguments by keyword", str(caught.exception))

    def test_annotations_are_looked_up_late(self):
        def later(value: "Later", context: "RequestContext"): return value, context
        with self.assertRaises(TypeError):
            Parameters(later, "later").resolve()

        def bad(value: Registers): return value
        with self.assertRaises(TypeError) as caught:
            Parameters(bad, "bad").resolve()
        self.assertIn("no JSON form: function=bad, parameter=value", str(caught.exception))

        def told(context: "RequestContext", one): return one
        self.assertEqual(["here", 1], Parameters(told, "told").values([1], "here"))

    def test_a_function_is_declared_once_for_all_sessions(self):
        @function(name="declared in a test")
        def declared(value: int) -> float: return value / 2
        functions = _by_name.Functions()
        call = _by_name.FunctionCall("declared in a test", [3], _by_name.FunctionValue)
        self.assertEqual(1.5, functions.answer(call, None).value)
        call.arguments = ["x"]
        self.assertRaises(NotEntered, functions.answer, call, None)


class Values(unittest.TestCase):
    def test_values_are_written_by_what_they_are(self):
        zone = datetime.timezone.utc
        for value, due in (
            (None, "null"), (True, "true"), (1, "1"), (2 ** 80, str(2 ** 80)), (1.5, "1.5"), ("ä", '"ä"'), (b"a", '"YQ=="'),
            (bytearray(b"a"), '"YQ=="'), (memoryview(b"a"), '"YQ=="'), (Text("a"), '"a"'), (Everyday.ONE, '"ONE"'),
            ((1, [2]), "[1,[2]]"), ({3}, "[3]"), ({"a": {1: None}}, '{"a":{"1":null}}'), ({True: 1}, '{"true":1}'),
            ({Colour.RED: 1}, '{"RED":1}'), (Thumb("p", 1), '{"path":"p","width":1}'),
            (datetime.datetime(1970, 1, 1, tzinfo=zone), '"1970-01-01T00:00:00Z"'),
            (uuid.UUID(int=0), '"00000000-0000-0000-0000-000000000000"'),
        ):
            self.assertEqual(due, write_natural(value))

    def test_what_has_no_form_is_refused_with_its_place(self):
        for value, words in (
            ([1, object()], "field [1]: expected what JSON has a form for, found object"),
            ({"a": [float("nan")]}, "field ['a'][0]: expected finite float"),
            ({None: 1}, "expected key that is text in JSON"), (len, "found builtin_function_or_method"),
            ({(1, 2): 1}, "expected key that is text in JSON"),
        ):
            with self.assertRaises(ValueError) as caught:
                write_natural(value)
            self.assertIn(words, str(caught.exception))

    def test_what_is_no_call_is_refused(self):
        from streamipc._records import record_of
        record = record_of(_by_name.FunctionCall)
        for body in (b"[]", b"null", b"{}", b'{"function":5}', b'{"function":"f","arguments":{}}'):
            self.assertRaises(ValueError, record.decode, body)
        self.assertEqual((), record.decode(b'{"function":"f"}').arguments)
        self.assertRaises(ValueError, record_of(_by_name.FunctionValue).decode, b"5")
        call = _by_name.asked("f", [1], int)
        self.assertEqual(b'{"function":"f","arguments":[1]}', record.encode(call))
        self.assertRaises(ValueError, call.value_of, "no value")
        self.assertTrue(issubclass(Undecodable, IpcFailure) and RequestContext)


if __name__ == "__main__":
    unittest.main()
