# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from pathlib import Path

from odoo.exceptions import ValidationError
from odoo.modules.module import load_script
from odoo.tests import tagged

from .common import COMPLETED, REPORTED, at
from .tolerance_common import ToleranceCase


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
