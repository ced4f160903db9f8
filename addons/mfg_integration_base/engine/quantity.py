# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Quantities: a decimal value with a unit code, exact until the ORM."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .failure import Failure, FieldError

DIGITS = 34
_TEXT = re.compile(r"-?[0-9]{1,34}(?:\.[0-9]{1,34})?")
_INNER = r"[^\x00-\x1f\x7f-\x9f]"
_OUTER = r"[^\s\x00-\x1f\x7f-\x9f]"
_UNIT = re.compile(rf"{_OUTER}(?:{_INNER}{{0,28}}{_OUTER})?")


@dataclass(frozen=True)
class Quantity:
    """A value as the plant sent it, in the plant's unit (UN/ECE Rec 20 or alias)."""

    value: Decimal
    unit_code: str


def parse(obj, pointer="/data/quantity"):
    """Return the Quantity of `{"value": "5.000", "unitCode": "KGM"}`.

    The value may be negative or zero here; see `positive`. Raises
    `Failure("quantity-invalid")` that points at the member in error.
    """
    if not isinstance(obj, dict):
        raise _failure(pointer, "must be an object with value and unitCode")
    value = decimal(obj.get("value"), f"{pointer}/value")
    unit = obj.get("unitCode")
    if not isinstance(unit, str) or not _UNIT.fullmatch(unit):
        raise _failure(f"{pointer}/unitCode", "must be a code of 1 to 30 characters")
    return Quantity(value, unit)


def positive(obj, pointer="/data/quantity"):
    """Return the Quantity, which must be above zero."""
    quantity = parse(obj, pointer)
    if quantity.value <= 0:
        raise _failure(f"{pointer}/value", "must be greater than 0")
    return quantity


def decimal(value, pointer):
    """Return the exact Decimal of a JSON number or a decimal string.

    Refused: booleans, NaN, infinities, exponents in strings, and numbers that have
    more than 34 digits when written out (decimal128).
    """
    if isinstance(value, str):
        return _from_text(value, pointer)
    number = _from_number(value)
    if number is None or not number.is_finite():
        raise _failure(pointer, "must be a number or a decimal string such as 5.000")
    if _written_digits(number) > DIGITS:
        raise _failure(pointer, f"must have at most {DIGITS} digits")
    return number


def _from_text(text, pointer):
    if not _TEXT.fullmatch(text):
        raise _failure(pointer, "must be a decimal number such as 5.000")
    if sum(map(str.isdigit, text)) > DIGITS:
        raise _failure(pointer, f"must have at most {DIGITS} digits")
    return Decimal(text)


def _from_number(value):
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return Decimal(repr(value))
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _written_digits(number):
    """Count without writing out: an exponent may be astronomic."""
    _sign, digits, exponent = number.as_tuple()
    return max(len(digits) + exponent, 1) + max(-exponent, 0)


def _failure(pointer, detail):
    text = f"The quantity is not usable: {pointer} {detail}."
    return Failure("quantity-invalid", text, [FieldError(pointer, detail)])
