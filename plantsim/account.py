# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""One order in both books: what the plant told of it, and what Odoo has."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from . import recipe
from .reconcile import SUMS, Totals, totals
from .report import pair

HEAD = (
    "order",
    "state",
    "completed",
    "produced",
    "scrapped",
    "MRB",
    "rework",
    "labour min",
    "set-up min",
    "down min",
    "consumed",
    "verdict",
)
SAME = "same"


@dataclass
class Account:
    """An order, its events and what Odoo made of them."""

    origin: str
    part: str
    events: list
    found: Totals
    state: str
    closing: str | None = None
    outcomes: dict = field(default_factory=dict)  # event id -> Outcome

    def wanted(self, events):
        return totals(events, self.closing, recipe.Recipe(self.part).blank)

    @property
    def differences(self):
        return self.wanted(self.events).differences(self.found)

    @property
    def miscounted(self):
        """Whether the plant's snapshot differs from Odoo."""
        counted = {"produced", "scrapped", *self.found.consumed}
        counted |= set(self.wanted(self.events).consumed)
        return self.is_ended_apart or bool(counted & set(self.differences))

    @property
    def is_ended_apart(self):
        """Whether the plant takes the order for ended and Odoo does not."""
        ended = any(event["data"].get("final") for event in self.events)
        return ended != (self.state == "done")

    @property
    def unexplained(self):
        """What is not the same either when the events that are parked are left out."""
        posted = [e for e in self.events if self.outcomes[e["id"]].state == "posted"]
        left = self.wanted(posted).differences(self.found)
        return left if left or self.codes else ["nothing is parked"]

    @property
    def codes(self):
        return Counter(o.code for o in self.outcomes.values() if o.code)

    @property
    def verdict(self):
        if not self.differences:
            return SAME
        if self.unexplained:
            return f"UNEXPLAINED: {', '.join(self.unexplained)}"
        codes = (f"{count} × {code}" for code, count in self.codes.items())
        return f"explained: {', '.join(codes)}"

    def row(self):
        """Its line in the table."""
        pairs = _pairs([self.wanted(self.events)], [self.found])
        return self.origin, self.state, *pairs, self.verdict


def sum_row(accounts):
    """The last line of the table."""
    wanted = [account.wanted(account.events) for account in accounts]
    same = sum(1 for account in accounts if not account.differences)
    pairs = _pairs(wanted, [account.found for account in accounts])
    return "all", "", *pairs, f"{same} of {len(accounts)} same"


def _pairs(wanted, found):
    for name in SUMS:
        yield pair(*(_sum(getattr(t, name) for t in side) for side in (wanted, found)))
    consumed = (
        _sum(amount for total in side for amount in total.consumed.values())
        for side in (wanted, found)
    )
    yield pair(*consumed)


def _sum(numbers):
    return sum(numbers, Decimal())
