# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import Form, tagged

from .common import CONSUMED, MesCase


@tagged("post_install", "-at_install")
class TestSetQuantities(MesCase):
    """A planner closes an order of 10 and presses *Set Quantities* when Odoo says that
    other quantities are expected: 10 boards, 5 kg of glue."""

    def setUp(self):
        super().setUp()
        self.bom.consumption = "warning"
        self.order = self.make_order()

    def set_quantities(self):
        action = self.order.with_context(skip_backorder=True).button_mark_done()
        self.assertEqual(action["res_model"], "mrp.consumption.warning")
        wizard = Form(self.env[action["res_model"]].with_context(**action["context"]))
        wizard.save().with_context(skip_backorder=True).action_set_qty()
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "done")

    def posted(self, product):
        """(quantity, from the plant) of its posted lines."""
        lines = self.order.move_raw_ids.move_line_ids.filtered(
            lambda line: line.product_id == product and line.state == "done"
        )
        return sorted(lines.mapped(lambda line: (line.quantity, line.mfg_plant)))

    def test_only_what_is_missing_is_set(self):
        self.consume(self.order, self.glue, 1.5, "KGM")
        self.consume(self.order, self.glue, 2, "KGM")
        still = self.order.move_raw_ids.filtered(
            lambda m: m.product_id == self.glue and m.state != "done"
        )
        still.write({"quantity": 1, "picked": True})
        self.set_quantities()
        self.assertEqual(self.posted(self.glue), [(1.5, False), (1.5, True), (2, True)])
        self.assertEqual((self.on_hand(self.glue), self.on_hand(self.board)), (45, 90))

    def test_what_the_plant_used_too_much_of_stays(self):
        message = self.consume(self.order, self.glue, 8, "KGM")
        self.set_quantities()
        self.assertEqual(self.posted(self.glue), [(8, True)])
        self.assertEqual(self.on_hand(self.glue), 42)
        [link] = message.link_ids.filtered(lambda k: k.res_model == "stock.move.line")
        self.assertEqual(link.undo["quantity"], 8)

    def test_nothing_is_open_any_more(self):
        self.consume(self.order, self.glue, 3, "KGM", final=True)
        self.set_quantities()
        self.assertEqual(self.posted(self.glue), [(2, False), (3, True)])
        self.assertEqual(self.on_hand(self.glue), 45)

    def test_what_is_set_aside_stays(self):
        self.interface(CONSUMED).consumption = "staged"
        self.consume(self.order, self.glue, 8, "KGM")
        self.set_quantities()
        self.assertEqual(self.posted(self.glue), [(8, True)])

    def test_an_order_of_nobodys_is_odoos(self):
        self.order.move_raw_ids.filtered(lambda m: m.product_id == self.glue).write(
            {"quantity": 3, "picked": True}
        )
        self.set_quantities()
        self.assertEqual(self.posted(self.glue), [(5, False)])
