# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import hashlib
import json
import random
from decimal import Decimal

import pytest
from engine.envelope import Event
from engine.fingerprint import canonical, fingerprint
from engine.strict_json import dumps, loads
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = st.integers(-(10**30), 10**30) | st.decimals(
    allow_nan=False, allow_infinity=False, places=8
).filter(lambda number: abs(number) < 10**20)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=20,
)
DATA = st.dictionaries(st.text(max_size=5), VALUES, max_size=6)


def event(data, **more):
    return Event("id", "/mes", "mfg.x.v1", data=data, **more)


def rewritten(value):
    """The same JSON value, written differently: other order, other zeros."""
    if isinstance(value, dict):
        items = random.sample(list(value.items()), len(value))
        return {name: rewritten(inner) for name, inner in items}
    if isinstance(value, list):
        return [rewritten(inner) for inner in value]
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
        return random.choice([number, _with_zeros(number), _short(number)])
    return value


def _with_zeros(number):
    text = f"{number:f}"
    return Decimal(text + ("000" if "." in text else ".000"))


def _short(number):
    return int(number) if number == number.to_integral_value() else number


@given(DATA)
def test_order_and_zeros_do_not_matter(data):
    assert fingerprint(event(data)) == fingerprint(event(rewritten(data)))


@given(DATA, DATA)
def test_two_are_equal_exactly_when_their_values_are(one, other):
    assert (canonical(one) == canonical(other)) == _same(one, other)


def _same(one, other):
    """Equality of JSON values: Python's, without True == 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            _same(one[name], other[name]) for name in one
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other


@given(DATA)
def test_changing_one_value_is_noticed(data):
    assert canonical({**data, "extra": 1}) != canonical({**data, "extra": 2})


@given(VALUES)
def test_the_canonical_form_is_json_of_the_same_value(value):
    again = json.loads(canonical(value), parse_float=Decimal)
    assert _same(again, value)


@pytest.mark.parametrize(
    "body",
    ['{"a":1,"b":[2]}', ' { "b" : [ 2.0 ],\n "a" : 1.00 } ', '{"b":[20e-1],"a":0.1e1}'],
)
def test_one_fingerprint_for_every_way_to_write_it(body):
    assert canonical(loads(body.encode())) == '{"a":1,"b":[2]}'


@pytest.mark.parametrize("literal", ["0", "0.0", "-0", "-0.00", "0e5", "-0e-3"])
def test_zero_is_zero(literal):
    assert canonical(loads(literal.encode())) == "0"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a":"1"}', '{"a":1}'),
        ('{"a":true}', '{"a":1}'),
        ('{"a":null}', "{}"),
        ('{"a":[1,2]}', '{"a":[2,1]}'),
        ('{"a":"é"}', '{"a":"e\u0301"}'),
        ('{"a":"5.0"}', '{"a":"5.00"}'),
        ('{"a":1e33}', '{"a":1000000000000000000000000000000001}'),
        (
            '{"a":0.1234567890123456789012345678901}',
            '{"a":0.1234567890123456789012345678902}',
        ),
        ('{"a":{"b":1}}', '{"a":{},"b":1}'),
    ],
)
def test_what_differs_has_another_fingerprint(one, other):
    marks = {fingerprint(event(loads(text.encode()))) for text in (one, other)}
    assert len(marks) == 2


def test_type_and_subject_count_but_not_the_rest_of_the_envelope():
    plain = event({"a": 1})
    assert fingerprint(plain) != fingerprint(event({"a": 1}, subject="MO1"))
    plain.id, plain.source, plain.sequence = "other", "/other", 9
    assert fingerprint(plain) == fingerprint(event({"a": 1}))
    plain.type = "mfg.y.v1"
    assert fingerprint(plain) != fingerprint(event({"a": 1}))


def test_it_does_not_change_between_versions():
    """Stored fingerprints outlive the code: this value must never change."""
    mark = fingerprint(event({"q": Decimal("5.10"), "ä": [True, None]}, subject="MO1"))
    text = '{"data":{"q":5.1,"ä":[true,null]},"subject":"MO1","type":"mfg.x.v1"}'
    assert mark == hashlib.sha256(text.encode()).hexdigest()


def test_floats_count_as_what_they_are_written():
    assert canonical({"a": 0.1, "b": 2.0}) == '{"a":0.1,"b":2}'
    assert canonical(loads(dumps({"a": 0.1}).encode())) == canonical({"a": 0.1})
