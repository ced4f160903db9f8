# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

import pytest
from engine.failure import Failure
from engine.quantity import Quantity, decimal, parse, positive
from hypothesis import given
from hypothesis import strategies as st

DECIMALS = st.decimals(
    -(10**20), 10**20, allow_nan=False, allow_infinity=False, places=10
)


def refused(call, *arguments):
    with pytest.raises(Failure) as caught:
        call(*arguments)
    assert caught.value.code == "quantity-invalid"
    [error] = caught.value.errors
    assert error.pointer in caught.value.detail
    return error.pointer


@given(DECIMALS)
def test_text_and_number_give_the_same_exact_value(number):
    text = f"{number:f}"
    assert parse({"value": text, "unitCode": "KGM"}) == Quantity(number, "KGM")
    assert decimal(text, "").as_tuple() == number.as_tuple()
    assert decimal(number, "") == number


@given(st.floats(-1e15, 1e15))
def test_a_float_counts_as_what_it_is_written(number):
    try:
        assert decimal(number, "") == Decimal(repr(number))
    except Failure:
        assert abs(number) < 1e-15


@given(st.text(max_size=40))
def test_a_text_is_refused_or_means_what_decimal_says(text):
    try:
        value = decimal(text, "/v")
    except Failure as failure:
        assert failure.errors[0].pointer == "/v"
    else:
        assert value == Decimal(text)
        assert value.is_finite()


@pytest.mark.parametrize(
    "value",
    [
        "",
        " 1",
        "1 ",
        "1\n",
        "+1",
        "1e3",
        "1E3",
        ".5",
        "1.",
        "1,5",
        "1_000",
        "0x1",
        "--1",
    ]
    + ["NaN", "Infinity", "-Infinity", "١", "one", "9" * 35, "1." + "0" * 34]
    + [None, True, False, [], {}, float("nan"), float("inf"), Decimal("sNaN")]
    + [10**34, Decimal("1E+34"), Decimal("1E+999999"), Decimal("1E-999999"), 1e300],
)
def test_what_is_no_exact_number_is_refused(value):
    quantity = {"value": value, "unitCode": "KGM"}
    assert refused(parse, quantity, "/data/quantity") == "/data/quantity/value"


@pytest.mark.parametrize(
    "value", ["9" * 34, 10**33, Decimal("1E+33"), Decimal("1E-33")]
)
def test_thirty_four_digits_are_exact(value):
    assert decimal(value, "") == Decimal(value)


@pytest.mark.parametrize("unit", ["KGM", "C62", "x", "Stück", "metric ton", "x" * 30])
def test_unit_codes(unit):
    assert parse({"value": 1, "unitCode": unit}).unit_code == unit


@pytest.mark.parametrize(
    "unit", ["", " ", " KGM", "KGM ", "x" * 31, "a\nb", None, 5, []]
)
def test_other_unit_codes_are_refused(unit):
    quantity = {"value": "1", "unitCode": unit}
    assert refused(parse, quantity, "/q") == "/q/unitCode"


@pytest.mark.parametrize("obj", [None, [], "5 kg", 5, True])
def test_a_quantity_is_an_object(obj):
    assert refused(parse, obj, "/data/quantity") == "/data/quantity"


@pytest.mark.parametrize("value", ["0", "0.000", "-0", "-1", -1, 0, Decimal("-0.001")])
def test_zero_and_negative_parse_but_are_not_positive(value):
    quantity = {"value": value, "unitCode": "KGM"}
    assert parse(quantity).value <= 0
    assert refused(positive, quantity, "/data/q") == "/data/q/value"


@pytest.mark.parametrize("value", ["0.001", 1, Decimal("1E-33")])
def test_above_zero_is_positive(value):
    assert positive({"value": value, "unitCode": "KGM"}).value > 0
