# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What it means that goods are posted and what is missing of their components waits for
stock (docs/messages/production.reported.md, *When stock is short*)."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .stateful_model import LATE
from .stateful_plant import Plant, moment


@dataclass(eq=False)
class Wait:
    """A quantity that was used when there was no stock of it."""

    product: str
    lot: str
    quantity: Decimal
    derived: bool
    time: datetime
    number: int


class WaitingPlant(Plant):
    """Consumption is posted at once, as far as there is stock."""

    def tell(self, event, approved=()):
        code = super().tell(event, approved)
        self.arrive()
        return code

    def receive(self, product, lot, quantity):
        self.stock[product, lot or ""] += quantity
        self.arrive()

    def waits(self):
        return [wait for fact in self.facts for wait in fact.waits]

    def _check_stock(self, fact, time):
        """What there is of each lot is used, in the order of the report."""
        taken, uses = Counter(), fact.uses
        fact.uses = []
        for use in uses:
            free = self.free(use.product, use.lot) - taken[use.product, use.lot]
            missing = max(use.quantity - max(free, 0), Decimal())
            use.quantity -= missing
            taken[use.product, use.lot] += use.quantity
            if use.quantity:
                fact.uses.append(use)
            if missing:
                fact.waits.append(self._new_wait(use, missing, time))

    def _new_wait(self, use, quantity, time):
        self.newest_use += 1
        return Wait(use.product, use.lot, quantity, use.derived, time, self.newest_use)

    def _derived_since(self, product, time):
        waiting = sum(
            wait.quantity
            for wait in self.waits()
            if wait.product == product and wait.derived and wait.time >= time
        )
        return super()._derived_since(product, time) + waiting

    # -- what waits goes on ------------------------------------------------------------

    def arrive(self):
        """Who waits longest comes first; what is missing still waits anew."""
        for wait in sorted(self.waits(), key=lambda wait: wait.number):
            part = min(wait.quantity, self.free(wait.product, wait.lot))
            if part > 0:
                self._use_waited(wait, part)

    def _use_waited(self, wait, part):
        [fact] = [fact for fact in self.facts if wait in fact.waits]
        fact.waits.remove(wait)
        if wait.quantity > part:
            fact.waits.append(self._new_wait(wait, wait.quantity - part, wait.time))
        use = self._new_use(wait.product, wait.lot, part, wait.derived)
        use.at, use.bearer = wait.time, self._made_of(fact, wait.time)
        fact.uses.append(use)
        if fact.by_product and not fact.goods:  # their share, as if it had come in time
            fact.alone += self.worth([use]) * self.bill.share

    def _made_of(self, fact, time):
        """The goods that were made of it; None: those to come."""
        if fact.goods:
            return fact.goods
        for other in self.facts:
            if other.goods and moment(other.event["data"]["time"]) >= time:
                return other.goods
        return LATE if self.closed_by and self.parts() else None

    # -- what is there to be seen ------------------------------------------------------

    def picture(self):
        waiting = Counter()
        for wait in self.waits():
            waiting[wait.product, wait.lot] += wait.quantity
        return {**super().picture(), "waiting": dict(waiting)}
