# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the plant's products are made of: the log does not say, so it is settled here.

Every piece needs one blank, taken by backflush. Besides, each order takes one component
that a worker reports by hand, in another unit than the product's own: cutting oil (kept
in litres, reported in millilitres) or lapping paste (kept in kilograms by lot, reported
in grams). Choices depend on the name alone, so that a second run repeats them.
"""

import zlib
from dataclasses import dataclass
from decimal import Decimal

from .log import slug

OIL, PASTE = "OIL-CUT", "PASTE-LAP"
PASTE_LOTS = ("PASTE-A", "PASTE-B", "PASTE-C")
THOUSAND = Decimal(1000)


@dataclass(frozen=True)
class Dose:
    """A component reported by hand: how much of it one order takes."""

    component: str
    amount: Decimal  # in the reported unit
    unit: str
    lot: str | None

    @property
    def stocked(self):
        """The amount in the product's own unit, a thousand times the reported one."""
        return self.amount / THOUSAND


@dataclass(frozen=True)
class Recipe:
    """One part: its codes and whether its finished goods go by lots."""

    part: str

    @property
    def product(self):
        return slug(self.part)

    @property
    def blank(self):
        return f"BLANK-{self.product}"

    @property
    def tracked(self):
        return _number(self.part) % 3 == 0

    @property
    def component(self):
        return PASTE if _number(self.part) % 2 else OIL


def dose(order):
    """What an order takes of its hand-reported component."""
    component = Recipe(order.part).component
    pieces = int(order.quantity)
    if component == OIL:
        return Dose(OIL, Decimal(250 + 10 * (pieces // 4)), "MLT", None)
    lot = PASTE_LOTS[_number(order.case) % len(PASTE_LOTS)]
    return Dose(PASTE, Decimal(500 + 20 * (pieces // 5)), "GRM", lot)


def lot(order):
    """The lot of an order's finished goods, None when they go without."""
    if not Recipe(order.part).tracked:
        return None
    return f"LOT-{slug(order.case)}"


def _number(text):
    return zlib.crc32(text.encode())


@dataclass(frozen=True)
class Plan:
    """What the planner has to order: one production order with its route and needs."""

    origin: str
    part: str
    quantity: Decimal
    route: tuple  # (activity, machine, minutes per piece)
    component: str
    needs: Decimal  # of the component, in the product's own unit
    spare: Decimal = Decimal("1.5")  # stock laid in, times what it plans to take


def plan(order):
    """The production order for a case of the log."""
    route = tuple(
        (segment.name, segment.machine, float(segment.minutes / order.quantity))
        for segment in order.segments
    )
    needed = dose(order)
    return Plan(
        order.case, order.part, order.quantity, route, needed.component, needed.stocked
    )
