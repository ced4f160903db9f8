# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A person ends an order in Odoo; its plants hear that they need not go on."""

from odoo.tests import tagged

from .common import CANCELLED, at
from .joborder_common import CHANGED, JoborderCase


@tagged("post_install", "-at_install")
class TestJoborderClosed(JoborderCase):
    def produce(self, order, quantity, **context):
        """Odoo's *Produce*, its questions answered."""
        order.qty_producing = quantity
        order._set_qty_producing()
        order.with_context(
            skip_backorder=True, skip_consumption=True, **context
        ).button_mark_done()
        self.commit()

    def ended(self, order):
        messages = self.outgoing(CANCELLED)
        mine = messages.filtered(lambda m: m.subject == order.mfg_job_order_id)
        for message in mine:
            data = message._event_data()
            self.assertFalse(self.env["mfg.contract"]._errors(CANCELLED, data))
        return [message._event_data() for message in mine]

    def test_without_a_backorder(self):
        order = self.make_order()
        self.produce(order, 4)
        self.assertEqual(order.state, "done")
        [data] = self.ended(order)
        self.assertEqual((data["version"], order.mfg_version), (2, 2))
        self.assertEqual(data["reason"], f"Closed in Odoo by {self.env.user.name}")
        self.assertEqual(self.env["mfg.joborder.version"]._of(order)[0].number, 2)
        self.assertPosted(self.acknowledge(order, 2))
        self.assertParked(self.report(order, 6, time=at(11)), "order-not-open")
        self.assertFalse(self.outgoing(CHANGED))

    def test_with_a_backorder_it_goes_on(self):
        order = self.make_order()
        self.produce(order, 4, mo_ids_to_backorder=order.ids)
        rest = order.production_group_id.production_ids - order
        self.assertFalse(self.ended(order))
        self.produce(rest, 6)
        self.assertEqual(len(self.ended(order)), 1)

    def test_before_the_plants_final_report(self):
        order = self.make_order()
        self.assertPosted(self.report(order, 10))
        self.assertTrue(order.mfg_plant_open)
        order.button_mark_done()
        self.commit()
        self.assertEqual(order.state, "done")
        self.assertEqual(len(self.ended(order)), 1)

    def test_the_plants_own_end_is_no_news_to_it(self):
        order = self.make_order()
        self.assertPosted(self.report(order, 10, final=True))
        self.commit()
        self.assertEqual((order.state, order.mfg_version), ("done", 1))
        self.assertFalse(self.ended(order))

    def test_two_at_once(self):
        orders = self.make_order() | self.make_order()
        for order in orders:
            order.qty_producing = 10
            order._set_qty_producing()
        orders.with_context(skip_consumption=True).button_mark_done()
        self.commit()
        for order in orders:
            self.assertEqual(len(self.ended(order)), 1)

    def test_where_no_plant_is_told_nothing_is_counted(self):
        self.env["mfg.interface"].search([]).active = False
        order = self.make_order()
        self.produce(order, 10)
        self.assertEqual((order.state, order.mfg_version), ("done", 1))
