# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import inspect
import json
import math
import sys
import time
from decimal import Decimal

import pytest
from engine.failure import Failure
from engine.strict_json import BATCH, STORED, Limits, dumps, loads, loads_batch
from hypothesis import given
from hypothesis import strategies as st


def refused(body, limits=None):
    with pytest.raises(Failure) as caught:
        loads(body, limits)
    assert caught.value.code == "schema"
    return caught.value


def pointers(body, limits=None):
    return [error.pointer for error in refused(body, limits).errors]


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**33), 10**33),
    st.decimals(allow_nan=False, allow_infinity=False, places=6).filter(
        lambda number: abs(number) < 10**20
    ),
    TEXT,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(TEXT.filter(lambda name: len(name) < 200), inner, max_size=5)
    ),
    max_leaves=30,
)


def by_json(body):
    """The oracle: Python's own parser, told to keep the digits."""
    return json.loads(body, parse_float=Decimal)


@given(VALUES)
def test_reads_what_json_reads_and_nothing_else(value):
    body = dumps(value).encode()
    assert loads(body) == by_json(body) == value


@given(VALUES, st.sampled_from([None, 2]))
def test_white_space_and_escapes_do_not_matter(value, indent):
    floats_gone = json.loads(dumps(value), parse_float=str)
    body = json.dumps(floats_gone, indent=indent, ensure_ascii=True).encode()
    assert loads(body) == floats_gone


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_and_never_crash(body):
    try:
        value = loads(body)
    except Failure as failure:
        assert failure.code == "schema"
        assert failure.errors
    else:
        assert value == by_json(body)


@given(st.text('[]{}",:\\ue0123456789.-+truefalsn', max_size=80))
def test_any_text_made_of_json_parts_is_read_as_json_reads_it(text):
    body = text.encode()
    try:
        value = loads(body)
    except Failure:
        return
    assert value == by_json(body)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"a": 1, "a": 1}', "/a"),
        (b'{"a": {"b/c": [{"d~e": 1, "d~e": 2}]}}', "/a/b~1c/0/d~0e"),
        (b'[1, {"": 1, "": 2}]', "/1/"),
        (b'{"x": {"a": 1, "a": 2}, "y": 3}', "/x/a"),
    ],
)
def test_a_member_named_twice_is_refused_where_it_stands(body, pointer):
    assert pointers(body) == [pointer]


def test_every_doubled_member_is_named_with_its_siblings_flaws():
    failure = refused(b'{"a": NaN, "b": {"c": 1, "c": 1}, "d": [1e400]}')
    assert {error.pointer for error in failure.errors} == {"/a", "/b/c", "/d/0"}


@pytest.mark.parametrize("literal", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_not_a_number_is_refused(literal):
    assert pointers(b'{"v": [' + literal + b"]}") == ["/v/0"]


@pytest.mark.parametrize(
    "literal",
    [
        "1e400",
        "-1e400",
        "1E-400",
        "1e34",
        "1e999999999999999999",
        "0e99999999",
        "9" * 35,
        "-" + "9" * 35,
        "0." + "0" * 33 + "1",
        "9" * 5000,
        "1." + "0" * 40,
    ],
)
def test_numbers_that_decimal128_cannot_hold_are_refused(literal):
    assert pointers(f'{{"v": {literal}}}'.encode()) == ["/v"]


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("9" * 34, int("9" * 34)),
        ("-" + "9" * 34, -int("9" * 34)),
        ("1e33", Decimal("1E+33")),
        ("0." + "0" * 32 + "1", Decimal("1E-33")),
        ("1.10", Decimal("1.10")),
        ("-0", 0),
        ("2.7755575615628914e-17", Decimal("2.7755575615628914E-17")),
    ],
)
def test_numbers_at_the_limit_stay_exact(literal, value):
    read = loads(literal.encode())
    assert read == value
    assert str(read) == str(value)
    assert not isinstance(read, float)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"{} {}",
        b"[1,]",
        b"{'a': 1}",
        b"01",
        b"+1",
        b".5",
        b"1.",
        b'"a\nb"',
        b'"\x00"',
        b"\x00",
        b"nul",
        b"// x\n1",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\xc0\x80"',
    ],
)
def test_what_is_no_json_in_utf8_is_refused_as_a_whole(body):
    assert pointers(body) == [""]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (rb'{"a": "\u0000"}', "/a"),
        (rb'{"a": ["x\ud800y"]}', "/a/0"),
        (rb'{"a": "\udc00\ud800"}', "/a"),
        (rb'{"a": {"\u0000": 1}}', "/a"),
        (rb'{"a": {"\ud800": 1}}', "/a"),
    ],
)
def test_nul_and_half_surrogates_are_refused(body, pointer):
    failure = refused(body)
    assert [error.pointer for error in failure.errors] == [pointer]
    json.dumps(failure.as_dict()).encode("utf-8")
    assert "\x00" not in str(failure.as_dict())


def test_a_whole_surrogate_pair_is_a_character():
    assert loads(rb'"\ud83d\ude00"') == "\U0001f600"


def test_depth_is_counted_exactly():
    assert loads(b"[" * 32 + b"]" * 32)
    assert pointers(b"[" * 33 + b"]" * 33) == ["/0" * 32]
    assert loads(b'{"a":' * 32 + b"1" + b"}" * 32)
    assert pointers(b'{"a":' * 33 + b"1" + b"}" * 33) == ["/a" * 32]


def test_brackets_inside_strings_are_no_depth():
    assert loads(json.dumps(["[" * 500, '\\"[[' * 500]).encode())


@pytest.mark.parametrize(
    "body",
    [b"[" * 900_000, b"[" * 500_000 + b"]" * 500_000, b'{"a":' * 170_000],
)
def test_absurd_depth_never_reaches_the_recursion_limit(body):
    assert pointers(body) == [""]


@pytest.mark.parametrize("depth", [33, 100, 101, 200, 5000])
def test_depth_is_safe_in_the_deep_stack_of_a_web_server(depth):
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 150)
    try:
        failure = refused(b"[" * depth + b"]" * depth)
    finally:
        sys.setrecursionlimit(limit)
    assert "deeper than 32" in failure.errors[0].detail


@pytest.mark.parametrize(
    "body",
    [
        b'"' * 1_000_000,
        b'"' + b'\\"' * 500_000,
        b'"' + b"\\" * 1_000_001,
        b"[]," * 300_000,
        b'{"a":"' * 170_000,
        b"1" * 1_000_000,
        b"[" * 190 + b"[]," * 300_000,
    ],
)
def test_no_body_takes_more_than_linear_time(body):
    begun = time.process_time()
    with pytest.raises(Failure):
        loads(body)
    assert time.process_time() - begun < 1


def test_sizes_are_limited_before_parsing():
    with pytest.raises(Failure) as caught:
        loads(b'"' + b"x" * 1024 * 1024 + b'"')
    assert caught.value.code == "payload-too-large"
    assert loads(b'"' + b"x" * (1024 * 1024 - 2) + b'"')


def test_lists_and_values_are_limited():
    assert len(loads(json.dumps([0] * 1000).encode())) == 1000
    assert pointers(b'{"a": ' + json.dumps([0] * 1001).encode() + b"}") == ["/a"]
    lists = [[0] * 999] * 10
    assert loads(json.dumps(lists[:-1]).encode())
    assert pointers(json.dumps([*lists, [0]]).encode()) == [""]


def test_member_names_are_limited():
    assert loads(json.dumps({"n" * 255: 1}).encode())
    assert pointers(json.dumps({"a": {"n" * 256: 1}}).encode()) == ["/a"]


def test_at_most_twenty_errors_are_listed():
    assert len(pointers(b"[" + b"NaN," * 500 + b"1]")) == 20


def test_what_could_be_read_stays_with_the_failure():
    assert refused(b'{"id": "a", "v": NaN}').value["id"] == "a"
    assert refused(b"{").value is None


def test_a_batch_refuses_only_the_bad_ones():
    results = loads_batch(b'[{"a": 1}, {"a": NaN}, {"a": 1, "a": 2}, {"b": 1.50}]')
    assert results[0] == {"a": 1}
    assert [error.pointer for error in results[1].errors] == ["/a"]
    assert [error.pointer for error in results[2].errors] == ["/a"]
    assert str(results[3]["b"]) == "1.50"


def test_the_limits_hold_for_each_event_of_a_batch():
    event = "[" * 32 + "]" * 32
    assert not isinstance(loads_batch(f"[{event}]".encode())[0], Failure)
    assert isinstance(loads_batch(f"[[{event}], 1]".encode())[0], Failure)
    many = json.dumps([[[0] * 999] * 9] * 50).encode()
    assert not any(isinstance(one, Failure) for one in loads_batch(many))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{}", "schema"),
        (b"[{}", "schema"),
        (b"[" + b"{}," * 1000 + b"{}]", "payload-too-large"),
        (b'["' + b"x" * BATCH.size + b'"]', "payload-too-large"),
    ],
)
def test_a_body_that_is_no_batch_is_refused_as_a_whole(body, code):
    with pytest.raises(Failure) as caught:
        loads_batch(body)
    assert caught.value.code == code


def test_own_limits_can_be_given():
    assert pointers(b"[1, 2, 3]", Limits(items=2)) == [""]
    assert pointers(b"12345", Limits(digits=4)) == [""]


@given(VALUES)
def test_dumps_keeps_every_digit(value):
    assert repr(loads(dumps(value).encode())) == repr(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, Decimal("NaN"), Decimal("Inf")])
def test_dumps_refuses_what_is_no_number(value):
    with pytest.raises(ValueError):
        dumps({"a": [value, Decimal(1)]})


@pytest.mark.parametrize("value", [{1: Decimal(1)}, {"a": {1, 2}}, b"x", [object()]])
def test_dumps_refuses_what_json_cannot_say(value):
    with pytest.raises(TypeError):
        dumps([Decimal(1), value])


def test_dumps_is_plain_utf8():
    assert dumps({"ä": [Decimal("5.000"), None, True]}) == '{"ä":[5.000,null,true]}'


def test_what_is_stored_may_be_longer_than_what_comes_in():
    body = dumps({"lines": [{"n": str(number)} for number in range(11_000)]}).encode()
    with pytest.raises(Failure):
        loads(body)
    assert len(loads(body, STORED)["lines"]) == 11_000
    with pytest.raises(Failure):  # what no reader should meet is refused all the same
        loads(b'{"n": NaN}', STORED)
