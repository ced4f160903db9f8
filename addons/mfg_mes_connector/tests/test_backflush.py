# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import Form, tagged

from .common import CONSUMED, MesCase, amount, at
from .reversal_common import REVERSED

BUTTONS = {"skip_backorder": True, "skip_consumption": True}


@tagged("post_install", "-at_install")
class TestBackflush(MesCase):
    """What was reported is not derived as well: not by us, not by Odoo's own buttons,
    in whatever order."""

    def setUp(self):
        super().setUp()
        self.order = self.make_order()
        self.cut, self.glueing = self.order.workorder_ids

    def used(self, product):
        moves = self.order.move_raw_ids.filtered(
            lambda m: m.product_id == product and m.state == "done"
        )
        return round(sum(moves.mapped("quantity")), 6)

    def assertUsed(self, boards, glue):
        self.assertEqual((self.used(self.board), self.used(self.glue)), (boards, glue))

    def done_by_hand(self):
        self.order.with_context(**BUTTONS).button_mark_done()
        self.assertEqual(self.order.state, "done")
        self.order.invalidate_recordset()

    def make_dust(self, operation=None):
        """An order that makes a kilo of dust with each table."""
        dust = self.make_product("DUST", uom=self.kilo)
        values = {
            "product_id": dust.id,
            "product_qty": 1,
            "product_uom_id": self.kilo.id,
            "operation_id": operation and operation.id,
        }
        self.bom.byproduct_ids = [Command.create(values)]
        self.order = self.make_order()
        self.cut, self.glueing = self.order.workorder_ids
        return dust

    def part(self, product, quantity):
        code = product.default_code
        return {"materialDefinitionId": code, "quantity": amount(quantity, "KGM")}

    def undo(self, message):
        data = {"eventId": message.event_id, "reason": "Sent by mistake"}
        self.assertPosted(self.post(REVERSED, data, subject=message.event_id))

    # -- by us ------------------------------------------------------------------------

    def test_reported_late(self):
        """What was derived from the goods stands for what is reported of that time."""
        self.report(self.order, 4, time=at(10))
        self.consume(self.order, self.board, 3, "C62")  # at 9
        self.assertUsed(4, 0)
        self.consume(self.order, self.board, 3, "C62")
        self.assertUsed(6, 0)
        self.report(self.order, 2, time=at(11))
        self.assertUsed(6, 0)

    def test_reported_for_the_next_goods(self):
        """A use after the goods were made is not theirs."""
        self.report(self.order, 4, time=at(8))
        self.consume(self.order, self.board, 3, "C62")  # at 9
        self.assertUsed(7, 0)

    def test_in_either_order_the_same(self):
        other = self.make_order()
        self.consume(self.order, self.board, 4, "C62")
        self.report(self.order, 4, time=at(9))
        self.report(other, 4, time=at(9))
        self.consume(other, self.board, 4, "C62")
        self.assertUsed(4, 0)
        self.order = other
        self.assertUsed(4, 0)

    def test_a_report_with_materials_after_one_without(self):
        line = {"materialDefinitionId": "BOARD", "quantity": amount(5)}
        self.report(self.order, 4)
        self.report(self.order, 4, materials=[line])
        self.assertUsed(9, 0)

    def test_never_always_auto_after_a_report_by_hand(self):
        self.consume(self.order, self.glue, 1, "KGM")
        for number, mode in enumerate(("auto", "always", "never"), 10):
            self.report(self.order, 2, backflush=mode, time=at(number))
        self.assertUsed(4, 1)

    def test_one_component_on_two_operations(self):
        bom = self.make_bom(self.make_product("DESK"))
        cut = bom.operation_ids[0]
        bom.bom_line_ids = [
            (5,),
            (0, 0, {"product_id": self.board.id, "product_qty": 1}),
            (
                0,
                0,
                {"product_id": self.board.id, "product_qty": 2, "operation_id": cut.id},
            ),
        ]
        self.order = self.make_order(bom=bom)
        self.consume(self.order, self.board, 9, "C62")
        self.report(self.order, 4, backflush="always")
        self.assertUsed(9, 0)

    def test_what_a_person_entered(self):
        with Form(self.order) as form:
            with form.move_raw_ids.edit(1) as line:
                line.quantity = 2
        glue = self.order.move_raw_ids[1]
        self.assertEqual((glue.product_id, glue.picked), (self.glue, True))
        self.assertPosted(self.report(self.order, 4, backflush="always"))
        self.assertUsed(4, 0)
        self.report(self.order, 6, backflush="always", final=True)
        self.assertUsed(10, 2)

    # -- by Odoo's buttons ------------------------------------------------------------

    def test_mark_as_done_after_all_was_reported(self):
        self.consume(self.order, self.board, 8, "C62")
        self.consume(self.order, self.glue, 3, "KGM")
        self.report(self.order, 10)
        self.done_by_hand()
        self.assertUsed(8, 3)

    def test_mark_as_done_for_the_rest(self):
        self.consume(self.order, self.board, 10, "C62")
        self.report(self.order, 4)
        self.done_by_hand()
        self.assertUsed(10, 5)
        self.assertEqual(self.on_hand(self.table), 10)

    def test_mark_as_done_uses_what_is_still_planned(self):
        self.consume(self.order, self.board, 4, "C62")
        self.report(self.order, 4)
        self.done_by_hand()
        self.assertUsed(10, 5)

    def test_started_in_odoo_then_reported(self):
        """The button prepares all components: a guess, which the report replaces."""
        self.cut.button_start()
        self.assertTrue(any(self.order.move_raw_ids.mapped("picked")))
        self.report(self.order, 4)
        self.assertUsed(4, 0)
        self.consume(self.order, self.glue, 2, "KGM")
        self.assertUsed(4, 2)
        self.report(self.order, 6, final=True)
        self.assertUsed(10, 2)

    def test_reported_then_started_in_odoo(self):
        self.report(self.order, 4)
        self.consume(self.order, self.glue, 2, "KGM")
        self.glueing.button_start()
        self.report(self.order, 6, final=True)
        self.assertUsed(10, 2)

    def test_quantity_entered_in_odoo_then_reported(self):
        with Form(self.order) as form:
            form.qty_producing = 10
        self.report(self.order, 4)
        self.assertUsed(4, 0)
        self.report(self.order, 6, final=True)
        self.assertUsed(10, 0)

    def test_staged_survives_the_buttons(self):
        self.interface(CONSUMED).consumption = "staged"
        self.consume(self.order, self.board, 3, "C62")
        self.cut.button_start()
        with Form(self.order) as form:
            form.qty_producing = 10
        self.glueing.button_finish()
        self.report(self.order, 4)
        self.assertUsed(3, 0)
        self.report(self.order, 6, final=True)
        self.assertEqual(self.used(self.board), 3)

    def test_operation_ended_in_odoo(self):
        """It takes what is left, not what the whole order needs."""
        self.consume(self.order, self.glue, 2, "KGM")
        self.report(self.order, 4)
        self.glueing.button_finish()
        self.cut.button_finish()
        self.done_by_hand()
        self.assertUsed(10, 5)

    def test_operation_ended_in_odoo_then_the_plant_ends_the_order(self):
        self.consume(self.order, self.glue, 2, "KGM")
        self.report(self.order, 4)
        self.glueing.button_finish()
        self.report(self.order, 6, final=True)
        self.assertUsed(10, 2)

    def test_operation_ended_in_odoo_of_a_component_nobody_reports(self):
        """A person said the operation is done, and the plant said nothing of glue."""
        self.glueing.button_finish()
        self.report(self.order, 10, final=True)
        self.assertUsed(10, 5)

    def test_by_product_prepared_by_a_button_is_not_made_twice(self):
        dust = self.make_dust()
        self.order.workorder_ids[0].button_start()
        self.report(self.order, 4, byProducts=[self.part(dust, 3)])
        self.report(self.order, 6, final=True)
        self.assertEqual(self.on_hand(dust), 3)

    def test_by_product_of_an_operation_ended_in_odoo(self):
        """The button prepares it for the whole order: a guess as well."""
        dust = self.make_dust(self.bom.operation_ids[0])
        self.cut.button_finish()
        self.assertTrue(self.order.move_byproduct_ids.picked)
        message = self.report(self.order, 4, byProducts=[self.part(dust, 3)])
        self.assertPosted(message)
        self.assertEqual(self.on_hand(dust), 3)
        self.undo(message)
        self.assertEqual(self.on_hand(dust), 0)

    def test_by_product_of_an_operation_ended_in_odoo_under_way(self):
        dust = self.make_dust(self.bom.operation_ids[0])
        self.report(self.order, 4, byProducts=[self.part(dust, 4)])
        self.cut.button_finish()
        self.report(self.order, 6, byProducts=[self.part(dust, 6)])
        self.assertEqual(self.on_hand(dust), 10)

    def test_by_product_of_an_operation_ended_in_odoo_made_by_hand(self):
        """Where the plant says nothing of it, Odoo's buttons make it as planned."""
        dust = self.make_dust(self.bom.operation_ids[0])
        self.cut.button_finish()
        self.report(self.order, 4)
        self.assertEqual(self.on_hand(dust), 0)
        self.done_by_hand()
        self.assertEqual((self.on_hand(self.table), self.on_hand(dust)), (10, 10))

    def test_a_copy_of_the_order_is_derived_again(self):
        self.consume(self.order, self.board, 4, "C62")
        self.order = self.order.copy()
        self.order.action_confirm()
        self.report(self.order, 4)
        self.assertUsed(4, 0)
