# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import REPORTED, ReconcileCase


@tagged("post_install", "-at_install")
class TestBackflush(ReconcileCase):
    """A correction of a derived component changes nothing about its being derived."""

    def counts_boards(self, tables, boards, hour=12):
        told = [self.used(self.board, boards, "C62")]
        self.counts(tables, hour=hour, consumed=told, listed=True)

    def test_more_goods_use_more_boards(self):
        self.makes(4)
        self.counts_boards(4, 5)
        self.heal()
        self.assertEqual(self.consumed(self.board), 5)
        self.makes(3, hour=13)
        self.assertEqual(self.consumed(self.board), 8)
        self.counts_boards(7, 8, hour=14)
        self.assertMatched()

    def test_all_that_was_planned_is_used(self):
        self.makes(10)
        self.counts_boards(10, 12)
        self.heal()
        self.assertEqual(self.consumed(self.board), 12)
        self.interface(REPORTED).over_production_quantity = 5
        self.makes(2, hour=13)
        self.assertEqual(self.consumed(self.board), 14)

    def test_the_correction_is_taken_back(self):
        self.makes(4)
        self.counts_boards(4, 5)
        self.heal()
        self.line("consumed")._take_back("Miscounted")
        self.drain()
        self.assertEqual(self.consumed(self.board), 4)
        self.makes(3, hour=13)
        self.assertEqual(self.consumed(self.board), 7)

    def test_what_the_plant_reports_itself_is_not_derived(self):
        self.makes(4, materials=[self.used(self.board, 4, "C62")])
        self.counts_boards(4, 5)
        self.heal()
        self.makes(3, hour=13)
        self.assertEqual(self.consumed(self.board), 5)

    def test_boards_lost_come_after_their_correction(self):
        """What is reported late of what was derived is no second use."""
        self.makes(4)
        self.uses(self.board, 5, unit="C62", hour=9, lost=True)
        self.counts_boards(4, 5)
        self.heal()
        self.assertPosted(self.arrives(self.sent[1]))
        self.assertEqual(self.consumed(self.board), 5)

    def test_a_component_that_nobody_planned(self):
        wax = self.make_product("WAX", uom=self.kilo, stock=5)
        self.counts(0, consumed=[self.used(wax, 2)])
        self.heal()
        self.assertEqual(self.consumed(wax), 2)

    # -- fewer goods -----------------------------------------------------------------

    def test_too_many_goods_take_their_boards_along(self):
        self.makes(4)
        self.counts_boards(3, 3)
        self.assertDiffers(
            ("produced", "TABLE", -1.0, "tolerance"),
            ("consumed", "BOARD", -1.0, "tolerance"),
        )
        self.assertIn("Comes with", self.line("consumed").next_step)
        self.heal()
        self.assertEqual((self.made(), self.consumed(self.board)), (3, 3))
        self.assertEqual(self.found.state, "corrected")
        self.counts_boards(3, 3, hour=13)
        self.assertMatched()

    def test_too_many_goods_and_other_boards(self):
        """What does not come along is corrected besides."""
        self.makes(4)
        self.counts_boards(2, 3)
        self.heal()
        self.assertEqual((self.made(), self.consumed(self.board)), (2, 3))

    def test_boards_named_in_the_report_stay(self):
        self.makes(4, materials=[self.used(self.board, 4, "C62")])
        self.counts_boards(3, 3)
        self.heal()
        self.assertEqual((self.made(), self.consumed(self.board)), (3, 3))
