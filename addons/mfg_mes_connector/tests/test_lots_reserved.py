# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import tagged

from .common import CONSUMED
from .reversal_common import REVERSED
from .test_lots import LotsCase


@tagged("post_install", "-at_install")
class TestLotsReserved(LotsCase):
    """A reservation is a plan, a use is a fact."""

    def order_with_resin(self, quantity=4):
        """An order that reserves a kilogram per piece, of the oldest lot first."""
        product = self.make_product(f"CAST{quantity}")
        bom = self.make_bom(product, [(self.resin, 1, False)], operations=())
        order = self.make_order(quantity, bom)
        order.action_assign()
        return order

    def reserved(self, order):
        """Lot -> quantity that an order or transfer has reserved."""
        moves = order.move_raw_ids if "move_raw_ids" in order else order.move_ids
        lines = moves.filtered(lambda m: m.state not in ("done", "cancel"))
        return {
            line.lot_id.name: line.quantity
            for line in lines.move_line_ids
            if line.quantity
        }

    def test_another_lot_than_this_order_reserved(self):
        order = self.order_with_resin(3)
        self.assertEqual(self.reserved(order), {"R-A": 3})
        self.assertPosted(self.use(order, "R-B", 3))
        self.assertEqual(self.reserved(order), {})
        quants = self.env["stock.quant"]._gather(self.resin, self.stock)
        self.assertEqual(sum(quants.mapped("reserved_quantity")), 0)
        self.assertEqual(self.on_hand(self.resin, lot=self.lot_a), 5)

    def test_a_lot_another_order_reserved(self):
        """The use is a fact; the other order gets what is left, of another lot."""
        other = self.order_with_resin(4)
        self.assertEqual(self.reserved(other), {"R-A": 4})
        message = self.use(self.make_order(), "R-A", 5)
        self.assertPosted(message)
        self.assertEqual(self.reserved(other), {"R-B": 3})
        links = message.link_ids.filtered(lambda k: k.res_id == other.id)
        self.assertIn("mrp.production", links.mapped("res_model"))

    def test_taken_back_it_is_the_own_orders_matter(self):
        """The order that lost its reservation is linked, too."""
        other, order = self.order_with_resin(4), self.make_order()
        message = self.use(order, "R-A", 5)
        self.post(REVERSED, {"eventId": message.event_id, "reason": "wrong lot"})
        self.assertTrue(message.reversed_by_id)
        self.assertEqual(self.on_hand(self.resin, lot=self.lot_a), 5)
        self.assertEqual((order.state, other.state), ("confirmed", "confirmed"))
        self.assertFalse(other.mfg_plant_open)

    def test_a_lot_set_aside_another_order_reserved(self):
        """Staged, it is no longer the other's either."""
        self.interface(CONSUMED).consumption = "staged"
        other = self.order_with_resin(4)
        order = self.make_order()
        self.assertPosted(self.use(order, "R-A", 5))
        self.assertEqual(self.reserved(other), {"R-B": 3})
        self.assertPosted(self.report(order, 1))
        self.assertEqual(self.on_hand(self.resin, lot=self.lot_a), 0)
        self.assertEqual(self.reserved(other), {"R-B": 3})

    def test_part_of_a_lot_another_order_reserved(self):
        other = self.order_with_resin(4)
        self.assertPosted(self.use(self.make_order(), "R-A", 3))
        self.assertEqual(self.reserved(other), {"R-A": 2, "R-B": 2})

    def test_a_lot_a_delivery_reserved(self):
        delivery = self.delivery(5)
        self.assertEqual(self.reserved(delivery), {"R-A": 5})
        message = self.use(self.make_order(), "R-A", 2)
        self.assertPosted(message)
        self.assertEqual(self.reserved(delivery), {"R-A": 3, "R-B": 2})
        self.assertIn(delivery.id, message.link_ids.mapped("res_id"))

    def test_a_lot_that_is_picked_is_gone(self):
        delivery = self.delivery(5)
        delivery.move_ids.picked = True
        self.assertParked(self.use(self.make_order(), "R-A", 2), "shortage")
        self.assertEqual(self.reserved(delivery), {"R-A": 5})

    def test_a_person_decides_on_reserved_lots(self):
        self.interface(CONSUMED).reserved_lots = "park"
        other = self.order_with_resin(4)
        order = self.make_order()
        self.assertPosted(self.use(order, "R-A", 1))  # that much is nobody's
        message = self.use(order, "R-A", 1)
        self.assertParked(message, "lot-held")
        self.assertIn(other.name, message.error_detail)
        self.assertEqual(self.reserved(other), {"R-A": 4})
        other.do_unreserve()
        message._retry("freed")
        self.drain()
        self.assertPosted(message)

    def delivery(self, quantity):
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.resin.id,
                            "product_uom": self.kilo.id,
                            "product_uom_qty": quantity,
                            "location_id": self.stock.id,
                            "location_dest_id": self.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking
