# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import amount, at
from .reversal_common import ReversalCase
from .shortage_common import Shortages


@tagged("post_install", "-at_install")
class TestQuantityChanged(Shortages, ReversalCase):
    """A planner changes the quantity when part of it is posted: what a piece needs
    stays."""

    def consumed(self, product):
        moves = self.order.move_raw_ids.filtered(
            lambda m: m.product_id == product and m.state == "done"
        )
        return round(sum(moves.mapped("quantity")), 6)

    def asked(self, product):
        moves = self.order.move_raw_ids | self.order.move_finished_ids
        moves = moves.filtered(lambda m: m.product_id == product)
        return round(sum(moves.mapped("product_uom_qty")), 6)

    def assertAsked(self, boards, glue):
        self.assertEqual(
            (self.asked(self.board), self.asked(self.glue)), (boards, glue)
        )

    def test_raised(self):
        self.report(self.order, 4)
        self.change_quantity(self.order, 20)
        self.assertAsked(20, 10)
        self.report(self.order, 16, time=at(11), final=True)
        self.assertEqual(self.consumed(self.board), 20)

    def test_lowered(self):
        self.report(self.order, 4)
        self.change_quantity(self.order, 8)
        self.assertAsked(8, 4)
        self.report(self.order, 4, time=at(11))
        self.assertEqual(self.consumed(self.board), 8)

    def test_lowered_below_what_was_made(self):
        self.report(self.order, 4)
        self.change_quantity(self.order, 2)
        self.assertAsked(2, 1)

    def test_raised_when_all_is_made(self):
        self.consume(self.order, self.glue, 5, "KGM")
        first = self.report(self.order, 10)
        self.change_quantity(self.order, 20)
        self.assertAsked(20, 10)
        self.assertEqual(self.asked(self.table), 20)
        rest = self.order.move_raw_ids.filtered(lambda m: m.state == "assigned")
        self.assertEqual(rest.product_id, self.board | self.glue)
        self.assertEqual(rest.workorder_id, self.order.workorder_ids[-1])
        self.assertPosted(self.report(self.order, 10, time=at(11)))
        self.assertEqual((self.consumed(self.board), self.consumed(self.glue)), (20, 5))
        self.assertReversed(first)
        self.assertEqual((self.consumed(self.board), self.consumed(self.glue)), (10, 5))
        self.assertAsked(20, 10)

    def test_lines_that_a_planner_added(self):
        """Odoo takes them for the whole order's, and so does what is derived."""
        nail = self.make_product("NAIL", stock=500)
        self.order.move_raw_ids = [
            (0, 0, self.order._get_move_raw_values(nail, 40, nail.uom_id))
        ]
        screw = self.make_product("SCREW", stock=50)
        self.consume(self.order, screw, 8, "C62")
        self.report(self.order, 4)
        self.change_quantity(self.order, 20)
        self.assertEqual((self.asked(nail), self.asked(screw)), (80, 0))
        self.report(self.order, 16, time=at(11))
        self.assertEqual((self.consumed(nail), self.consumed(screw)), (80, 8))

    def test_what_waits_for_stock_is_used_already(self):
        self.lay_in(self.board, -97)
        self.policy("wait")
        self.report(self.order, 4)
        waiting = self.order.move_raw_ids.filtered("mfg_waiting")
        self.change_quantity(self.order, 20)
        self.assertEqual(waiting.product_uom_qty, 1)
        self.assertAsked(20, 10)

    def test_by_products(self):
        dust = self.make_product("DUST", uom=self.kilo)
        values = {
            "product_id": dust.id,
            "product_qty": 1,
            "product_uom_id": self.kilo.id,
        }
        self.bom.byproduct_ids = [(0, 0, values)]
        self.order = self.make_order()
        part = {"materialDefinitionId": "DUST", "quantity": amount(9, "KGM")}
        self.report(self.order, 4, byProducts=[part])
        self.change_quantity(self.order, 20)
        self.assertEqual((self.asked(dust), self.asked(self.table)), (20, 20))
        part["quantity"] = amount(11, "KGM")
        self.report(self.order, 16, byProducts=[part], time=at(11))
        self.assertEqual(self.on_hand(dust), 20)
        self.change_quantity(self.order, 40)
        self.assertEqual((self.asked(dust), self.asked(self.table)), (40, 40))

    def test_true_use_is_not_blocked(self):
        self.bom.consumption = "strict"
        self.order = self.make_order()
        for quantity, hour in ((4, 10), (16, 11)):
            line = {"materialDefinitionId": "BOARD", "quantity": amount(quantity)}
            message = self.report(self.order, quantity, materials=[line], time=at(hour))
            self.assertPosted(message)
            self.change_quantity(self.order, 20)
        self.assertEqual(self.consumed(self.board), 20)
