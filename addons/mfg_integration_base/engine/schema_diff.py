# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What a plant that changes over has to do: two schemas, field by field."""

from dataclasses import dataclass

from .docs_fields import fields

# what may break a sender first
CHANGES = ("new-required", "gone", "now-required", "other", "new", "now-optional")


@dataclass(frozen=True)
class Difference:
    """One field that is not what it was; `before` and `after` are words on its form."""

    path: str
    change: str
    before: str = ""
    after: str = ""


def differences(before, after):
    """Return the Differences of two self-contained schemas, breaking ones first."""
    old = {field.path: field for field in fields(before)}
    new = {field.path: field for field in fields(after)}
    found = [
        difference
        for path in {**old, **new}
        for difference in _of_field(old.get(path), new.get(path))
    ]
    return sorted(found, key=lambda one: CHANGES.index(one.change))


def _of_field(old, new):
    if old is None:
        change = "new-required" if new.required else "new"
        yield Difference(new.path, change, after=_form(new))
    elif new is None:
        yield Difference(old.path, "gone", before=_form(old))
    else:
        if old.required != new.required:
            change = "now-required" if new.required else "now-optional"
            yield Difference(new.path, change, _form(old), _form(new))
        if _form(old) != _form(new):
            yield Difference(new.path, "other", _form(old), _form(new))


def _form(field):
    return "; ".join((field.kind, *field.rules))
