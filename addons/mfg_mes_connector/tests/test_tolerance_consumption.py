# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.mfg_integration_base.engine import strict_json

from .common import CONSUMED, REPORTED, amount, at
from .tolerance_common import OPERATOR, WHY, ToleranceCase


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
