# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .test_material_returned import ReturnCase


@tagged("post_install", "-at_install")
class TestReturnUnknown(ReturnCase):
    """Returns of what no message is known of: consumed by Odoo's own button, or so long
    ago that the log has forgotten it."""

    def produce(self):
        """A planner makes all of it by Odoo's button."""
        self.order.move_raw_ids.picked = True
        self.order.with_context(skip_consumption=True).button_mark_done()
        self.assertEqual(self.order.state, "done")

    def test_what_odoos_button_consumed(self):
        self.produce()
        self.assertEqual(
            (self.consumed(self.board), self.on_hand(self.board)), (10, 90)
        )
        before = self.world()
        message = self.back(self.board, 2, "C62")
        self.assertPosted(message)
        self.assertEqual((self.consumed(self.board), self.on_hand(self.board)), (8, 92))
        more = self.back(self.board, 9, "C62")
        self.assertParked(more, "quantity-invalid")
        self.assertIn("consumed 8", more.error_detail)
        self.assertReversed(message)
        self.assertWorld(before)

    def test_the_button_consumed_after_the_plant(self):
        report = self.made(4)()
        self.produce()
        self.assertPosted(self.back(self.board, 7, "C62"))
        self.assertEqual((self.consumed(self.board), self.on_hand(self.board)), (3, 97))
        self.assertReversed(report)
        self.assertEqual(self.consumed(self.board), 0)

    def test_after_the_log_forgot_the_messages(self):
        self.assertPosted(self.used(self.glue, 3)())
        message = self.used(self.glue, 1)()
        before = self.world()
        # sudo: as retention does
        self.env["mfg.message"].sudo().search([("id", "!=", message.id)]).unlink()
        back = self.back(self.glue, 3)
        self.assertPosted(back)
        self.assertEqual((self.consumed(self.glue), self.on_hand(self.glue)), (1, 49))
        self.assertReversed(back)
        self.assertWorld(before)

    def test_a_line_in_another_unit(self):
        """As a planner may have it in the bill of materials."""
        gram = self.env.ref("uom.product_uom_gram")
        line = self.bom.bom_line_ids.filtered(lambda x: x.product_id == self.glue)
        line.write(
            {
                "product_qty": 500,
                "product_uom_id": gram.id,
            }
        )
        self.order = self.make_order()
        self.produce()
        self.assertEqual(self.on_hand(self.glue), 45)
        before = self.world()
        message = self.back(self.glue, "1.5", "KGM")
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.glue), 46.5)
        links = message.link_ids.filtered(lambda k: k.res_model == "stock.move.line")
        self.assertEqual(links.undo, {"returned": 1.5})
        self.assertParked(self.back(self.glue, 4, "KGM"), "quantity-invalid")
        self.assertReversed(message)
        self.assertWorld(before)
