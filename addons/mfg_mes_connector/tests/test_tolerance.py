# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from pathlib import Path

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.module import load_script
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.mfg_integration_base.engine import strict_json

from .common import COMPLETED, CONSUMED, REPORTED, MesCase, amount, at

OPERATOR = "mfg_integration_base.group_mfg_operator"
AUDITOR = "mfg_integration_base.group_mfg_auditor"
WHY = "The shift counted again: it is right."


class ToleranceCase(MesCase):
    def setUp(self):
        super().setUp()
        self.order = self.make_order()

    def limit(self, event_type, rule, percent=0.0, quantity=0.0):
        self.interface(event_type).write(
            {
                f"limit_{rule}": True,
                f"{rule}_percent": percent,
                f"{rule}_quantity": quantity,
            }
        )

    def approve(self, message, reason=WHY):
        message._approve(reason)
        self.drain()
        self.order.invalidate_recordset()

    def made(self, order=None):
        return float((order or self.order)._mfg_produced())


@tagged("post_install", "-at_install")
class TestOverProduction(ToleranceCase):
    def test_nothing_is_tolerated_unless_said(self):
        self.assertPosted(self.report(self.order, 10))
        self.assertParked(self.report(self.order, 1), "over-tolerance")

    def test_the_larger_of_percent_and_quantity_counts(self):
        self.limit(REPORTED, "over_production", percent=10, quantity=3)
        self.assertPosted(self.report(self.order, 13))
        self.assertParked(self.report(self.make_order(), 14), "over-tolerance")
        self.lay_in(self.board, 200)
        large = self.make_order(100)
        self.assertPosted(self.report(large, 110))
        self.assertParked(self.report(large, 1), "over-tolerance")

    def test_not_limited(self):
        self.interface(REPORTED).limit_over_production = False
        self.assertPosted(self.report(self.order, 100))

    def test_ordered_in_another_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.make_order(1, product_uom_id=dozen.id)
        self.limit(REPORTED, "over_production", quantity=1)
        self.assertPosted(self.report(order, 13))
        self.assertParked(self.report(order, 1), "over-tolerance")

    def test_the_sentence_says_ordered_made_this_and_allowed(self):
        self.limit(REPORTED, "over_production", percent=10)
        self.report(self.order, 8)
        message = self.report(self.order, 5)
        self.assertEqual(
            message.sentence,
            f"{self.order.name} is for 10 Units; 8 are made, this report adds 5: that "
            "makes 13, at most 11 are tolerated.",
        )
        self.assertIn("approve", message.next_action)

    def test_tolerances_are_not_negative(self):
        for name in ("over_production_percent", "under_production_quantity"):
            with self.assertRaises(ValidationError):
                self.interface(REPORTED)[name] = -1


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


@tagged("post_install", "-at_install")
class TestOverConsumption(ToleranceCase):
    def setUp(self):
        super().setUp()
        self.assertEqual(self.order.consumption, "warning")

    def bill(self, consumption, **values):
        self.bom.consumption = consumption
        self.order = self.make_order(**values)

    def test_not_limited_unless_said(self):
        self.assertPosted(self.consume(self.order, self.glue, 30, "KGM"))

    def test_adds_up_over_the_order(self):
        self.limit(CONSUMED, "over_consumption", percent=10)
        self.assertPosted(
            self.consume(self.order, self.glue, 5, "KGM"),
            self.consume(self.order, self.glue, 500, "GRM"),
        )
        message = self.consume(self.order, self.glue, 10, "GRM")
        self.assertParked(message, "over-tolerance")
        self.assertEqual(
            message.sentence,
            f"Glue: {self.order.name} asks for 5 kg; 5.5 are used, this report adds "
            "0.01: that makes 5.51, at most 5.5 are tolerated.".replace(
                "Glue", self.glue.display_name
            ),
        )
        self.assertEqual(self.on_hand(self.glue), 44.5)
        self.approve(message)
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.glue), 44.49)

    def test_components_have_each_their_own_limit(self):
        self.limit(CONSUMED, "over_consumption", quantity=1)
        lines = [
            {"materialDefinitionId": "GLUE", "quantity": amount(6, "KGM")},
            {"materialDefinitionId": "BOARD", "quantity": amount(12)},
        ]
        message = self.tell(CONSUMED, self.order, materials=lines, time=at(9))
        self.assertParked(message, "over-tolerance")
        [error] = strict_json.loads(message.error_fields.encode())
        self.assertEqual(error["pointer"], "/data/materials/1")
        self.assertEqual((self.on_hand(self.glue), self.on_hand(self.board)), (50, 100))

    def test_two_components_are_approved_together(self):
        self.limit(CONSUMED, "over_consumption")
        lines = [
            {"materialDefinitionId": "GLUE", "quantity": amount(6, "KGM")},
            {"materialDefinitionId": "BOARD", "quantity": amount(12)},
        ]
        message = self.tell(CONSUMED, self.order, materials=lines, time=at(9))
        self.assertEqual(len(message.error_detail.splitlines()), 2)
        self.approve(message)
        self.assertPosted(message)

    def test_what_is_set_aside_counts(self):
        self.interface(CONSUMED).consumption = "staged"
        self.limit(CONSUMED, "over_consumption")
        self.assertPosted(self.consume(self.order, self.glue, 5, "KGM"))
        self.assertParked(
            self.consume(self.order, self.glue, 1, "KGM"), "over-tolerance"
        )

    def test_more_made_than_ordered_asks_for_more(self):
        self.interface(REPORTED).limit_over_production = False
        self.limit(CONSUMED, "over_consumption")
        self.limit(REPORTED, "over_consumption")
        self.assertPosted(self.report(self.order, 20))
        self.assertEqual(self.on_hand(self.board), 80)
        self.assertPosted(self.consume(self.order, self.glue, 10, "KGM"))
        self.assertParked(
            self.consume(self.order, self.glue, 1, "KGM"), "over-tolerance"
        )

    def test_in_a_production_report(self):
        self.limit(REPORTED, "over_consumption")
        line = {"materialDefinitionId": "GLUE", "quantity": amount(6, "KGM")}
        message = self.report(self.order, 4, materials=[line])
        self.assertParked(message, "over-tolerance")
        self.assertEqual(self.made(), 0)

    def test_beyond_the_bill_is_not_this_limits_matter(self):
        nails = self.make_product("NAILS", stock=10)
        self.limit(CONSUMED, "over_consumption")
        message = self.consume(self.order, nails, 5, "C62")
        self.assertNotEqual(message.error_code, "over-tolerance")

    def test_allowed_by_the_bill_is_never_limited(self):
        self.bill("flexible")
        self.limit(CONSUMED, "over_consumption")
        self.assertPosted(self.consume(self.order, self.glue, 30, "KGM"))

    def test_blocked_by_the_bill_is_limited_without_tolerance(self):
        self.bill("strict")
        self.interface(CONSUMED).over_consumption_percent = 50
        self.assertPosted(self.consume(self.order, self.glue, 5, "KGM"))
        message = self.consume(self.order, self.glue, 10, "GRM")
        self.assertParked(message, "consumption-blocked")
        self.assertEqual(self.on_hand(self.glue), 45)

    def test_blocked_is_approved_by_a_manufacturing_manager(self):
        self.bill("strict")
        message = self.consume(self.order, self.glue, 6, "KGM")
        person = new_test_user(self.env, "eve", groups=OPERATOR)
        with self.assertRaises(AccessError):
            message.with_user(person)._approve(WHY)
        self.assertParked(message, "consumption-blocked")
        person.group_ids += self.env.ref("mrp.group_mrp_manager")
        self.approve(message.with_user(person))
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.glue), 44)

    def test_rounded_backflush_stays_within_a_blocked_bill(self):
        """1.333… screws a piece: what is rounded is carried, and 4 are planned."""
        screw = self.make_product("SCREW", stock=100)
        product = self.make_product("SHELF")
        bom = self.make_bom(
            product, [(screw, 4, False)], (), product_qty=3, consumption="strict"
        )
        order = self.make_order(3, bom=bom)
        for final in (False, False, True):
            self.assertPosted(self.report(order, 1, final=final))
        self.assertEqual((order.state, self.on_hand(screw)), ("done", 96))

    def test_at_the_end_it_is_measured_by_what_was_made(self):
        self.bill("strict")
        self.consume(self.order, self.glue, 5, "KGM")
        message = self.report(self.order, 4, final=True)
        self.assertParked(message, "consumption-blocked")
        self.assertIn("asks for 2 kg, 5 are used", message.error_detail)
        self.assertEqual((self.made(), self.order.state), (0, "progress"))
        self.approve(message)
        self.assertPosted(message)
        self.assertEqual(self.order.state, "done")

    def test_at_the_end_no_second_time_for_what_was_approved(self):
        self.bill("strict")
        self.approve(self.consume(self.order, self.glue, 6, "KGM"))
        self.assertPosted(self.report(self.order, 10, final=True))


@tagged("post_install", "-at_install")
class TestUnderProduction(ToleranceCase):
    def test_not_limited_unless_said(self):
        self.assertPosted(self.report(self.order, 1, final=True))
        self.assertEqual(self.order.state, "done")

    def test_missing_within_and_beyond(self):
        self.limit(REPORTED, "under_production", percent=10)
        self.assertPosted(self.report(self.order, 9, final=True))
        other = self.make_order()
        self.report(other, 5)
        message = self.report(other, 3, final=True)
        self.assertParked(message, "under-tolerance")
        self.assertEqual(
            message.sentence,
            f"{other.name} is for 10 Units and ends with 8 made: 2 are missing, "
            "at most 1 may be.",
        )
        self.assertEqual((self.made(other), other.state), (5, "progress"))
        self.approve(message)
        self.assertPosted(message)
        other.invalidate_recordset()
        self.assertEqual((self.made(other), other.state), (8, "done"))

    def test_only_the_end_is_measured(self):
        self.limit(REPORTED, "under_production")
        self.assertPosted(self.report(self.order, 1), self.report(self.order, 9))
        self.assertPosted(self.tell(COMPLETED, self.order, time=at(16)))

    def test_the_order_completed(self):
        self.limit(COMPLETED, "under_production", quantity=2)
        self.report(self.order, 7)
        message = self.tell(COMPLETED, self.order, time=at(16))
        self.assertParked(message, "under-tolerance")
        self.approve(message)
        self.assertPosted(message)
        self.assertEqual(self.order.state, "done")


@tagged("post_install", "-at_install")
class TestMigration(ToleranceCase):
    def test_the_one_tolerance_there_was_becomes_over_production(self):
        interface = self.interface(REPORTED)
        interface.over_production_percent = 7.5
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE mfg_interface"
            " RENAME COLUMN over_production_percent TO tolerance_percent"
        )
        addon = Path(__file__).parents[1]
        [script] = addon.glob("migrations/19.0.1.1.0/pre-*.py")
        for _again in range(2):
            load_script(str(script), script.stem).migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(interface.over_production_percent, 7.5)
