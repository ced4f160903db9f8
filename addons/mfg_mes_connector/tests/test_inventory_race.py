# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mfg_integration_base.tests.race_common import Meeting

from ..handlers.inventory_counted import MfgHandlerInventoryCounted as Handler
from .common import CONSUMED, amount, at
from .test_inventory_counted import COUNTED
from .test_order_race import OrderRaceCase


@tagged("post_install", "-at_install")
class TestCountRace(OrderRaceCase):
    """A count and whoever changes the same stock at the same moment."""

    types = (COUNTED, CONSUMED)

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            self.stock(env, 100)
            interfaces = env["mfg.endpoint"].browse(self.ids[0]).interface_ids
            interfaces.limit_count_difference = False

    def count(self, value, as_of):
        data = {
            "materialDefinitionId": self.code,
            "quantity": amount(value),
            "asOf": as_of,
        }
        return self.send(f"stock:{value}:{as_of}", COUNTED, data)

    def use(self, quantity, time):
        wheels = {"materialDefinitionId": self.code, "quantity": amount(quantity)}
        return self.tell(self.names[0], CONSUMED, materials=[wheels], time=time)

    def together(self, *ids):
        meeting = Meeting(len(ids))
        with patch.object(Handler, "_quants", meeting.before(Handler._quants)):
            self.at_once(*(lambda id_=id_: self.drain(id_) for id_ in ids))
        return self.outcomes(ids)

    def test_two_counts_of_one_moment(self):
        found = self.together(self.count(90, at(10)), self.count(80, at(10)))
        self.assertEqual(found, [("posted", "")] * 2)
        [quantity] = self.quants()
        self.assertIn(quantity, (80, 90), "what the second found, not the sum")

    def test_a_count_and_a_later_use(self):
        found = self.together(self.count(90, at(10)), self.use(4, at(12)))
        self.assertEqual(found, [("posted", "")] * 2)
        self.assertEqual(self.quants(), [86])
