# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Compares what the plant sent with what Odoo has, per order.

A difference is explained when the events that were *not* posted, each with its code,
account for it exactly; anything else is a fault.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from .recipe import THOUSAND

CENT = Decimal("0.01")


@dataclass
class Totals:
    """What an order came to: pieces, minutes, components in their own unit."""

    produced: Decimal = Decimal()
    scrapped: Decimal = Decimal()
    minutes: Decimal = Decimal()
    consumed: dict = field(default_factory=lambda: defaultdict(Decimal))

    def differences(self, other):
        """Names of what is not the same, a hundredth apart or more."""
        names = [
            name
            for name in ("produced", "scrapped", "minutes")
            if abs(getattr(self, name) - getattr(other, name)) >= CENT
        ]
        components = sorted({*self.consumed, *other.consumed})
        return names + [
            code
            for code in components
            if abs(self.consumed.get(code, 0) - other.consumed.get(code, 0)) >= CENT
        ]


def totals(events, closing, blank=None):
    """What the events of one order come to, once all of them are posted."""
    result, open_intervals = Totals(), defaultdict(list)
    for event in events:
        name, data = event["type"].split(".", 1)[1], event["data"]
        if name.startswith("jobresponse."):
            result.minutes += _labour(open_intervals, name, data)
        elif name == "production.reported.v1":
            _produced(result, data, closing, blank)
        elif name == "production.scrapped.v1":
            result.scrapped += Decimal(data["quantity"]["value"])
        elif name == "material.consumed.v1":
            _consumed(result, data)
    return result


def _produced(result, data, closing, blank):
    if data["operationsSegmentId"] != closing:
        return
    made = Decimal(data["quantity"]["value"])
    result.produced += made
    if blank:
        result.consumed[blank] += made


def _consumed(result, data):
    for material in data["materials"]:
        amount = Decimal(material["quantity"]["value"])
        result.consumed[material["materialDefinitionId"]] += amount / THOUSAND


def _labour(open_intervals, name, data):
    """Minutes that an end closes: the earliest open interval of its worker."""
    names = ("operationsSegmentId", "equipmentId", "personId")
    intervals = open_intervals[tuple(data.get(name) for name in names)]
    time = datetime.strptime(data["time"], "%Y-%m-%dT%H:%M:%SZ")
    if name in ("jobresponse.started.v1", "jobresponse.resumed.v1"):
        intervals.append(time)
        return 0
    if not intervals:
        return 0
    seconds = (time - intervals.pop(0)).total_seconds()
    return Decimal(int(seconds)) / 60
