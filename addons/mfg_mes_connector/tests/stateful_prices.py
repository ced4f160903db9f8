# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What components cost where goods are bought at other prices meanwhile (docs/cost.md).

A use costs what the method says when it is posted, and keeps that.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .stateful_plant import Plant, moment


@dataclass(frozen=True)
class Receipt:
    product: str
    quantity: Decimal
    price: Decimal
    time: datetime


class PricedPlant(Plant):
    """Of one costing method; facts come in the order of their times."""

    def __init__(self, bill, method):
        super().__init__(bill, {})
        self.receipts = []
        self.method = method

    def receive(self, product, lot, quantity, price, time):
        place = product, lot or ""
        self.stock[place] = self.stock.get(place, Decimal()) + quantity
        self.receipts.append(Receipt(product, quantity, price, time))

    def price_of(self, use):
        return use.price or 0  # nothing is left of what came back before it was posted

    def _post(self, uses, time):
        new = [use for use in uses if not use.at and use.quantity]
        for product in {use.product for use in new}:
            together = [use for use in new if use.product == product]
            quantity = sum(use.quantity for use in together)
            price = self.price_of_next(product, quantity)
            for use in together:
                use.price = price
        return super()._post(uses, time)

    def price_of_next(self, product, quantity):
        """Per piece, of a quantity that is taken now."""
        if self.method == "average":
            return self.average(product)
        return self.oldest(product, quantity)

    # -- first in, first out -----------------------------------------------------------

    def oldest(self, product, quantity):
        """The oldest of the receipts that make up the stock."""
        there = self.there(product)
        worth = self.newest(product, there) - self.newest(product, there - quantity)
        return worth / quantity

    def there(self, product):
        return sum(q for (code, _lot), q in self.on_hand().items() if code == product)

    def newest(self, product, quantity):
        """What the newest receipts cost that make up a quantity."""
        worth = Decimal()
        for receipt in reversed(self.receipts_of(product)):
            part = min(receipt.quantity, quantity)
            worth += part * receipt.price
            quantity -= part
        return worth

    def receipts_of(self, product):
        return [receipt for receipt in self.receipts if receipt.product == product]

    # -- average -----------------------------------------------------------------------

    def average(self, product):
        """By all that came and went, as it is known now."""
        there = price = Decimal()
        for _time, quantity, paid in sorted(self.history(product)):
            if quantity > 0:
                price = (there * price + quantity * paid) / (there + quantity)
            there += quantity
        return price

    def history(self, product):
        """(time, quantity, what was paid)"""
        none = Decimal()
        came = [(r.time, r.quantity, r.price) for r in self.receipts_of(product)]
        used = [u for u in self.uses() if u.product == product and u.at]
        gone = [(use.at, -use.quantity, none) for use in used]
        for fact in self.facts:
            for code, _lot, quantity, _in_stock in fact.scraps:
                if code == product:
                    gone.append((moment(fact.event["data"]["time"]), -quantity, none))
        return came + gone

    # -- what is there to be seen ------------------------------------------------------

    def picture(self):
        return {**super().picture(), **self.prices()}

    def prices(self):
        """Per piece of what there is."""
        prices = {}
        for product in {receipt.product for receipt in self.receipts}:
            if there := self.there(product):
                prices[f"price of {product}"] = self.price_of_next(product, there)
        return prices
