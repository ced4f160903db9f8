# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Quantities, times, lots and places of a B2MML element as the contract writes them."""

import re
from decimal import Decimal

from . import times

# what is written for a unit of time; the contract knows the codes of Rec 20
TIME_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "SEC"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "MIN"),
    **dict.fromkeys(("h", "hr", "hrs", "hur", "hour", "hours"), "HUR"),
    **dict.fromkeys(("d", "day", "days"), "DAY"),
}
PLACES = ("storagezone", "storageunit")  # equipment levels that goods can lie at
_NUMBER = re.compile(r"\+?(-?[0-9]{1,34}(?:\.[0-9]{0,34})?|-?\.[0-9]{1,34})", re.ASCII)


def quantity(node, zero=False):
    """The quantity of a material: `{"value", "unitCode"}`; None when it is zero.

    :param zero: 0 is a quantity like others

    :raise Refusal: there is none or more than one, it is no number or below zero, or
        has no unit
    """
    amounts = [one for one in node.all("Quantity") if one.nodes or one.text]
    if not amounts:
        raise node.refuse("quantity-invalid", "has no Quantity")
    if len(amounts) > 1:
        raise amounts[1].refuse("quantity-invalid", "only one can be posted")
    found = amount(amounts[0])
    unit = amounts[0].word("UnitOfMeasure")
    if not found and not zero:
        return None
    if not unit:
        raise amounts[0].refuse("quantity-invalid", "has no UnitOfMeasure")
    return {"value": f"{found:f}", "unitCode": unit}


def amount(node):
    """The number of a Quantity, zero or more, as Decimal.

    :raise Refusal: quantity-invalid
    """
    written = next(iter(node.all("QuantityString")), node)
    text = written.text or ""
    match = _NUMBER.fullmatch(text)
    if not match or sum(map(str.isdigit, text)) > 34:
        detail = "must be a number such as 5.000, without exponent or separators"
        raise written.refuse("quantity-invalid", detail)
    number = Decimal(match[1].removesuffix("."))
    if number < 0:
        raise written.refuse("quantity-invalid", "must not be negative")
    return number


def moment(node, zone, *names):
    """The time (aware, UTC) of the first of these children, or None.

    :raise Refusal: time-invalid
    """
    found = node.one(*names)
    if found is None:
        return None
    try:
        return times.parse(found.text or "", zone)
    except ValueError as error:
        raise found.refuse("time-invalid", str(error)) from None


def interval(node, zone, starts, ends):
    """(start, end) of an element, each or both None.

    :raise Refusal: time-invalid, also when it ends before it starts
    """
    start, end = moment(node, zone, *starts), moment(node, zone, *ends)
    if start and end and end < start:
        raise node.one(*ends).refuse("time-invalid", "is before the start")
    return start, end


def duration(node):
    """How long a person worked: `{"value", "unitCode"}`; None where it is not said.

    A Quantity that counts persons, not time, says nothing of it.

    :raise Refusal: quantity-invalid
    """
    for one in node.all("Quantity"):
        written = (one.one("QuantityString") or one).text or ""
        seconds = times.seconds_of(written)
        if seconds:
            return {"value": f"{seconds:f}", "unitCode": "SEC"}
        unit = TIME_UNITS.get((one.word("UnitOfMeasure") or "").lower())
        found = unit and amount(one)
        if found:
            return {"value": f"{found:f}", "unitCode": unit}
    return None


def lots(node):
    """The lots of a material; a sublot stands for its lot where that is not named."""
    for name in ("MaterialLotID", "MaterialSubLotID"):
        found = [one.text for one in node.all(name) if one.text]
        if found:
            return [{"materialLotId": code} for code in dict.fromkeys(found)]
    return []


def location(node):
    """Where a material was taken from, or None.

    V0401 gives equipment: of the levels that store goods. Later ones give text.
    """
    store = node.one("StorageLocation")
    if store is not None:
        return store.word("Location", "EquipmentID") or store.text
    place = node.one("Location")
    level = place and (place.word("EquipmentElementLevel", "EquipmentLevel") or "")
    return place.word("EquipmentID") if level and level.lower() in PLACES else None


def equipment(node):
    """The machine: of several none, since it is not known which."""
    codes = {one.word("EquipmentID") for one in node.all("EquipmentActual")} - {None}
    return codes.pop() if len(codes) == 1 else None


def properties(node):
    """Id -> value of an element's properties, nested ones too; ids in lower case."""
    found = {}
    for one in node.nodes:
        if not one.name.endswith(("property", "propertychild")):
            continue
        value = one.one("Value")
        name = (one.word("ID") or "").lower()
        text = value and (value.one("ValueString") or value).text
        if name and text:
            found.setdefault(name, text)
        for name, text in properties(one).items():
            found.setdefault(name, text)
    return found
