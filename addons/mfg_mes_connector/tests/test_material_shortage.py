# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import tagged

from .common import SCRAPPED, amount, at
from .shortage_common import ShortageCase


@tagged("post_install", "-at_install")
class TestParkedShortage(ShortageCase):
    """A message that is parked for stock goes on by itself when stock arrives."""

    def test_goes_on_when_stock_arrives(self):
        message = self.report(self.order, 4)
        self.assertParked(message, "shortage")
        self.assertIn("4 Units of [BOARD] Board", message.error_detail)
        self.receive(self.board, 1)
        self.assertPosted(message)
        self.assertEqual((self.on_hand(self.board), self.on_hand(self.table)), (0, 4))

    def test_too_little_leaves_it_parked(self):
        message = self.report(self.order, 6)
        self.receive(self.board, 1)
        self.assertParked(message, "shortage")
        self.assertEqual(message.attempts, 2)
        self.receive(self.board, 2)
        self.assertPosted(message)

    def test_only_stock_in_reach_counts(self):
        message = self.report(self.order, 4)
        elsewhere = self.env["stock.location"].create(
            {"name": "Elsewhere", "location_id": self.stock.location_id.id}
        )
        self.receive(self.board, 10, location=elsewhere)
        self.receive(self.glue, 10)
        self.assertEqual((message.state, message.attempts), ("parked", 1))
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id}
        )
        self.receive(self.board, 10, location=shelf)
        self.assertPosted(message)

    def test_a_receipt_of_many_products(self):
        plates = [self.make_product(f"PLATE{n}") for n in range(5)]
        messages = [self.consume(self.order, plate, 2, "C62") for plate in plates]
        supplier = self.env.ref("stock.stock_location_suppliers")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": supplier.id,
                "location_dest_id": self.stock.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": plate.id,
                            "product_uom_qty": 2,
                            "location_id": supplier.id,
                            "location_dest_id": self.stock.id,
                        }
                    )
                    for plate in plates
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        picking.button_validate()
        self.committed()
        self.assertPosted(*messages)

    def test_a_count_and_a_production(self):
        counted = self.report(self.order, 4)
        quant = self.env["stock.quant"]._gather(self.board, self.stock)
        quant.with_context(inventory_mode=True).inventory_quantity = 4
        quant.action_apply_inventory()
        self.committed()
        self.assertPosted(counted)
        used = self.make_order(
            1,
            bom=self.make_bom(
                self.make_product("ROOM"), [(self.table, 5, False)], operations=()
            ),
        )
        made = self.report(used, 1)
        self.assertParked(made, "shortage")
        self.receive(self.board, 1)
        self.report(self.order, 1)
        self.committed()
        self.assertPosted(made)

    def test_stock_that_came_while_it_was_parked(self):
        """Whoever parks looks once more: the receipt had nobody to call."""
        self.lay_in(self.board, 1)
        self.env.cr.postcommit.clear()  # its look came too early
        messages = self.env["mfg.message"]
        message = self.report(self.order, 5)
        self.assertParked(message, "shortage")
        self.committed()
        self.assertEqual(message.attempts, 1, "nothing came since it looked")
        place = messages._stock_place(self.board, self.stock)
        self.lay_in(self.board, 1)
        self.env.cr.postcommit.clear()
        messages._look_again(place, 4)
        self.committed()
        self.assertPosted(message)

    def test_a_database_without_waiting_messages_does_nothing(self):
        self.lay_in(self.board, 5)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.env.cr.postcommit.run()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 3)

    def test_the_issue_names_what_is_missing(self):
        message = self.report(self.order, 4)
        self.assertIn("Board", message.issue_id.name)
        self.receive(self.board, 1)
        self.assertEqual(message.issue_id.state, "resolved")

    def test_scrap_goes_on_too(self):
        self.policy("wait")
        self.env["stock.scrap.reason.tag"].create({"name": "BENT"})
        message = self.tell(
            SCRAPPED,
            self.order,
            materialDefinitionId="BOARD",
            quantity=amount(4),
            reasonCode="BENT",
            time=at(9),
        )
        self.assertParked(message, "shortage")
        self.receive(self.board, 1)
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.board), 0)

    def test_another_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        stock = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        message = self.report(self.order, 4)
        self.receive(self.board, 10, location=stock.lot_stock_id)
        self.assertEqual((message.state, message.attempts), ("parked", 1))
