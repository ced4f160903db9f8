# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from odoo.tests import tagged

from .stateful_events import COMPONENTS, RESIN
from .stateful_flows import OTHER_PRICES
from .stateful_machine import ClockMachine, brief
from .stateful_plant import moment
from .stateful_prices import PricedPlant
from .stateful_world import FIRST_DAY, RECEIPTS, StatefulCase, exact

QUANTITIES = st.sampled_from([1, 3, 7])
PRICES = st.sampled_from([2, 6, 11, 35])


class PricesMachine(ClockMachine):
    """Components are bought at other prices while the plant works."""

    def __init__(self, case, method, **kwargs):
        self.method = method
        super().__init__(case, **kwargs)

    def make_model(self, bill):
        model = PricedPlant(bill, self.method)
        for product, lot, *amounts in RECEIPTS:
            model.receive(product, lot, *map(Decimal, amounts), moment(FIRST_DAY))
        return model

    @rule(product=st.sampled_from(COMPONENTS), quantity=QUANTITIES, price=PRICES)
    def receive(self, product, quantity, price):
        time = moment(self.now())
        lot = "R1" if product == RESIN else None
        self.case.receive(product, lot, quantity, price, time)
        self.model.receive(product, lot, Decimal(quantity), Decimal(price), time)
        self.story.append((product, quantity, price))
        self.check()


@tagged("post_install", "-at_install")
class TestStatefulPrices(StatefulCase):
    """What goods cost, whatever is bought, used and taken back meanwhile."""

    def run_stories(self, method, **kwargs):
        self.make_products(method)
        for name, story in OTHER_PRICES.items():
            with self.subTest(name, method=method, **kwargs):
                PricesMachine(self, method, **kwargs).tell_story(story)

        def machine():
            return PricesMachine(self, method, **kwargs)

        run_state_machine_as_test(machine, settings=brief)

    def picture(self, order=None):
        return {**super().picture(order), **self.seen_prices()}

    def seen_prices(self):
        return {
            f"price of {code}": exact(self.products[code].standard_price)
            for code in COMPONENTS
        }

    def test_average(self):
        self.run_stories("average")

    def test_fifo(self):
        self.run_stories("fifo")

    def test_fifo_set_aside(self):
        self.run_stories("fifo", staged=True)
