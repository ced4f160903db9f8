# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .joborder_common import ACKNOWLEDGED, JoborderCase, ago


@tagged("post_install", "-at_install")
class TestJoborderAcknowledged(JoborderCase):
    def replan(self, order, priority="1"):
        order.priority = priority
        self.commit()

    def standing(self, order):
        order.invalidate_recordset()
        return order.mfg_version, order.mfg_plant_version, order.mfg_plant_state

    def test_the_plant_accepts(self):
        order = self.make_order()
        self.assertEqual(self.standing(order), (1, 0, "waiting"))
        self.assertPosted(self.acknowledge(order, 1))
        self.assertEqual(self.standing(order), (1, 1, "accepted"))
        self.replan(order)
        self.assertEqual(self.standing(order), (2, 1, "waiting"))
        self.assertPosted(self.acknowledge(order, 2))
        self.assertEqual(self.standing(order), (2, 2, "accepted"))

    def test_an_older_version_late(self):
        order = self.make_order()
        self.replan(order)
        self.acknowledge(order, 2)
        self.assertPosted(self.acknowledge(order, 1))
        self.assertEqual(self.standing(order), (2, 2, "accepted"))

    def test_an_older_version_first(self):
        order = self.make_order()
        self.replan(order)
        self.assertPosted(self.acknowledge(order, 1))
        self.assertEqual(self.standing(order), (2, 1, "waiting"))

    def test_again(self):
        order = self.make_order()
        self.acknowledge(order, 1)
        self.assertPosted(self.acknowledge(order, 1))
        self.assertEqual(self.standing(order), (1, 1, "accepted"))

    def test_unknown_version(self):
        order = self.make_order()
        message = self.acknowledge(order, 2)
        self.assertParked(message, "unknown-version")
        self.assertIn("/data/version", str(message.error_fields))
        self.assertPosted(self.acknowledge(order, 1))  # it holds nobody back

    def test_unknown_order(self):
        self.assertParked(self.acknowledge("NOBODY", 1), "unknown-order")

    def test_a_refusal_tells_the_planner(self):
        order = self.make_order()
        self.acknowledge(order, 1)
        self.replan(order)
        reason = {"code": "T1", "detail": "No tool"}
        self.assertPosted(self.refuse(order, 2, **reason))
        self.assertEqual(self.standing(order), (2, 1, "refused"))
        activity = order.activity_ids
        self.assertEqual(activity.user_id, order.user_id)
        self.assertIn("MES", activity.summary)
        self.assertIn("No tool", activity.note)
        self.replan(order, "0")
        self.acknowledge(order, 3)
        self.assertEqual(self.standing(order), (3, 3, "accepted"))
        self.assertFalse(order.activity_ids)

    def test_a_refusal_is_shown_as_it_was_said(self):
        order = self.make_order()
        said = 'needs <material A>, see <a href="https://x.invalid">here</a>'
        self.assertPosted(self.refuse(order, 1, detail=said))
        self.assertEqual(html2plaintext(order.activity_ids.note), said)
        self.assertNotIn("<a", order.activity_ids.note)

    def test_the_later_answer_counts_in_any_order(self):
        order = self.make_order()
        self.acknowledge(order, 1, time=ago(minutes=1))
        self.assertPosted(self.refuse(order, 1, time=ago(minutes=5)))
        self.assertEqual(self.standing(order), (1, 1, "accepted"))
        self.assertPosted(self.refuse(order, 1, time=ago(seconds=5)))
        self.assertEqual(self.standing(order)[2], "refused")

    def test_a_version_that_was_accepted_is_not_refused_later(self):
        order = self.make_order()
        self.acknowledge(order, 1)
        self.replan(order)
        message = self.refuse(order, 1)
        self.assertParked(message, "version-stale")
        self.assertEqual(self.standing(order), (2, 1, "waiting"))

    def test_refusal_of_a_version_that_is_replaced_alarms_nobody(self):
        order = self.make_order()
        self.replan(order)
        self.assertPosted(self.refuse(order, 1))
        self.assertEqual(self.standing(order), (2, 0, "waiting"))
        self.assertFalse(order.activity_ids)

    def test_of_two_plants_both_must_accept(self):
        other = self.make_endpoint("OTHER", self.env.company)
        order = self.make_order()
        self.acknowledge(order, 1)
        self.assertEqual(self.standing(order)[2], "waiting")
        self.answer(ACKNOWLEDGED, order, 1, endpoint=other)
        self.assertEqual(self.standing(order)[2], "accepted")

    def test_a_plant_that_cannot_answer_is_not_waited_for(self):
        self.interface(ACKNOWLEDGED).active = False
        order = self.make_order()
        self.assertFalse(order.mfg_plant_state)

    def test_another_company_cannot_answer(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_endpoint("FOREIGN", company)
        order = self.make_order()
        message = self.answer(ACKNOWLEDGED, order, 1, endpoint=foreign)
        self.assertParked(message, "unknown-order")
        self.assertEqual(self.standing(order)[2], "waiting")

    def test_a_cancellation_is_answered_too(self):
        order = self.make_order()
        self.acknowledge(order, 1)
        order.action_cancel()
        self.commit()
        self.assertEqual(self.standing(order), (2, 1, "waiting"))
        self.assertPosted(self.acknowledge(order, 2))
        self.assertEqual(self.standing(order), (2, 2, "accepted"))
