# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A payload as labelled rows, for people who do not read JSON.

Plain Python: the screens draw the rows, the edit wizard changes their values.
"""

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_QUANTITY = {"value", "unitCode"}


@dataclass(frozen=True)
class Row:
    """One line of the table; ``value`` is None for a heading over nested rows."""

    pointer: str
    label: str
    value: object
    depth: int
    heading: bool = False
    unit: str = ""  # of a quantity: the plant's code


def label(name):
    """``materialDefinitionId`` → ``Material definition``: words instead of code."""
    words = [word.lower() for word in _WORDS.findall(name)] or [name]
    if len(words) > 1 and words[-1] == "id":
        words.pop()
    return " ".join(words).capitalize()


def rows(value, pointer="", depth=0, compact=True):
    """The rows of an object or array, outermost first.

    ``compact`` joins a quantity into one row ("5.000 KGM"); editing needs its
    two members apart.
    """
    for name, pointed, item in _members(value, pointer):
        if compact and _is_quantity(item):
            unit = as_text(item["unitCode"])
            yield Row(pointed, name, f"{item['value']} {unit}", depth, unit=unit)
        elif isinstance(item, dict | list):
            yield Row(pointed, name, None, depth, heading=True)
            yield from rows(item, pointed, depth + 1, compact)
        else:
            yield Row(pointed, name, item, depth)


def replace(value, pointer, new):
    """A copy of ``value`` with the member at ``pointer`` changed."""
    if not pointer:
        return new
    head, *rest = pointer[1:].split("/")
    tail = "".join(f"/{part}" for part in rest)
    if isinstance(value, list):
        position = int(head)
        changed = replace(value[position], tail, new)
        return [*value[:position], changed, *value[position + 1 :]]
    name = head.replace("~1", "/").replace("~0", "~")
    return {**value, name: replace(value[name], tail, new)}


def parse_like(old, text):
    """What a person typed, as the JSON type the value had before.

    Text that is no number stays text: the schema then says what is wrong with it.
    """
    text = (text or "").strip()
    if isinstance(old, bool):
        return {"true": True, "false": False}.get(text.lower(), text)
    if old is None and not text:
        return None
    if isinstance(old, int | float | Decimal):
        return _number(text)
    return text


def as_text(value):
    """A scalar as a person would type it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def pretty(value, indent=""):
    """JSON on many lines, every digit of a number kept."""
    inner = indent + "  "
    if isinstance(value, dict) and value:
        lines = [f"{inner}{_json(k)}: {pretty(v, inner)}" for k, v in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        lines = [inner + pretty(item, inner) for item in value]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    return str(value) if isinstance(value, Decimal) else _json(value)


def _json(value):
    return json.dumps(value, ensure_ascii=False)


def _members(value, pointer):
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield f"#{index + 1}", f"{pointer}/{index}", item
        return
    for name, item in value.items():
        escaped = name.replace("~", "~0").replace("/", "~1")
        yield label(name), f"{pointer}/{escaped}", item


def _is_quantity(item):
    return (
        isinstance(item, dict)
        and set(item) == _QUANTITY
        and not any(isinstance(part, dict | list) for part in item.values())
    )


def _number(text):
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    return int(number) if re.fullmatch(r"-?\d+", text) else number
