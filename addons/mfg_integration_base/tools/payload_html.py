# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A payload as an HTML table. Everything a plant wrote is escaped by Markup."""

import re
from datetime import datetime, timezone

from markupsafe import Markup

from odoo.tools import format_datetime

from .payload_table import as_text, rows

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
_TABLE = Markup('<table class="table table-sm mb-0 o_mfg_payload">{}</table>')
_ROW = Markup('<tr class="{}"><th class="{}">{}</th><td>{}{}{}{}</td></tr>')
_WAS = Markup(' <del class="text-muted ms-2">{}</del>')
_WRONG = Markup('<div class="text-danger small">{}</div>')
_RAW = Markup('<pre class="mb-0">{}</pre>')
_UNIT = Markup(' <span class="text-muted">({})</span>')
_TITLED = Markup('<span title="{}">{}</span>')


def table(env, data, original, wrong, unit_name):
    """The rows of ``data``; ``wrong`` maps pointers to what is the matter there.

    What differs from ``original`` shows its first value struck out.

    :param unit_name: Odoo's name of a plant's unit code, if it has another
    """
    if not isinstance(data, dict | list):
        return raw(as_text(data))
    before = _values(original)
    lines = [
        _line(env, row, before, wrong, row.unit and unit_name(row.unit))
        for row in rows(data, "/data")
    ]
    return _TABLE.format(Markup("").join(lines))


def raw(text):
    """What could not be read as an event, shown as it came."""
    return _RAW.format(text or "")


def _values(original):
    if not isinstance(original, dict | list):
        return {}
    return {row.pointer: row.value for row in rows(original, "/data")}


def _line(env, row, before, wrong, unit):
    problems = _problems(row, wrong)
    was = before.get(row.pointer, row.value)
    changed = was != row.value and not row.heading
    return _ROW.format(
        "table-danger" if problems else "",
        f"o_mfg_depth_{min(row.depth, 6)} {'fw-bold' if row.heading else 'fw-normal'}",
        row.label,
        "" if row.heading else _value(env, row.value),
        _UNIT.format(unit) if unit else "",
        _WAS.format(as_text(was)) if changed else "",
        Markup("").join(_WRONG.format(problem) for problem in problems),
    )


def _problems(row, wrong):
    """Errors at this row; a quantity in one row answers for its two members."""
    inside = ("", "/value", "/unitCode") if not row.heading else ("",)
    found = [wrong.get(row.pointer + part) for part in inside]
    return [problem for problem in found if problem]


def _value(env, value):
    text = as_text(value)
    if not _TIME.fullmatch(text):
        return text
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return text
    naive = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return _TITLED.format(text, format_datetime(env, naive, dt_format="medium"))
