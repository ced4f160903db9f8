# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.mfg_integration_base.models.mfg_drain_wake import MfgDrainWake
from odoo.addons.mfg_integration_base.tests.common import drain_now
from odoo.addons.mfg_integration_base.tests.http_common import DoorCase

from .common import REPORTED, amount, at
from .tolerance_common import OPERATOR, WHY, ToleranceCase


@tagged("post_install", "-at_install")
class TestToleranceTour(HttpCase, ToleranceCase):
    """What an operator does in the browser with reports beyond the tolerance."""

    def setUp(self):
        super().setUp()

        self.draining = False

        def drain_at_once(drain, slots):
            # a job runner would wake after the commit; here there is none, and a
            # posting that wakes (goods arrive in stock) must not be drained within
            if not self.draining:
                self.draining = True
                drain_now(drain.env)
                self.draining = False

        self.startPatcher(
            patch.object(MfgDrainWake, "_wake_after_commit", drain_at_once)
        )
        self.ann = new_test_user(self.env, "ann", groups=OPERATOR, name="Ann")

    def test_on_the_form(self):
        message = self.report(self.order, 12)
        self.start_tour("/odoo/plant-todo", "mfg_approve_on_form", login="ann")
        self.env.invalidate_all()
        self.assertPosted(message)
        self.assertEqual(message.decision_ids.user_id, self.ann)
        self.assertEqual(self.made(), 12)

    def test_in_the_list(self):
        single = self.report(self.order, 11)
        several = [self.report(self.make_order(), 13) for _n in range(2)]
        other = self.report("NO/SUCH", 1)
        self.start_tour("/odoo/plant-todo", "mfg_approve_in_list", login="ann")
        self.env.invalidate_all()
        self.assertPosted(single, *several)
        self.assertEqual(single.decision_ids.reason, "One more was needed")
        reasons = {message.decision_ids.reason for message in several}
        self.assertEqual(reasons, {"The customer takes them"})
        self.assertParked(other, "unknown-order")


@tagged("post_install", "-at_install")
class TestApprovalOverHttp(DoorCase, ToleranceCase):
    """What the plant sees of an approval."""

    def test_from_parked_to_posted(self):
        data = {
            "jobOrderId": self.order.mfg_job_order_id,
            "quantity": amount(12),
            "time": at(10),
        }
        answer = self.post_event(self.event(REPORTED, data))
        self.assertEqual(answer.status_code, 202)
        href = answer.json()["href"].removeprefix("/mfg/v1")
        self.drain()
        seen = self.call(href).json()
        self.assertEqual((seen["state"], seen["records"]), ("parked", []))
        self.assertEqual(seen["error"]["code"], "over-tolerance")
        self.assertIn("at most 10 are tolerated", seen["error"]["detail"])
        self.assertIn("approve", seen["error"]["nextAction"])
        self.approve(self.message_of(answer), WHY)
        seen = self.call(href).json()
        self.assertEqual(seen["state"], "posted")
        self.assertNotIn("error", seen)
        models = {record["model"] for record in seen["records"]}
        self.assertIn("mrp.production", models)
