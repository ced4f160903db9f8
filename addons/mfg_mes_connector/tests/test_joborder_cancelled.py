# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import CANCELLED, STARTED, MesCase, at


@tagged("post_install", "-at_install")
class TestJoborderCancelled(MesCase):
    def test_cancelling_tells_the_plant_once(self):
        order = self.make_order()
        order.action_cancel()
        order.action_cancel()
        message = self.outgoing(CANCELLED)
        self.assertEqual(message.subject, order.mfg_job_order_id)
        data = message._event_data()
        self.assertFalse(self.env["mfg.contract"]._errors(CANCELLED, data))
        self.assertIn(self.env.user.name, data["reason"])

    def test_a_draft_was_never_released(self):
        self.make_order(confirm=False).action_cancel()
        self.assertFalse(self.outgoing(CANCELLED))

    def test_reports_on_a_cancelled_order_are_parked(self):
        order = self.make_order()
        order.action_cancel()
        message = self.tell(STARTED, order, operationsSegmentId="Cut", time=at(8))
        self.assertParked(message, "order-not-open")
