# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The fingerprint that tells a resent event from another one under the same id."""

import hashlib
import json
from decimal import Decimal


def fingerprint(event):
    """Return the SHA-256 (hex) of what the event says: type, subject and data.

    Member order, white space and the way a number is written (1, 1.0, 1e0) do not
    matter; text is compared character by character.
    """
    content = {"type": event.type, "subject": event.subject, "data": event.data}
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(value):
    """Return one text for every way to write the same JSON value."""
    if isinstance(value, dict):
        names = sorted(value)
        return "{" + ",".join(f"{_quote(n)}:{canonical(value[n])}" for n in names) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float | Decimal):
        return _number(value if isinstance(value, Decimal) else Decimal(repr(value)))
    return _quote(value)


def _quote(value):
    return json.dumps(value, ensure_ascii=False)


def _number(value):
    """Write the number out: normalize() would round to the context's precision."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
