# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import amount
from .test_lots import LotsCase


@tagged("post_install", "-at_install")
class TestConvertedLots(LotsCase):
    """Several lots, counted by the plant in another unit than Odoo's: their parts have
    no last digit, and add up all the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.pound = cls.env.ref("uom.product_uom_lb")

    def goods_in(self, uom, tracking="lot"):
        product = self.make_product("CAN", uom=uom, tracking=tracking)
        bom = self.make_bom(
            product, [(self.board, 1, False)], (), product_uom_id=uom.id
        )
        return product, self.make_order(50, bom=bom)

    def made(self, product, order, quantity, parts, unit):
        lots = self.lots(*"ABCDEFG", quantities=[amount(part, unit) for part in parts])
        lots = lots[: len(parts)]
        self.assertPosted(self.report(order, quantity, unit, lots=lots))
        lines = order._mfg_goods()
        return {line.lot_id.name: round(line.quantity, 4) for line in lines}

    def test_dozens_counted_in_pieces(self):
        product, order = self.goods_in(self.dozen)
        found = self.made(product, order, 12, (5, 7), "C62")
        self.assertEqual(found, {"A": 0.42, "B": 0.58})
        self.assertEqual(self.on_hand(product), 1)

    def test_three_thirds(self):
        product, order = self.goods_in(self.dozen)
        found = self.made(product, order, 12, (4, 4, 4), "C62")
        self.assertEqual(found, dict.fromkeys("ABC", 0.33))
        self.assertIn("0.01 Dozens", order.mfg_residues)
        lots = self.lots("D")
        self.assertPosted(self.report(order, 12, "C62", lots=lots, final=True))
        self.assertEqual(self.on_hand(product), 2, "residues are posted with the end")

    def test_pounds_counted_in_kilos(self):
        product, order = self.goods_in(self.pound)
        found = self.made(product, order, "15.8", ("3.5", "9.3", 3), "KGM")
        self.assertEqual(found, {"A": 7.72, "B": 20.5, "C": 6.61})

    def test_kilos_counted_in_pounds(self):
        product, order = self.goods_in(self.kilo)
        found = self.made(product, order, 3, (1, 2), "LBR")
        self.assertEqual(found, {"A": 0.45, "B": 0.91})

    def test_components(self):
        paste = self.make_product("PASTE", uom=self.dozen, tracking="lot")
        for name in "AB":
            lot = self.env["stock.lot"].create({"name": name, "product_id": paste.id})
            self.lay_in(paste, 5, lot)
        order = self.make_order()
        lots = self.lots("A", "B", quantities=[amount(5), amount(7)])
        self.assertPosted(self.consume(order, paste, 12, "C62", lots=lots))
        self.assertEqual(self.on_hand(paste), 9)

    def test_serial_numbers(self):
        product, order = self.goods_in(self.dozen, "serial")
        lots = self.lots("A", quantities=[amount(12)])
        self.assertPosted(self.report(order, 12, lots=lots))
        lots = self.lots("B", quantities=[amount(11)])
        self.assertParked(self.report(order, 11, lots=lots), "lot-mismatch")
        self.assertEqual(self.on_hand(product), 1)

    def test_what_really_differs(self):
        _product, order = self.goods_in(self.dozen)
        parts = [amount(5), amount("6.999")]
        lots = self.lots("A", "B", quantities=parts)
        message = self.report(order, 12, lots=lots)
        self.assertParked(message, "lot-mismatch")
        self.assertEqual(self.at_fault(message), ["/data/lots"])


@tagged("post_install", "-at_install")
class TestLotsAhead(LotsCase):
    """Lots named at an operation that others follow: Odoo has none of work in progress,
    but what is named must fit."""

    def staged(self, tracking="lot"):
        product = self.make_product("AHEAD", tracking=tracking)
        return product, self.make_order(bom=self.make_bom(product))

    def cut(self, order, quantity, *names, quantities=None):
        lots = self.lots(*names, quantities=quantities)
        return self.report(order, quantity, operationsSegmentId="Cut", lots=lots)

    def test_they_are_checked_and_not_made(self):
        product, order = self.staged()
        parts = [amount(1), amount(3)]
        self.assertPosted(
            self.cut(order, 4, "L1", "L2", quantities=parts), self.cut(order, 2, "L1")
        )
        self.assertEqual(order.workorder_ids[0].qty_produced, 6)
        found = self.env["stock.lot"].search([("product_id", "=", product.id)])
        self.assertFalse(found, "they are made with the goods")
        short = self.cut(order, 5, "L1", "L2", quantities=parts)
        self.assertParked(short, "lot-mismatch")
        self.assertEqual(self.at_fault(short), ["/data/lots"])
        self.assertParked(self.cut(order, 4, "L1", "L2"), "lot-mismatch")
        twice = self.cut(order, 4, "L1", "L1", quantities=parts)
        self.assertParked(twice, "lot-mismatch")
        self.assertEqual(self.at_fault(twice), ["/data/lots/1/materialLotId"])
        self.assertEqual(order.workorder_ids[0].qty_produced, 6)

    def test_serial_numbers(self):
        _product, order = self.staged("serial")
        self.assertPosted(self.cut(order, 2, "S1", "S2"))
        self.assertParked(self.cut(order, 2, "S3", "S3"), "serial-duplicate")
        self.assertParked(self.cut(order, 2, "S4"), "lot-mismatch")

    def test_of_what_is_not_tracked(self):
        order = self.make_order()
        self.assertParked(self.cut(order, 2, "L1"), "lot-mismatch")
        self.assertPosted(self.cut(order, 2))

    def test_none_need_be_named(self):
        _product, order = self.staged()
        self.assertPosted(self.cut(order, 2))
