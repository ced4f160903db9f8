# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import REPORTED, SCRAPPED, ReconcileCase, amount, at


@tagged("post_install", "-at_install")
class TestOtherProducts(ReconcileCase):
    """Components that were scrapped, and by-products: compared like the rest."""

    def spoils(self, product, quantity, unit="C62", hour=10, lost=False, **more):
        reason = self.env["stock.scrap.reason.tag"].search([], limit=1)
        return self.plant_sends(
            SCRAPPED,
            lost,
            materialDefinitionId=product.default_code,
            quantity=amount(quantity, unit),
            reasonCode=reason.name,
            time=at(hour),
            **more,
        )

    def spoilt(self, product):
        scraps = self.env["stock.scrap"].search([("production_id", "=", self.order.id)])
        mine = scraps.filtered(lambda s: s.product_id == product)
        return sum(mine.move_ids.move_line_ids.mapped("quantity"))

    # -- components that were scrapped -----------------------------------------------

    def test_the_same_matches(self):
        self.makes(4)
        self.spoils(self.board, 2)
        self.spoils(self.glue, 500, "GRM")
        told = [self.used(self.board, 2, "C62"), self.used(self.glue, 0.5)]
        self.assertPosted(self.counts(4, scrappedMaterials=told, listed=True))
        self.assertMatched()

    def test_missing_doubled_and_untold(self):
        self.makes(4)
        self.spoils(self.board, 2)
        twice = self.again()
        self.spoils(self.glue, 1, "KGM", lost=True)
        wax = self.make_product("WAX", stock=5)
        untold = self.spoils(wax, 1, hour=11)
        told = [self.used(self.board, 2, "C62"), self.used(self.glue, 1)]
        self.counts(4, scrappedMaterials=told, scrapped=amount(0))
        self.assertDiffers(
            ("scrapped", "BOARD", -2.0, "doubled"),
            ("scrapped", "GLUE", 1.0, "missing"),
            ("scrapped", "WAX", -1.0, "tolerance"),
        )
        self.assertEqual(self.line("scrapped", self.board).message_ids, twice)
        self.heal()
        spoilt = [self.spoilt(p) for p in (self.board, self.glue, wax)]
        self.assertEqual(spoilt, [2, 1, 0])
        self.assertTrue(untold.reversed_by_id)
        self.assertEqual(self.found.state, "corrected")
        self.counts(4, hour=13, scrappedMaterials=told, scrapped=amount(0))
        self.assertMatched()
        self.assertEqual((self.on_hand(self.board), self.on_hand(self.glue)), (94, 49))

    def test_less_than_reported_is_told_anew(self):
        self.spoils(self.board, 3)
        self.counts(0, scrappedMaterials=[self.used(self.board, 1, "C62")])
        self.heal()
        self.assertEqual((self.spoilt(self.board), self.on_hand(self.board)), (1, 99))

    def test_not_told_is_not_compared(self):
        self.spoils(self.board, 2)
        self.scraps(1)
        self.counts(0)
        self.assertMatched()
        self.counts(0, hour=13, scrapped=amount(1))
        self.assertMatched()
        self.counts(0, hour=14, scrappedMaterials=[])
        self.assertDiffers(("scrapped", "BOARD", -2.0, "tolerance"))

    def test_by_lot(self):
        resin, lots = self.with_resin()
        self.spoils(resin, 2, "KGM", lots=[{"materialLotId": "R1"}])
        part = [{"materialLotId": "R2"}]
        self.counts(0, scrappedMaterials=[self.used(resin, 2, lots=part)])
        self.assertDiffers(
            ("scrapped", "RESIN", -2.0, "tolerance"),
            ("scrapped", "RESIN", 2.0, "missing"),
        )
        self.heal()
        self.assertEqual([self.on_hand(resin, lot=lot) for lot in lots], [5, 3])

    def test_a_lot_is_never_guessed(self):
        resin = self.make_product("RESIN", uom=self.kilo, tracking="lot")
        self.counts(0, scrappedMaterials=[self.used(resin, 2)])
        self.assertIn("did not say of which lots", self.line("scrapped").next_step)

    def test_a_parked_one_is_seen(self):
        parked = self.spoils(self.board, 200)  # there are 100
        self.assertParked(parked, "shortage")
        self.counts(0, scrappedMaterials=[self.used(self.board, 200, "C62")])
        self.assertDiffers(("scrapped", "BOARD", 200.0, "parked"))

    def test_what_the_order_makes_is_none_of_them(self):
        message = self.counts(0, scrappedMaterials=[self.used(self.table, 1, "C62")])
        self.assertParked(message, "quantity-invalid")
        self.assertIn("/data/scrappedMaterials/0", message.error_fields)

    # -- by-products -----------------------------------------------------------------

    def with_chips(self):
        """An order of which half a kilo of chips comes with each table."""
        self.env.user.group_ids |= self.env.ref("mrp.group_mrp_byproducts")
        chips = self.make_product("CHIPS", uom=self.kilo)
        table = self.make_product("TABLE-2")
        bom = self.make_bom(table)
        line = {"product_id": chips.id, "product_qty": 0.5}
        bom.byproduct_ids = [Command.create(line)]
        self.order, self.sent = self.make_order(bom=bom), []
        return chips

    def brings(self, chips, kilos, lost=False):
        part = {"materialDefinitionId": chips.default_code}
        part["quantity"] = amount(kilos, "KGM")
        return self.makes(4, byProducts=[part], lost=lost)

    def test_by_products_are_compared(self):
        chips = self.with_chips()
        self.assertPosted(self.brings(chips, 2))
        told = {"listed": True, "byProducts": [self.used(chips, 2)]}
        self.counts(4, **told)
        self.assertMatched()
        self.counts(4, hour=13, byProducts=[self.used(chips, 3)])
        self.assertDiffers(("produced", "CHIPS", 1.0, "missing"))
        line = self.line("produced")
        self.assertIn("Put it right in Odoo", line.next_step)
        with self.assertRaisesRegex(UserError, "no correction can be posted"):
            line._correct("Now")
        self.counts(4, hour=14)
        self.assertMatched()

    def test_by_products_of_a_parked_report(self):
        chips = self.with_chips()
        part = {"materialDefinitionId": "CHIPS", "quantity": amount(20, "KGM")}
        parked = self.plant_sends(
            REPORTED, quantity=amount(40), byProducts=[part], time=at(10)
        )
        self.assertParked(parked, "over-tolerance")
        self.counts(40, byProducts=[self.used(chips, 20)])
        self.assertEqual(set(self.found.line_ids.mapped("cause")), {"parked"})

    def test_by_products_of_a_repeated_report(self):
        chips = self.with_chips()
        self.brings(chips, 2)
        self.again()
        self.counts(4, listed=True, byProducts=[self.used(chips, 2)])
        self.assertEqual(set(self.found.line_ids.mapped("cause")), {"doubled"})
        self.heal()
        self.assertEqual((self.made(), self.on_hand(chips)), (4, 2))
        self.assertEqual(self.found.state, "corrected")
