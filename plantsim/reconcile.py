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

from . import reasons
from .cloudevent import PIECE
from .log import BREAKDOWN, SETUP
from .recipe import THOUSAND

CENT = Decimal("0.01")
TIME = "%Y-%m-%dT%H:%M:%SZ"
SCALE = {"GRM": THOUSAND, "MLT": THOUSAND, PIECE: Decimal(1)}  # to the stocked unit
SUMS = (
    "completed",
    "produced",
    "scrapped",
    "review",
    "rework",
    "minutes",
    "setup",
    "downtime",
)


@dataclass
class Totals:
    """What an order came to: pieces, minutes, components in their own unit."""

    completed: Decimal = Decimal()  # at all operations
    produced: Decimal = Decimal()  # finished goods
    scrapped: Decimal = Decimal()
    review: Decimal = Decimal()  # set aside for material review
    rework: Decimal = Decimal()
    minutes: Decimal = Decimal()  # of labour, set-up included
    setup: Decimal = Decimal()  # minutes in which a machine was set up
    downtime: Decimal = Decimal()  # minutes in which it was broken down
    consumed: dict = field(default_factory=lambda: defaultdict(Decimal))

    def differences(self, other):
        """Names of what is not the same, a hundredth apart or more."""
        names = [
            name
            for name in SUMS
            if abs(getattr(self, name) - getattr(other, name)) >= CENT
        ]
        components = sorted({*self.consumed, *other.consumed})
        return names + [
            code
            for code in components
            if abs(self.consumed.get(code, 0) - other.consumed.get(code, 0)) >= CENT
        ]


def totals(events, closing=None, blank=None):
    """What the events of one order come to, once all of them are posted.

    :param closing: the segment whose pieces are the finished goods
    :param blank: product code of what every finished piece is made of
    """
    reckoner = _Reckoner(closing, blank)
    for event in _standing(events):
        reckoner.add(event["type"].split(".", 1)[1].removesuffix(".v1"), event["data"])
    return reckoner.result


def _standing(events):
    """The events without those that were taken back."""
    reversed_ids = {
        event["data"]["eventId"]
        for event in events
        if event["type"] == "mfg.event.reversed.v1"
    }
    return [event for event in events if event["id"] not in reversed_ids]


class _Reckoner:
    def __init__(self, closing, blank):
        self.closing, self.blank = closing, blank
        self.result, self.open_intervals = Totals(), defaultdict(list)
        self.kinds = {
            "production.reported": self._produced,
            "production.scrapped": self._scrapped,
            "production.reworked": self._reworked,
            "material.consumed": self._consumed,
            "material.returned": self._returned,
            "labor.reported": self._booked,
            "equipment.downtime": self._stood,
            "jobresponse.started": self._worked,
            "jobresponse.resumed": self._worked,
            "jobresponse.paused": self._rested,
            "jobresponse.completed": self._rested,
        }

    def add(self, name, data):
        if name in self.kinds:
            self.kinds[name](data)

    # -- pieces --------------------------------------------------------------------

    def _produced(self, data):
        made = _value(data)
        self.result.completed += made
        if data.get("operationsSegmentId", self.closing) != self.closing:
            return
        self.result.produced += made
        if self.blank:
            self.result.consumed[self.blank] += made

    def _scrapped(self, data):
        self.result.scrapped += _value(data)

    def _reworked(self, data):
        if data["reasonCode"] == reasons.REVIEW:
            self.result.review += _value(data)
        else:
            self.result.rework += _value(data)

    def _consumed(self, data, sign=1):
        for material in data["materials"]:
            amount = _value(material) / SCALE[material["quantity"]["unitCode"]]
            self.result.consumed[material["materialDefinitionId"]] += sign * amount

    def _returned(self, data):
        self._consumed(data, -1)

    # -- time ----------------------------------------------------------------------

    def _worked(self, data):
        self.open_intervals[_whose(data)].append(data["time"])

    def _rested(self, data):
        """An end closes the earliest open interval of its worker, where there is one:
        the end of an operation may come when nobody works at it."""
        intervals = self.open_intervals[_whose(data)]
        if intervals:
            self.result.minutes += _minutes(intervals.pop(0), data["time"])

    def _booked(self, data):
        for line in data["labor"]:
            self.result.minutes += _minutes(line["startTime"], line["endTime"])

    def _stood(self, data):
        """Of a stop that is told twice, the second time says when it ended."""
        if "endTime" not in data:
            return
        minutes = _minutes(data["startTime"], data["endTime"])
        if data["reasonCode"] == reasons.STOPS[SETUP]:
            self.result.setup += minutes
        elif data["reasonCode"] == reasons.STOPS[BREAKDOWN]:
            self.result.downtime += minutes


def _value(data):
    return Decimal(data["quantity"]["value"])


def _whose(data):
    names = ("operationsSegmentId", "equipmentId", "personId")
    return tuple(data.get(name) for name in names)


def _minutes(start, end):
    spent = datetime.strptime(end, TIME) - datetime.strptime(start, TIME)
    return Decimal(int(spent.total_seconds())) / 60
