# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Set-up is booked afterwards: one card per operation and day, a line per worker.

All other time is told as it passes, by its beginning and its end; so is set-up that no
card can say: more than a day at once, or time a worker was at the same operation
anyway, which Odoo would refuse as told twice.
"""

from collections import defaultdict
from datetime import timedelta

from .log import SETUP

LONGEST = timedelta(days=1)


def cards(order):
    """Number of the last row of each card -> the rows of the card, by their end."""
    found = defaultdict(list)
    for row in sorted(order.rows, key=lambda row: (row.end, row.number)):
        if _fits(order, row):
            found[order.place(row), row.end.date()].append(row)
    return {rows[-1].number: rows for rows in found.values()}


def _fits(order, row):
    if row.kind != SETUP or not row.start < row.end <= row.start + LONGEST:
        return False
    return not any(_overlaps(order, row, other) for other in order.rows)


def _overlaps(order, row, other):
    """Whether the same worker was at the same operation at the same time."""
    same = order.place(row) == order.place(other) and row.worker == other.worker
    meet = row.start < other.end and other.start < row.end
    return other is not row and same and meet
