# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)


from odoo.tests import tagged

from .common import (
    CANCELLED,
    STARTED,
    at,
)
from .rework_common import ReworkCase


@tagged("post_install", "-at_install")
class TestReworkReversed(ReworkCase):
    def undo(self, message):
        data = {"eventId": message.event_id, "reason": "good after all"}
        return self.post("mfg.event.reversed.v1", data, subject=message.subject)

    def test_in_process(self):
        message = self.rework(2, {"operationsSegmentId": "Cut"})
        self.assertPosted(self.undo(message))
        self.order.invalidate_recordset()
        self.assertEqual(self.order.workorder_ids, self.cut | self.glueing)
        self.assertEqual(self.order.state, "confirmed")
        self.assertFalse(self.order.mfg_rework_count)
        self.assertPosted(self.report(self.order, 10, final=True))

    def test_in_process_and_begun(self):
        message = self.rework(2, {"operationsSegmentId": "Cut", "name": "Again"})
        self.tell(STARTED, self.order, operationsSegmentId="Again", time=at(12))
        self.assertParked(self.undo(message), "not-reversible")
        self.assertEqual(len(self.order.workorder_ids), 3)

    def test_out_of_stock(self):
        self.done_order()
        message = self.rework(2)
        order = self.rework_order()
        self.assertPosted(self.undo(message))
        order.invalidate_recordset()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self.on_hand(self.table), 10)
        cancelled = self.outgoing(CANCELLED)._event_data()
        self.assertEqual(cancelled["jobOrderId"], order.mfg_job_order_id)
        self.assertEqual(self.order.state, "done")

    def test_out_of_stock_and_reported(self):
        self.done_order()
        message = self.rework(2)
        self.report(self.rework_order(), 1)
        self.assertParked(self.undo(message), "not-reversible")
        self.assertEqual(self.on_hand(self.table), 9)

    def test_value_comes_back(self):
        if "total_value" not in self.table._fields:
            self.skipTest("accounting is not installed")
        product = self.valued_product()
        self.done_order()
        before = product.total_value, product.standard_price
        message = self.rework(2)
        self.assertAlmostEqual(product.total_value, 80)
        self.assertPosted(self.undo(message))
        product.invalidate_recordset()
        after = product.total_value, product.standard_price
        self.assertEqual(after, before)
