# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from hypothesis.stateful import run_state_machine_as_test

from odoo.tests import tagged

from .common import COMPLETED, REPORTED
from .stateful_family import Family
from .stateful_flows import BACKORDERS
from .stateful_machine import PlantMachine, brief
from .stateful_world import StatefulCase, received


class BackorderMachine(PlantMachine):
    """What the plant does not make of an order is one of its own."""

    def __init__(self, case, **kwargs):
        super().__init__(case, **kwargs)
        for event_type in (REPORTED, COMPLETED):
            case.interface(event_type).rest_of_final = "backorder"

        self.orders = case.order

    def make_model(self, bill):
        return Family(bill, received())

    def check(self):
        self.orders = self.case.date_new(self.orders)
        return super().check()


@tagged("post_install", "-at_install")
class TestStatefulBackorder(StatefulCase):
    """Each report is on the order it is about, and each order has what is its own."""

    def run_stories(self, tracked, staged):
        self.make_products("average", tracked)

        def machine():
            return BackorderMachine(self, tracked=tracked, staged=staged)

        run_state_machine_as_test(machine, settings=brief)

    def date_new(self, known):
        """A test is one moment to the database: let what came before a backorder have
        come before it.

        :param known: of the family, the orders that were there before
        """
        family = self.order._mfg_family()
        if family != known:
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE mfg_message SET received_at = received_at - interval '2 hours'"
            )
            self.env.cr.execute(
                """
                UPDATE mrp_production SET create_date = CASE
                    WHEN id IN %s THEN create_date - interval '2 hours'
                    ELSE now() AT TIME ZONE 'UTC' + interval '1 hour'
                END WHERE id IN %s
                """,
                (known._ids, family._ids),
            )
            self.env.invalidate_all()
        return family

    def picture(self, order=None):
        """Of each order, and of the stock they share."""
        if order:
            return super().picture(order)
        shown = {}
        for number, member in enumerate(self.order._mfg_family().sorted("id")):
            own = super().picture(member)
            shown["stock"] = own.pop("stock")
            shown.update({f"{part} of {number}": own[part] for part in own})
        return shown

    def test_known_stories(self):
        self.make_products("average")
        for name, story in BACKORDERS.items():
            with self.subTest(name):
                BackorderMachine(self).tell_story(story)

    def test_lots(self):
        self.run_stories(tracked=True, staged=False)

    def test_set_aside(self):
        self.run_stories(tracked=False, staged=True)
