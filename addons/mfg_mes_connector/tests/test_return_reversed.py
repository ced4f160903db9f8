# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import COMPLETED, CONSUMED, amount, at
from .reversal_common import ReversalCase
from .test_material_returned import RETURNED


@tagged("post_install", "-at_install")
class TestReturnReversed(ReversalCase):
    """A return that is taken back leaves the consumption as it was before it."""

    def back(self, quantity=1, product=None, unit="KGM", **material):
        """A step: material goes back."""
        product = product or self.glue
        line = {
            "materialDefinitionId": product.default_code,
            "quantity": amount(quantity, unit),
            **material,
        }
        return lambda: self.tell(RETURNED, self.order, materials=[line], time=at(13))

    def rack(self):
        return self.env["stock.location"].create(
            {"name": "Rack", "location_id": self.stock.id, "barcode": "RACK"}
        )

    def test_of_a_part(self):
        self.assertAsIfNever(self.back(), [self.used(self.glue, 3)])

    def test_of_all_of_it(self):
        """The posting had ended with the return."""
        self.assertAsIfNever(self.back(3), [self.used(self.glue, 3)])

    def test_before_the_goods(self):
        for quantity in (1, 3):
            with self.subTest(quantity):
                story = [self.used(self.glue, 3)], [self.made(4), self.made(2)]
                self.assertAsIfNever(self.back(quantity), *story, self.make_order())

    def test_after_the_goods(self):
        for quantity in (1, 3):
            with self.subTest(quantity):
                before = [self.used(self.glue, 3), self.made(4)]
                after = [self.made(2)]
                self.assertAsIfNever(
                    self.back(quantity), before, after, self.make_order()
                )

    def test_after_the_end(self):
        """Used before the goods, and after the last of them."""
        for quantity in (1, 3):
            with self.subTest(quantity):
                order = self.make_order()
                before = [self.used(self.glue, 3), self.made(10, final=True)]
                self.assertAsIfNever(self.back(quantity), before, order=order)
                over = self.told_job(COMPLETED, 20, segment=None)
                before = [self.made(10), self.used(self.glue, 3), over]
                self.assertAsIfNever(
                    self.back(quantity), before, order=self.make_order()
                )

    def test_and_then_the_end(self):
        for quantity in (1, 3):
            with self.subTest(quantity):
                before = [self.used(self.glue, 3), self.made(4)]
                after = [self.made(6, final=True)]
                self.assertAsIfNever(
                    self.back(quantity), before, after, self.make_order()
                )

    def test_of_what_was_backflushed(self):
        board = self.back(3, self.board, "C62")
        self.assertAsIfNever(board, [self.made(4)], [self.made(2)])

    def test_of_a_component_that_was_ended(self):
        for quantity in (1, 3):
            with self.subTest(quantity):
                before = [self.used(self.glue, 3, final=True)]
                self.assertAsIfNever(
                    self.back(quantity), before, order=self.make_order()
                )

    def test_the_consumption_is_whole_again(self):
        """Its own reversal, and another return, find all of it."""
        never = self.world()
        use = self.used(self.glue, 3)()
        message = self.back(3)()
        self.assertParked(self.back(1)(), "quantity-invalid")
        self.assertReversed(message)
        self.assertPosted(self.back(3)())
        self.assertReversed(use)
        self.assertEqual(self.on_hand(self.glue), 50)
        self.assertEqual(self.world()["stock"], never["stock"])

    def test_of_two_consumptions(self):
        before = [self.used(self.glue, 2), self.used(self.glue, 3)]
        self.assertAsIfNever(self.back(4), before, [self.made(1)])

    def test_of_two_returns_in_any_order(self):
        for first in (0, 1):
            with self.subTest(first):
                self.order = self.make_order()
                self.used(self.glue, 3)()
                expected = self.world()
                both = [self.back(1)(), self.back(2)()]
                self.assertReversed(both[first])
                self.assertReversed(both[1 - first])
                self.assertWorld(expected)

    def test_lots(self):
        resin = self.make_product("RESIN", uom=self.kilo, tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": resin.id} for name in ("R1", "R2")]
        )
        for lot in lots:
            self.lay_in(resin, 5, lot=lot)
        given = [{"materialLotId": "R1"}]
        before = [
            self.used(resin, 2, lots=[{"materialLotId": name}]) for name in ("R1", "R2")
        ]
        self.assertAsIfNever(self.back(2, resin, lots=given), before, [self.made(4)])

    def test_with_its_transfer(self):
        self.rack()
        there = {"storageLocation": "RACK"}
        self.assertAsIfNever(self.back(1, **there), [self.used(self.glue, 3)])
        self.assertAsIfNever(
            self.back(3, **there), [self.used(self.glue, 3)], order=self.make_order()
        )

    def test_gone_from_where_it_was_put(self):
        rack = self.rack()
        self.used(self.glue, 3)()
        message = self.back(2, storageLocation="RACK")()
        self.lay_in(self.glue, 1, location=rack)
        self.assertReversed(message)
        message = self.back(2, storageLocation="RACK")()
        quants = self.env["stock.quant"]._gather(self.glue, rack)
        quants.with_context(inventory_mode=True).inventory_quantity = 1
        quants.action_apply_inventory()
        self.assertKept(message, words="only 1 are still there")

    def test_gone_from_stock(self):
        self.used(self.glue, 3)()
        message = self.back(2)()
        self.empty(self.glue)
        self.assertKept(message, words="Stock")

    def empty(self, product):
        quants = self.env["stock.quant"]._gather(product, self.stock)
        quants.with_context(inventory_mode=True).inventory_quantity = 0
        quants.action_apply_inventory()

    def test_below_zero_where_the_interface_says_so(self):
        self.interface(CONSUMED).shortage = "allow"
        self.used(self.glue, 3)()
        message = self.back(2)()
        self.empty(self.glue)
        self.assertReversed(message)
        self.assertEqual(self.on_hand(self.glue), -2)

    def test_reserved_by_others_meanwhile(self):
        """A reservation is a plan; what is picked is gone."""
        self.used(self.glue, 3, final=True)()
        message = self.back(2)()
        other = self.make_order(200)
        other.action_assign()
        glue = other.move_raw_ids.filtered(lambda m: m.product_id == self.glue)
        self.assertEqual((glue.quantity, self.on_hand(self.glue)), (49, 49))
        self.assertReversed(message)
        self.assertEqual((glue.quantity, self.on_hand(self.glue)), (47, 47))
        message = self.back(2)()
        glue.move_line_ids.picked = True
        glue.move_line_ids.quantity = 48
        self.assertKept(message, words="only 1 are still there")

    def test_the_consumption_was_taken_back_itself(self):
        use = self.used(self.glue, 3)()
        message = self.back(1)()
        self.assertReversed(use)
        self.assertKept(message, words=use.event_id)

    def test_staged(self):
        self.interface(CONSUMED).consumption = "staged"
        for quantity in (1, 3):
            with self.subTest(quantity):
                self.assertAsIfNever(
                    self.back(quantity),
                    [self.used(self.glue, 3)],
                    order=self.make_order(),
                )

    def test_staged_and_reported_since(self):
        """It is set aside again, and in the next report."""
        self.interface(CONSUMED).consumption = "staged"
        use = self.used(self.glue, 3)()
        message = self.back(3)()
        self.made(4)()
        self.assertReversed(message)
        self.made(2)()
        parts = [part[-1] for part in self.genealogy(self.order)]
        self.assertIn(("GLUE", "", 3.0), parts[0] + parts[-1])
        self.assertReversed(use)
        self.assertEqual(self.on_hand(self.glue), 50)

    def test_staged_and_the_order_ended_since(self):
        self.interface(CONSUMED).consumption = "staged"
        self.used(self.glue, 3)()
        message = self.back(1)()
        end = self.made(10, final=True)()
        self.assertKept(message, words="take back its end first")
        self.assertReversed(end)
        self.assertReversed(message)

    def test_residues(self):
        before = [self.used(self.glue, 4, "GRM")] * 3
        self.assertAsIfNever(self.back(4, unit="GRM"), before)
        self.assertAsIfNever(self.back(8, unit="GRM"), before, order=self.make_order())

    def test_the_end_of_the_order_taken_back_afterwards(self):
        self.used(self.glue, 3)()
        self.made(4)()
        expected = self.world()
        message = self.back(1)()
        end = self.made(6, final=True)()
        self.assertReversed(message)
        self.assertReversed(end)
        self.assertWorld(expected)

    def test_after_what_waited_for_stock(self):
        """It completed the goods when it came, and does so again."""
        self.registry_enter_test_mode()
        self.interface(CONSUMED).shortage = "wait"
        self.env.cr.postcommit.clear()
        self.assertPosted(self.used(self.glue, 52)(), self.made(4)())
        self.lay_in(self.glue, 5)
        self.env.flush_all()
        self.env.cr.postcommit.run()
        self.drain()
        self.env.invalidate_all()
        expected = self.world()
        [(*_goods, made_of)] = expected["genealogy"]
        self.assertIn(("GLUE", "", 2.0), made_of)
        for quantity in (1, 2, 51):
            message = self.back(quantity)()
            self.assertPosted(message)
            self.assertReversed(message)
            self.assertWorld(expected)

    def test_closed_books(self):
        company = self.env.company
        if "fiscalyear_lock_date" not in company._fields:
            self.skipTest("accounting is not installed")
        self.used(self.glue, 3)()
        message = self.back(1)()
        company.sudo().fiscalyear_lock_date = "2026-01-10"
        self.assertKept(message, "period-closed")

    def test_sent_anew(self):
        self.used(self.glue, 3)()
        self.assertReversed(self.back(1)())
        self.assertPosted(self.back(2)())
        self.assertEqual(self.on_hand(self.glue), 49)
