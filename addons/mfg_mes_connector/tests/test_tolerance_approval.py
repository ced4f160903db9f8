# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.mfg_integration_base.engine import strict_json

from .common import REPORTED, amount, at
from .tolerance_common import AUDITOR, OPERATOR, WHY, ToleranceCase


@tagged("post_install", "-at_install")
class TestApproval(ToleranceCase):
    def test_approved_posts_and_shows_who_and_why(self):
        message = self.report(self.order, 12)
        self.assertTrue(message.approvable)
        person = new_test_user(self.env, "ann", groups=OPERATOR, name="Ann")
        self.approve(message.with_user(person))
        self.assertPosted(message)
        self.assertEqual(self.made(), 12)
        decision = message.decision_ids
        self.assertEqual(
            (decision.action, decision.user_id, decision.reason, decision.before),
            ("approve", person, WHY, "parked"),
        )
        self.assertIn("Approved by Ann", message.approval)
        self.assertIn(WHY, message.approval)
        self.assertFalse(message.approvable)

    def test_it_holds_for_one_message(self):
        self.approve(self.report(self.order, 12))
        self.assertParked(self.report(self.order, 1), "over-tolerance")
        self.assertEqual(self.made(), 12)

    def test_what_follows_it_is_not_approved_with_it(self):
        """Although the two wait together and could be one posting."""
        data = {"jobOrderId": self.order.mfg_job_order_id, "time": at(10)}
        first, over, later = (
            self.send(REPORTED, {**data, "quantity": amount(n)}, subject="one key")
            for n in (6, 5, 2)
        )
        self.drain()
        self.assertPosted(first)
        self.assertParked(over, "over-tolerance")
        self.assertEqual(later.state, "waiting")
        self.approve(over)
        self.assertPosted(over)
        self.assertParked(later, "over-tolerance")
        self.assertEqual(self.made(), 11)

    def test_only_the_rule_it_was_parked_for(self):
        self.limit(REPORTED, "over_consumption")
        line = {"materialDefinitionId": "GLUE", "quantity": amount(20, "KGM")}
        message = self.report(self.order, 12, materials=[line])
        self.approve(message)
        self.assertParked(message, "over-tolerance")
        self.assertIn("Glue", message.error_detail)
        self.assertEqual((self.made(), self.on_hand(self.glue)), (0, 50))
        self.approve(message, "Spilled.")
        self.assertPosted(message)
        self.assertEqual((self.made(), self.on_hand(self.glue)), (12, 30))

    def test_a_correction_withdraws_it(self):
        self.lay_in(self.board, -97)
        message = self.report(self.order, 12)
        self.approve(message)
        self.assertParked(message, "shortage")
        self.assertIn(WHY, message.approval)
        self.lay_in(self.board, 97)
        data = {**message._event_data(), "quantity": amount(13)}
        message._edit(strict_json.dumps(data), "13 it was.")
        self.drain()
        self.assertParked(message, "over-tolerance")
        self.assertFalse(message.approval)
        self.assertEqual(self.made(), 0)

    def test_it_outlasts_another_failure(self):
        self.lay_in(self.board, -97)
        message = self.report(self.order, 12)
        self.approve(message)
        self.assertParked(message, "shortage")
        self.lay_in(self.board, 97)
        message._retry("Received.")
        self.drain()
        self.assertPosted(message)

    def test_resent_before_and_after_it_counts_once(self):
        data = {
            "jobOrderId": self.order.mfg_job_order_id,
            "quantity": amount(12),
            "time": at(10),
        }
        event = self.event(REPORTED, data)
        self.accept(event)
        self.drain()
        self.accept(event)
        message = self.env["mfg.message"].search([("event_id", "=", event["id"])])
        self.approve(message)
        self.accept(event)
        self.drain()
        self.assertPosted(message)
        self.assertEqual(self.made(), 12)

    def test_twice_is_refused(self):
        message = self.report(self.order, 12)
        message._approve(WHY)
        with self.assertRaises(UserError):
            message._approve(WHY)
        self.drain()
        with self.assertRaises(UserError):
            message._approve(WHY)

    def test_nothing_else_can_be_approved(self):
        message = self.report("WH/MO/NONE", 1)
        self.assertParked(message, "unknown-order")
        self.assertFalse(message.approvable)
        with self.assertRaises(UserError):
            message._approve(WHY)

    def test_who_may(self):
        message = self.report(self.order, 12)
        auditor = new_test_user(self.env, "auditor-tol", groups=AUDITOR)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger-tol",
            groups=OPERATOR,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for person in (auditor, stranger, self.endpoint.user_id):
            with self.subTest(person=person.login), self.assertRaises(AccessError):
                message.with_user(person)._approve(WHY)
        self.assertEqual(message.state, "parked")

    def test_many_at_once_from_the_list(self):
        orders = [self.make_order() for _n in range(3)]
        over = [self.report(order, 11) for order in orders]
        unknown = self.report("WH/MO/NONE", 1)
        chosen = unknown.union(*over)
        person = new_test_user(self.env, "bob", groups=OPERATOR)
        wizards = self.env["mfg.message.decide"].with_user(person)
        wizards = wizards.with_context(active_ids=chosen.ids, default_action="approve")
        with Form(wizards) as form:
            self.assertEqual((form.count, form.left_out_count), (3, 1))
            form.reason = WHY
        form.record.action_apply()
        self.drain()
        self.assertPosted(*over)
        self.assertEqual([self.made(order) for order in orders], [11] * 3)
        self.assertParked(unknown, "unknown-order")
        self.assertFalse(unknown.decision_ids)

    def test_the_list_finds_what_waits_for_it(self):
        over, unknown = self.report(self.order, 12), self.report("WH/MO/NONE", 1)
        found = over.search([("approvable", "=", True)])
        self.assertIn(over, found)
        self.assertNotIn(unknown, found)
        others = over.search([("approvable", "=", False)])
        self.assertNotIn(over, others)
        self.assertIn(unknown, others)
