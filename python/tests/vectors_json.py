"""Cases of json.json: bodies of one type with every kind of value in it."""
import json

FIELDS = {
    "text": "text", "flag": "boolean", "count": "integer of 32 bits", "big": "integer of 64 bits",
    "ratio": "double", "data": "bytes", "colour": "enum RED, GREEN", "at": "instant", "took": "duration",
    "id": "uuid", "tags": "list of text", "sizes": "map of text to integer of 32 bits",
    "inner": "record Inner(name: text, value: integer of 32 bits), or null",
    "host": "host and port", "rule": "regular expression", "bits": "set of bits",
}
BASE = {
    "text": "hello", "flag": True, "count": 7, "big": 9007199254740993, "ratio": 1.5, "data": "AAEC/w==",
    "colour": "GREEN", "at": "2026-01-31T12:00:00Z", "took": "PT1.5S",
    "id": "0f8fad5b-d9cb-469f-a165-70867728950e", "tags": ["a", "b"], "sizes": {"x": 1, "y": 2},
    "inner": {"name": "n", "value": 3}, "host": "192.0.2.1:80", "rule": "(?i)a+b", "bits": "BQE=",
}
PRIMITIVES = {"flag": False, "count": 0, "big": 0, "ratio": 0.0}


def _good(name, changes, again=None):
    case = {"name": name, "json": dict(BASE, **changes)}
    if again is not None:
        case["again"] = dict(BASE, **again)
    return case


def _good_numbers():
    yield _good("integers at their lowest", {"count": -2147483648, "big": -9223372036854775808})
    yield _good("integers at their highest", {"count": 2147483647, "big": 9223372036854775807})
    yield _good("an integer beyond 2^53", {"big": 9007199254740993})
    for ratio in (0.1, -2.5, 1e300, 5e-324, 1.7976931348623157e308):
        yield _good("ratio %r" % ratio, {"ratio": ratio})
    yield _good("an integer as a ratio", {"ratio": 3}, {"ratio": 3.0})


def _good_texts():
    yield _good("text in many tongues", {"text": "für 文字 🙂 \u2028", "tags": ["é", "🙂"], "sizes": {"ключ": 1}})
    yield _good("text with control characters", {"text": "a\u0000b\"c\\d\n\t/\u007f"})
    empty = {"text": "", "data": "", "tags": [], "sizes": {}, "inner": {"name": "", "value": 0}}
    yield _good("empty everything", empty)
    base64 = "+/8ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz012345678"
    yield _good("all base64 characters", {"data": base64})
    yield _good("base64 with one byte over", {"data": "/w=="})
    for host in ("example.org:0", "localhost:65535", "[2001:db8:0:0:0:0:0:1]:443", "[fe80:0:0:0:0:0:0:1%3]:1"):
        yield _good("host " + host, {"host": host})
    yield _good("no bits", {"bits": "", "rule": ""})
    yield _good("upper case uuid", {"id": BASE["id"].upper()}, {})


def _good_times():
    for at in ("1970-01-01T00:00:00Z", "2026-01-31T12:00:00.500Z", "2026-01-31T12:00:00.123456Z",
               "1969-12-31T23:59:59.999Z", "2024-02-29T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        yield _good("instant " + at, {"at": at})
    for took in ("PT0S", "PT36H", "PT0.000001S", "PT1H1M1.25S", "PT-1.5S", "PT-0.5S", "PT-1M-30S", "PT-36H", "PT59M"):
        yield _good("duration " + took, {"took": took})
    yield _good("duration in days", {"took": "P1DT12H"}, {"took": "PT36H"})


def _good_shapes():
    yield _good("as it is", {})
    yield _good("no inner", {"inner": None})
    nothing = dict.fromkeys(FIELDS, None)
    nothing.update(PRIMITIVES)
    yield {"name": "nulls where they may be", "json": nothing}
    yield {"name": "missing where it may be", "json": dict(PRIMITIVES), "again": nothing}
    yield {"name": "fields in another order", "json": dict(reversed(list(BASE.items())))}
    yield _good("unknown fields", {"later": {"a": [1, None, {"b": 2.5}]}, "extra": None, "Text": 1}, {})
    yield _good("an unknown field inside", {"inner": {"name": "n", "value": 3, "more": []}}, {})
    deep = []
    for _ in range(62):
        deep = [deep]
    yield _good("nested 64 deep", {"later": deep}, {})


def _with(field, text):
    """Returns the base case as raw text with one value put in as it is."""
    mark = "@here@"
    return json.dumps(dict(BASE, **{field: mark})).replace('"%s"' % mark, text)


WRONG = {
    "text": ["5", "true", '["a"]', "{}"],
    "flag": ["1", "0", '"true"', '""', "null", "[]"],
    "count": ['"5"', '""', "1.5", "1.0", "1e2", "true", "null", "[1]", "{}", "- 1", "01", "+1"],
    "big": ['"9007199254740993"', "9007199254740993.0", "false", "null"],
    "ratio": ['"1.5"', '"NaN"', "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "true", "null", "[1.5]", ".5", "1."],
    "data": ['"!!!!"', '"QQ"', '"QQ="', '"-_8="', '"AAEC/w==AAEC"', "5", "[0,1]"],
    "colour": ['"BLUE"', '"red"', '""', "0", "true", '["RED"]'],
    "at": ['"yesterday"', '"2026-01-31"', '"2026-13-01T00:00:00Z"', '"2026-02-30T00:00:00Z"', '"2026-01-31T12:00:00"',
           '""', "0", "1767225600.5", "true"],
    "took": ['"soon"', '"1.5"', '"PT"', '"P"', '""', '"1H"', "1.5", "90", "true"],
    "id": ['"no-uuid"', '""', '"0f8fad5b-d9cb-469f-a165-7086772895zz"', "5", "true"],
    "tags": ['"a"', "{}", '{"0":"a"}', "[1]", '[["a"]]', "true", "5"],
    "sizes": ["[]", '"x"', '{"x":"1"}', '{"x":1.5}', '{"x":true}', '{"x":{}}', '{"x":1,"x":2}'],
    "host": ["5", "true", '["192.0.2.1",80]', '{"host":"192.0.2.1"}'],
    "rule": ["5", "false", '["a"]'],
    "bits": ["5", "[0,2]", '"BQ"', '"!!!!"'],
    "inner": ["[]", '"n"', '{"name":"n"}', '{"name":"n","value":null}', '{"name":"n","value":"3"}',
              '{"name":5,"value":3}', '{"name":"n","value":3,"value":3}', "5", "true"],
}


def _bad_values():
    for field, texts in WRONG.items():
        for text in texts:
            yield {"name": "%s: %s" % (field, text), "text": _with(field, text)}
    for field in PRIMITIVES:
        left = {name: value for name, value in BASE.items() if name != field}
        yield {"name": field + " missing", "text": json.dumps(left)}


def _bad_texts():
    whole = json.dumps(BASE)
    texts = {
        "nothing": "", "blank": "  ", "null": "null", "an array": "[" + whole + "]", "a number": "5", "a text": '"x"',
        "trailing word": whole + " x", "trailing value": whole + "{}", "trailing comma": whole + ",",
        "cut in a name": whole[:3], "cut in the middle": whole[:-30], "cut before the end": whole[:-1],
        "comma before the end": whole[:-1] + ",}", "single quotes": whole.replace('"', "'"),
        "a comment": whole[:-1] + "/* no */}", "doubled field": whole[:-1] + ', "text": "again"}',
        "doubled unknown field": whole[:-1] + ', "later": 1, "later": 1}',
        "doubled field in an unknown one": whole[:-1] + ', "later": {"a": 1, "a": 1}}',
        "doubled by an escape": whole[:-1] + ', "te\\u0078t": "again"}',
        "nan in an unknown field": whole[:-1] + ', "later": NaN}',
        "a raw line break in a text": whole.replace("hello", "hel\nlo"),
        "a bad escape": whole.replace("hello", "hel\\qlo"), "a bad \\u": whole.replace("hello", "\\u12g4"),
        "nested 65 deep": whole[:-1] + ', "later": ' + "[" * 64 + "]" * 64 + "}",
        "nested 65 deep in objects": whole[:-1] + ', "later": ' + '{"a":' * 64 + "1" + "}" * 64 + "}",
        "nested 10,000 deep": whole[:-1] + ', "later": ' + "[" * 10000 + "]" * 10000 + "}",
        "never closed": '{"later":' * 2000,
    }
    for name, text in texts.items():
        yield {"name": name, "text": text}


def bodies():
    """Returns the good and the bad cases."""
    good = [*_good_shapes(), *_good_numbers(), *_good_texts(), *_good_times()]
    return {"type": {"name": "Everything", "fields": FIELDS}, "good": good, "bad": [*_bad_values(), *_bad_texts()]}
