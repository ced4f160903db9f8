# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .multi_step_common import MultiStepCase


@tagged("post_install", "-at_install")
class TestStoring(MultiStepCase):
    """Goods are stored by a transfer, which Odoo makes with each report."""

    steps = "pbm_sam"

    def setUp(self):
        super().setUp()
        self.bring()

    def test_goods_are_stored(self):
        self.assertPosted(self.made(4)())
        self.assertPosted(self.made(6, 11)())
        self.assertEqual(self.storing().product_uom_qty, 10)
        self.move_goods(self.storing().picking_id)
        self.assertEqual((self.on_hand(self.table), self.coming()), (10, 0))

    def test_nothing_is_left_to_store_of_what_is_taken_back(self):
        self.assertReversed(self.made(10, final=True)())
        self.assertFalse(self.storing())
        self.assertEqual(self.transfers().picking_id.mapped("state"), ["cancel"])
        self.assertPosted(self.made(7, final=True)())
        self.assertEqual(self.storing().mapped("product_uom_qty"), [7])
        self.assertEqual(self.storing().state, "assigned")
        self.assertEqual(self.coming(), 7)

    def test_transfer_of_several_reports(self):
        first, second = self.made(4)(), self.made(6, 11)()
        self.assertReversed(second)
        stored = self.storing()
        self.assertEqual((stored.product_uom_qty, stored.state), (4, "assigned"))
        self.assertPosted(self.made(5, 12)())
        self.assertReversed(first)
        self.assertEqual((stored.product_uom_qty, stored.state), (5, "assigned"))
        self.move_goods(stored.picking_id)
        self.assertEqual((self.on_hand(self.table), self.coming()), (5, 5))

    def test_joined_reports(self):
        messages = self.made_at_once(2, 3)
        self.assertReversed(messages[1])
        self.assertEqual(self.storing().product_uom_qty, 2)

    def test_of_a_closed_order(self):
        first = self.made(4)()
        self.assertPosted(self.made(6, 11, final=True)())
        self.assertReversed(first)
        stored = self.storing()
        self.assertEqual((stored.product_uom_qty, stored.state), (6, "assigned"))

    def test_what_is_stored_is_not_there_any_more(self):
        report = self.made(4)()
        self.move_goods(self.storing().picking_id)
        self.assertKept(report, words="only 0 are still there")
        other = self.made(2, 11)()
        self.assertKept(report, words="only 0 are still there")
        self.assertReversed(other)

    def test_what_another_order_made_does_not_stand_in(self):
        report, mine = self.made(4)(), self.order
        self.move_goods(self.storing().picking_id)
        self.order = self.make_order()
        self.bring()
        self.assertPosted(self.made(5)())
        stored, self.order = self.storing(), mine
        self.assertKept(report, words="only 0 are still there")
        self.assertEqual((stored.product_uom_qty, stored.state), (5, "assigned"))

    def test_what_is_just_being_stored(self):
        report = self.made(4)()
        self.storing().picked = True
        self.assertKept(report)

    def test_transfer_that_was_called_off(self):
        """They are taken from where they were made."""
        report = self.made(4)()
        self.storing().picking_id.action_cancel()
        self.assertReversed(report)

    def coming(self):
        """What the forecast expects in stock."""
        table = self.table.with_context(location=self.stock.id)
        return table.incoming_qty
