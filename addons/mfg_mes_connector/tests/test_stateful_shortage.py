# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import Counter
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from odoo.tests import tagged

from .shortage_common import Shortages
from .stateful_events import COMPONENTS, NAIL, PAINT, PANEL, RESIN
from .stateful_flows import SHORTAGES
from .stateful_machine import ClockMachine, brief
from .stateful_shortage import WaitingPlant
from .stateful_world import PRICES, StatefulCase, positive, received

FEW = (  # product, lot, quantity, price
    (PANEL, None, 5, 4),
    (PAINT, None, 1, 9),
    (RESIN, "R1", 0.5, 25),
    (RESIN, "R2", 0.3, 25),
    (NAIL, None, 2, 2),
)


class ShortageMachine(ClockMachine):
    """There is too little of everything, and more arrives by and by."""

    def __init__(self, case, **kwargs):
        super().__init__(case, **kwargs)
        case.policy("wait")
        case.env.cr.postcommit.clear()

    def make_model(self, bill):
        return WaitingPlant(bill, received(FEW))

    def send_all(self, told):
        """Of one key, so that what waits goes on in the order of its reports."""
        return [self.send({**event, "subject": "the order"}) for event in told]

    @rule(product=st.sampled_from(COMPONENTS), quantity=st.sampled_from([1, 2, 5]))
    def receive(self, product, quantity):
        lot = "R1" if product == RESIN else None
        self.case.receive(product, lot, quantity, PRICES[product])
        self.model.receive(product, lot, Decimal(quantity))
        self.story.append((product, quantity))
        self.check()

    def check(self):
        self.case.committed()
        return super().check()


@tagged("post_install", "-at_install")
class TestStatefulShortage(Shortages, StatefulCase):
    """What is missing waits, and is then where it would have been."""

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()
        self.make_products("average", receipts=FEW)

    def picture(self, order=None):
        return {**super().picture(order), "waiting": self.seen_waiting()}

    def seen_waiting(self):
        """By the messages that wait."""
        waiting = Counter()
        rests = self.env["mfg.message"].search(
            [("rest_of_id", "!=", False), ("state", "=", "parked")]
        )
        for rest in rests:
            [line] = rest._event_data()["materials"]
            [lot] = line.get("lots") or [{"materialLotId": ""}]
            place = line["materialDefinitionId"], lot["materialLotId"]
            waiting[place] += Decimal(line["quantity"]["value"])
        return positive(waiting)

    def test_known_stories(self):
        for name, story in SHORTAGES.items():
            with self.subTest(name):
                ShortageMachine(self).tell_story(story)

    def test_stories(self):
        def machine():
            return ShortageMachine(self)

        run_state_machine_as_test(machine, settings=brief)
