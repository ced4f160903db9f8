# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SCRAPPED, MesCase, amount, at, moment


class LotsCase(MesCase):
    """Five kilograms of resin of lot R-A, three of R-B."""

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

    def at_fault(self, message):
        return [error.pointer for error in message._failure().errors]

    def use(self, order, lot, quantity=2, **material):
        lots = self.lots(lot)
        return self.consume(order, self.resin, quantity, "KGM", lots=lots, **material)


@tagged("post_install", "-at_install")
class TestLots(LotsCase):
    """The lots of a report: existing or new, each that does not fit with its code."""

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
        self.map_code("lot", "R-A", self.foreign_lot())
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

    # -- each lot that does not fit ------------------------------------------------

    def test_a_lot_given_twice(self):
        order = self.make_order()
        pairs = [amount(1, "KGM"), amount(1, "KGM")]
        twice = self.lots("R-A", "R-A", quantities=pairs)
        message = self.consume(order, self.resin, 2, "KGM", lots=twice)
        self.assertParked(message, "lot-mismatch")
        fault = "/data/materials/0/lots/1/materialLotId"
        self.assertEqual(self.at_fault(message), [fault])
        product, order = self.order_of("lot", "TWICE")
        pairs = [amount(1), amount(1)]
        made = self.report(order, 2, lots=self.lots("T", "T", quantities=pairs))
        self.assertParked(made, "lot-mismatch")
        self.assertFalse(
            self.env["stock.lot"].search([("product_id", "=", product.id)])
        )

    def test_a_lot_of_another_product(self):
        """A wrong scan, most likely; where the number is right, the lot is missing."""
        order = self.make_order()
        self.foreign_lot()
        message = self.use(order, "O")
        self.assertParked(message, "lot-mismatch")
        self.assertIn("Lot O is of", message.error_detail)
        self.assertEqual(self.on_hand(self.resin), 8)
        self.map_code("lot", "O", self.lot_a)
        self.drain()
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.resin, lot=self.lot_a), 3)

    def test_one_number_of_two_products(self):
        """Numbers are of their product: made goods may have a number of others."""
        self.foreign_lot()
        product, order = self.order_of("lot", "SAME")
        self.assertPosted(self.report(order, 2, lots=self.lots("O")))
        lots = self.env["stock.lot"].search([("name", "=", "O")])
        self.assertEqual(len(lots), 2)
        self.assertEqual(self.on_hand(product), 2)

    def test_a_lot_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other plant"})
        self.env["stock.lot"].create(
            {"name": "ABROAD", "product_id": self.resin.id, "company_id": other.id}
        )
        self.assertParked(self.use(self.make_order(), "ABROAD"), "unknown-lot")
        product, order = self.order_of("lot", "HOME")
        self.env["stock.lot"].create(
            {"name": "BOTH", "product_id": product.id, "company_id": other.id}
        )
        self.assertPosted(self.report(order, 2, lots=self.lots("BOTH")))
        lots = self.env["stock.lot"].search([("product_id", "=", product.id)])
        self.assertEqual(lots.company_id, other | self.env.company)

    def test_a_lot_in_another_location(self):
        """Told where it is; it posts once it was moved, or where it was taken from."""
        order = self.make_order()
        yard = self.env["stock.location"].create(
            {
                "name": "Yard",
                "barcode": "YARD",
                "location_id": self.stock.location_id.id,
            }
        )
        lot = self.env["stock.lot"].create({"name": "R-Y", "product_id": self.resin.id})
        self.lay_in(self.resin, 4, lot, location=yard)
        message = self.use(order, "R-Y")
        self.assertParked(message, "shortage")
        self.assertIn("Yard", message.error_detail)
        self.assertPosted(self.use(order, "R-Y", storageLocation="YARD"))
        self.assertEqual(self.on_hand(self.resin, yard), 2)
        self.lay_in(self.resin, -2, lot, location=yard)
        self.lay_in(self.resin, 2, lot)
        message._retry("moved")
        self.drain()
        self.assertPosted(message)

    def test_two_lots_of_one_number(self):
        """As two transactions once left them behind: neither is the one."""
        twin = self.lot_a.copy({"name": "R-A2"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_lot SET name = 'R-A' WHERE id = %s", [twin.id]
        )
        self.env.invalidate_all()
        self.assertParked(self.use(self.make_order(), "R-A"), "unknown-lot")

    # -- expiry --------------------------------------------------------------------

    def expire(self, lot, moment_):
        if "expiration_date" not in lot._fields:
            self.skipTest("product_expiry is not installed")
        lot.expiration_date = moment_

    def test_an_expired_lot(self):
        order = self.make_order()
        self.expire(self.lot_a, moment(9))  # the very moment of use
        message = self.use(order, "R-A")
        self.assertParked(message, "lot-expired")
        fault = "/data/materials/0/lots/0/materialLotId"
        self.assertEqual(self.at_fault(message), [fault])
        self.lot_a.expiration_date = moment(9) + timedelta(seconds=1)
        message._retry("The date was wrong.")
        self.drain()
        self.assertPosted(message)

    def test_expired_since_but_not_when_it_was_used(self):
        self.expire(self.lot_a, moment(10))
        self.assertPosted(self.use(self.make_order(), "R-A"))

    def test_an_expired_lot_in_a_report(self):
        _product, order = self.order_of("none", "FRESH", [(self.resin, 0.1, False)])
        self.expire(self.lot_a, moment(8))
        material = {
            "materialDefinitionId": "RESIN",
            "quantity": amount(200, "GRM"),
            "lots": self.lots("R-A"),
        }
        self.assertParked(self.report(order, 2, materials=[material]), "lot-expired")

    def test_goods_expire_from_when_they_were_made(self):
        product, order = self.order_of("lot", "MILK")
        if "use_expiration_date" not in product._fields:
            self.skipTest("product_expiry is not installed")
        product.write({"use_expiration_date": True, "expiration_time": 10})
        product.write({"use_time": 3, "removal_time": 2, "alert_time": 4})
        self.assertPosted(self.report(order, 4, lots=self.lots("M1")))
        [lot] = self.env["stock.lot"].search([("product_id", "=", product.id)])
        expiry = moment(10, day=20)
        self.assertEqual(lot.expiration_date, expiry)
        self.assertEqual(lot.use_date, expiry - timedelta(days=3))
        self.assertEqual(lot.removal_date, expiry - timedelta(days=2))
        self.assertEqual(lot.alert_date, expiry - timedelta(days=4))

    def test_goods_that_do_not_expire(self):
        product, order = self.order_of("lot", "STONE")
        self.assertPosted(self.report(order, 4, lots=self.lots("S1")))
        [lot] = self.env["stock.lot"].search([("product_id", "=", product.id)])
        self.assertFalse("expiration_date" in lot._fields and lot.expiration_date)

    def test_an_expired_lot_may_be_scrapped(self):
        self.env["stock.scrap.reason.tag"].create({"name": "OLD"})
        self.expire(self.lot_a, moment(8))
        scrap = {
            "materialDefinitionId": "RESIN",
            "quantity": amount(1, "KGM"),
            "lots": self.lots("R-A"),
            "reasonCode": "OLD",
        }
        self.assertPosted(self.tell(SCRAPPED, self.make_order(), time=at(9), **scrap))

    # -- never made up -------------------------------------------------------------

    def test_odoos_button_makes_up_no_lot(self):
        product, order = self.order_of("lot", "MADEUP")
        self.assertPosted(self.tell("mfg.jobresponse.started.v1", order, time=at(8)))
        with self.assertRaisesRegex(UserError, "enter the lot"):
            order.button_mark_done()
        found = self.env["stock.lot"].search([("product_id", "=", product.id)])
        self.assertFalse(found)
        order.lot_producing_ids = self.env["stock.lot"].create(
            {"name": "BY HAND", "product_id": product.id}
        )
        order.button_mark_done()
        self.assertEqual(order.state, "done")

    def test_the_rest_of_serials_by_button_needs_their_numbers(self):
        product, order = self.order_of("serial", "RESTSN")
        self.assertPosted(self.report(order, 9, lots=self.lots(*"ABCDEFGHI")))
        with self.assertRaisesRegex(UserError, "enter the lot"):
            order.button_mark_done()
        found = self.env["stock.lot"].search([("product_id", "=", product.id)])
        self.assertEqual(len(found), 9)
        last = self.env["stock.lot"].create({"name": "J", "product_id": product.id})
        order.lot_producing_ids = last
        order.with_context(skip_consumption=True).button_mark_done()
        self.assertEqual((order.state, self.on_hand(product)), ("done", 10))

    def test_closing_makes_up_no_lot(self):
        product, order = self.order_of("lot", "CLOSED")
        self.assertPosted(
            self.report(order, 4, lots=self.lots("C1")),
            self.tell("mfg.jobresponse.completed.v1", order, time=at(16)),
        )
        found = self.env["stock.lot"].search([("product_id", "=", product.id)])
        self.assertEqual((order.state, found.mapped("name")), ("done", ["C1"]))

    def test_an_order_the_plant_has_not_begun_is_odoos(self):
        _product, order = self.order_of("lot", "ODOO")
        order.button_mark_done()
        self.assertTrue(order.lot_producing_ids)

    def test_by_products_need_their_lots(self):
        dregs = self.make_product("DREGS", tracking="lot")
        product = self.make_product("CLEAR")
        bom = self.make_bom(
            product,
            [(self.board, 1, False)],
            operations=(),
            byproduct_ids=[Command.create({"product_id": dregs.id, "product_qty": 1})],
        )
        order = self.make_order(bom=bom)
        by_product = {"materialDefinitionId": "DREGS", "quantity": amount(2)}
        message = self.report(order, 2, byProducts=[by_product])
        self.assertParked(message, "lot-required")
        self.assertEqual(self.at_fault(message), ["/data/byProducts/0/lots"])
        by_product["lots"] = self.lots("D1")
        self.assertPosted(self.report(order, 2, byProducts=[by_product]))
        lot = self.env["stock.lot"].search([("product_id", "=", dregs.id)])
        self.assertEqual(self.on_hand(dregs, lot=lot), 2)
