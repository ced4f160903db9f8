# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import SCRAPPED, MesCase, amount


@tagged("post_install", "-at_install")
class TestLots(MesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.resin = cls.make_product("RESIN", uom=cls.kilo, tracking="lot")
        cls.lot_a, cls.lot_b = cls.env["stock.lot"].create(
            [{"name": name, "product_id": cls.resin.id} for name in ("R-A", "R-B")]
        )
        cls.lay_in(cls.resin, 5, cls.lot_a)
        cls.lay_in(cls.resin, 3, cls.lot_b)

    def order_of(self, tracking, code, lines=None):
        product = self.make_product(code, tracking=tracking)
        bom = self.make_bom(product, lines or [(self.board, 1, False)], operations=())
        return product, self.make_order(bom=bom)

    def lots(self, *names, quantities=None):
        lots = [{"materialLotId": name} for name in names]
        for lot, quantity in zip(lots, quantities or [], strict=False):
            lot["quantity"] = quantity
        return lots

    def test_made_lots(self):
        product, order = self.order_of("lot", "LOTTED")
        lots = self.lots("L1", "L2", quantities=[amount(1), amount(3)])
        self.assertPosted(
            self.report(order, 4, lots=lots),
            self.report(order, 2, lots=self.lots("L1")),
        )
        found = self.env["stock.lot"].search([("product_id", "=", product.id)])
        self.assertEqual(sorted(found.mapped("name")), ["L1", "L2"])
        in_stock = {lot.name: self.on_hand(product, lot=lot) for lot in found}
        self.assertEqual(in_stock, {"L1": 3, "L2": 3})
        final = self.report(order, 4, lots=self.lots("L3"), final=True)
        self.assertPosted(final)
        self.assertEqual(order.state, "done")
        self.assertEqual(order.lot_producing_ids.name, "L1")

    def test_made_lots_refused(self):
        product, order = self.order_of("lot", "LOTTED2")
        pairs = [amount(1), amount(2)]
        self.assertParked(self.report(order, 4), "lot-required")
        short = self.report(order, 4, lots=self.lots("A", "B", quantities=pairs))
        self.assertParked(short, "lot-mismatch")
        self.assertParked(
            self.report(order, 4, lots=self.lots("A", "B")), "lot-mismatch"
        )
        self.assertFalse(
            self.env["stock.lot"].search([("product_id", "=", product.id)])
        )
        untracked = self.make_order()
        self.assertParked(
            self.report(untracked, 1, lots=self.lots("A")), "lot-mismatch"
        )

    def test_serials(self):
        product, order = self.order_of("serial", "SERIAL")
        self.assertPosted(self.report(order, 2, lots=self.lots("S1", "S2")))
        self.assertEqual(self.on_hand(product), 2)
        twice = self.report(order, 2, lots=self.lots("S3", "S3"))
        again = self.report(order, 1, lots=self.lots("S1"))
        fewer = self.report(order, 2, lots=self.lots("S4"))
        self.assertParked(twice, "serial-duplicate")
        self.assertParked(again, "serial-duplicate")
        self.assertParked(fewer, "lot-mismatch")
        self.assertPosted(self.report(order, 1, lots=self.lots("S5"), final=True))
        self.assertEqual((order.state, order.qty_produced), ("done", 3))

    def test_used_lots(self):
        order = self.make_order()
        parts = [amount(4, "KGM"), amount(500, "GRM")]
        both = self.lots("R-A", "R-B", quantities=parts)
        message = self.consume(order, self.resin, "4.5", "KGM", lots=both)
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.resin, lot=self.lot_a), 1)
        self.assertEqual(self.on_hand(self.resin, lot=self.lot_b), 2.5)

    def test_used_lots_refused(self):
        order = self.make_order()
        use = [self.resin, 2, "KGM"]
        self.assertParked(self.consume(order, *use), "lot-required")
        unknown = self.consume(order, *use, lots=self.lots("R-Z"))
        self.assertParked(unknown, "unknown-lot")
        short = self.consume(order, self.resin, 4, "KGM", lots=self.lots("R-B"))
        self.assertParked(short, "shortage")
        self.env["mfg.mapping"].create(
            {
                "endpoint_id": self.endpoint.id,
                "kind": "lot",
                "code": "R-A",
                "record": f"stock.lot,{self.foreign_lot().id}",
            }
        )
        wrong = self.consume(order, *use, lots=self.lots("R-A"))
        self.assertParked(wrong, "lot-mismatch")

    def foreign_lot(self):
        other = self.make_product("OTHER", tracking="lot")
        return self.env["stock.lot"].create({"name": "O", "product_id": other.id})

    def test_tracked_components_are_not_backflushed_by_guess(self):
        _product, order = self.order_of("none", "WITHRESIN", [(self.resin, 0.1, False)])
        self.assertParked(self.report(order, 2), "lot-required")
        material = {
            "materialDefinitionId": "RESIN",
            "quantity": amount(200, "GRM"),
            "lots": self.lots("R-A"),
        }
        self.assertPosted(self.report(order, 2, materials=[material]))

    def test_scrapped_lots(self):
        product, order = self.order_of("lot", "LOTTED3")
        self.env["stock.scrap.reason.tag"].create({"name": "BAD"})
        scrap = {"quantity": amount(1), "reasonCode": "BAD"}
        self.assertParked(self.tell(SCRAPPED, order, **scrap), "lot-required")
        self.assertPosted(
            self.tell(SCRAPPED, order, lots=self.lots("X1"), **scrap),
            self.report(order, 2, lots=self.lots("X1")),
        )
        self.assertEqual(self.on_hand(product), 2)
