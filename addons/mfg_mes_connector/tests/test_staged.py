# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import COMPLETED, CONSUMED, SCRAPPED, amount, at
from .reversal_common import REVERSED
from .shortage_common import ShortageCase


class StagedCase(ShortageCase):
    """An order for 10 tables, with 3 of its 10 boards, and glue enough."""

    def setUp(self):
        super().setUp()
        self.interface(CONSUMED).consumption = "staged"
        self.order.action_assign()

    def stage(self, quantity, product=None, unit="KGM", **material):
        message = self.consume(
            self.order, product or self.glue, quantity, unit, **material
        )
        self.assertPosted(message)
        return message

    def count(self, product, quantity, lot=None):
        """People count less than Odoo has."""
        quants = self.env["stock.quant"]._gather(product, self.stock)
        quant = quants.filtered(lambda q: not lot or q.lot_id == lot)
        quant.with_context(inventory_mode=True).inventory_quantity = quantity
        quant.action_apply_inventory()
        self.committed()

    def make(self, quantity, **data):
        return self.report(self.order, quantity, backflush="never", **data)

    def reserved(self, product):
        quants = self.env["stock.quant"]._gather(product, self.stock)
        return round(sum(quants.mapped("reserved_quantity")), 6)

    def made_of(self, product):
        """What is in the genealogy of the goods."""
        used = self.goods().consume_line_ids.filtered(lambda u: u.product_id == product)
        return round(sum(used.mapped("quantity")), 6)


@tagged("post_install", "-at_install")
class TestStagedIsGone(StagedCase):
    """What was set aside, and then counted down, is not posted below zero unasked."""

    def test_parked_until_it_is_there(self):
        self.stage(3)
        self.count(self.glue, 1)
        message = self.make(4)
        self.assertParked(message, "shortage")
        self.assertIn("3 kg of [GLUE] Glue were set aside", message.error_detail)
        self.assertIn("only 1 are still there", message.error_detail)
        self.assertEqual((self.on_hand(self.glue), self.on_hand(self.table)), (1, 0))
        self.receive(self.glue, 1)
        self.assertParked(message, "shortage")
        self.receive(self.glue, 1)
        self.assertPosted(message)
        self.assertEqual((self.on_hand(self.glue), self.made_of(self.glue)), (0, 3))

    def test_what_is_missing_waits(self):
        self.policy("wait")
        first, second = self.stage(2), self.stage(2)
        self.count(self.glue, 3)
        message = self.make(4)
        self.assertPosted(message)
        self.assertEqual((self.on_hand(self.glue), self.used(self.glue)), (0, 3))
        self.assertFalse(self.waiting(first))
        rest = self.waiting(second)
        given = rest._event_data()["materials"]
        self.assertEqual(given[0]["quantity"], amount("1", "KGM"))
        self.assertEqual(given[0]["materialDefinitionId"], "GLUE")
        self.receive(self.glue, 5)
        self.assertPosted(rest)
        self.assertEqual((self.on_hand(self.glue), self.used(self.glue)), (4, 4))
        self.assertEqual(self.made_of(self.glue), 4)

    def test_all_of_it_waits(self):
        self.policy("wait")
        message = self.stage(2)
        self.count(self.glue, 0)
        self.assertPosted(self.make(4))
        self.assertEqual((self.on_hand(self.glue), self.used(self.glue)), (0, 0))
        self.receive(self.glue, 9)
        self.assertPosted(message.rest_ids)
        self.assertEqual((self.on_hand(self.glue), self.made_of(self.glue)), (7, 2))

    def test_what_waits_is_taken_back_with_its_report(self):
        self.policy("wait")
        message = self.stage(3)
        self.count(self.glue, 1)
        self.make(4)
        data = {"eventId": message.event_id, "reason": "Another order's"}
        self.assertPosted(self.post(REVERSED, data))
        self.env.invalidate_all()
        self.assertEqual(message.rest_ids.state, "cancelled")
        self.assertEqual((self.on_hand(self.glue), self.used(self.glue)), (1, 0))

    def test_below_zero_where_that_is_allowed(self):
        self.policy("allow")
        self.stage(3)
        self.count(self.glue, 1)
        self.assertPosted(self.make(4))
        self.assertEqual(self.on_hand(self.glue), -2)

    def test_of_lots(self):
        resin = self.make_product("RESIN", uom=self.kilo, tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": resin.id} for name in ("R-A", "R-B")]
        )
        for lot in lots:
            self.lay_in(resin, 5, lot)
            self.stage(2, resin, lots=[{"materialLotId": lot.name}])
        self.count(resin, 1, lots[0])
        message = self.make(4)
        self.assertParked(message, "shortage")
        self.assertIn("R-A", message.error_detail)
        self.assertEqual([self.on_hand(resin, lot=lot) for lot in lots], [1, 5])
        self.receive(resin, 1, lot=lots[0])
        self.assertPosted(message)
        self.assertEqual([self.on_hand(resin, lot=lot) for lot in lots], [0, 3])

    def test_at_the_end_of_the_order(self):
        self.make(10)
        self.stage(3)
        self.count(self.glue, 1)
        message = self.tell(COMPLETED, self.order, final=True, time=at(12))
        self.assertParked(message, "shortage")
        self.assertEqual((self.order.state, self.on_hand(self.glue)), ("progress", 1))
        self.receive(self.glue, 2)
        self.assertPosted(message)
        self.assertEqual((self.order.state, self.on_hand(self.glue)), ("done", 0))

    def test_at_the_end_of_the_order_it_waits(self):
        self.policy("wait")
        self.make(10)
        message = self.stage(3)
        self.count(self.glue, 1)
        self.assertPosted(self.tell(COMPLETED, self.order, final=True, time=at(12)))
        self.assertEqual((self.order.state, self.on_hand(self.glue)), ("done", 0))
        self.receive(self.glue, 2)
        self.assertPosted(message.rest_ids)
        self.assertEqual((self.on_hand(self.glue), self.made_of(self.glue)), (0, 3))

    def test_of_two_orders_the_first_has_it(self):
        other = self.make_order()
        self.stage(3)
        self.assertPosted(self.consume(other, self.glue, 3, "KGM"))
        self.count(self.glue, 4)
        self.assertPosted(self.make(4))
        second = self.report(other, 4, backflush="never")
        self.assertParked(second, "shortage")
        self.assertEqual(self.on_hand(self.glue), 1)


@tagged("post_install", "-at_install")
class TestReservationKept(StagedCase):
    """What is still to be used stays reserved for the order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.scrap.reason.tag"].create({"name": "BENT"})

    def rival(self, product, quantity):
        """Another order that reserves whatever is free."""
        lines = [(product, quantity, False)]
        bom = self.make_bom(self.make_product("RIVAL"), lines, operations=())
        order = self.make_order(1, bom=bom)
        order.action_assign()
        return order.move_raw_ids.quantity

    def test_beside_what_is_set_aside(self):
        self.assertEqual(self.reserved(self.glue), 5)
        self.stage(2)
        self.assertEqual(self.reserved(self.glue), 5)
        self.assertEqual(self.rival(self.glue, 50), 45)
        self.stage(1)
        self.assertEqual(self.reserved(self.glue), 50)
        [move] = self.order.move_raw_ids.filtered(lambda m: m.product_id == self.glue)
        picked = move.move_line_ids.filtered("picked")
        self.assertEqual(sum(picked.mapped("quantity")), 3)
        self.assertPosted(self.make(4))
        self.assertEqual((self.used(self.glue), self.on_hand(self.glue)), (3, 47))
        self.assertEqual(self.reserved(self.glue), 47)
        self.stage(2)
        self.assertPosted(self.make(4))
        self.assertEqual((self.used(self.glue), self.on_hand(self.glue)), (5, 45))

    def test_nothing_was_reserved(self):
        self.order.do_unreserve()
        self.stage(2)
        self.assertEqual(self.reserved(self.glue), 2)

    def test_no_more_of_it_is_needed(self):
        self.stage(2, final=True)
        self.assertEqual(self.reserved(self.glue), 2)
        self.stage(6)
        self.assertEqual(self.reserved(self.glue), 8)

    def test_taken_back(self):
        message = self.stage(2)
        self.stage(1)
        data = {"eventId": message.event_id, "reason": "Twice"}
        self.assertPosted(self.post(REVERSED, data))
        self.env.invalidate_all()
        self.assertEqual(self.reserved(self.glue), 5)

    def test_by_odoos_button_only_what_is_set_aside_is_used(self):
        self.lay_in(self.board, 97)
        self.stage(2)
        self.order.with_context(skip_consumption=True).button_mark_done()
        self.assertEqual((self.order.state, self.used(self.glue)), ("done", 2))
        self.assertEqual((self.reserved(self.glue), self.on_hand(self.glue)), (0, 48))

    def scrap(self, product, quantity, unit="C62", **data):
        message = self.tell(
            SCRAPPED,
            self.order,
            materialDefinitionId=product.default_code,
            quantity=amount(quantity, unit),
            reasonCode="BENT",
            time=at(9),
            **data,
        )
        self.assertPosted(message)

    def test_after_a_component_was_scrapped(self):
        self.scrap(self.glue, 2, "KGM")
        self.assertEqual((self.reserved(self.glue), self.on_hand(self.glue)), (5, 48))
        self.scrap(self.board, 1)
        self.assertEqual((self.reserved(self.board), self.on_hand(self.board)), (2, 2))
        self.assertEqual(self.rival(self.board, 3), 0)
        self.assertPosted(self.report(self.order, 2))

    def test_after_lots_were_scrapped(self):
        resin = self.make_product("RESIN", uom=self.kilo, tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": resin.id} for name in ("R-A", "R-B")]
        )
        for lot in lots:
            self.lay_in(resin, 5, lot)
        bom = self.make_bom(self.make_product("BOX"), [(resin, 0.8, False)], ())
        self.order = self.make_order(bom=bom)
        self.order.action_assign()
        parts = [
            {"materialLotId": lot.name, "quantity": amount(1, "KGM")} for lot in lots
        ]
        self.scrap(resin, 2, "KGM", lots=parts)
        self.assertEqual((self.reserved(resin), self.on_hand(resin)), (8, 8))

    def test_after_a_scrap_nothing_that_was_not_reserved(self):
        self.order.do_unreserve()
        self.scrap(self.glue, 2, "KGM")
        self.assertEqual(self.reserved(self.glue), 0)

    def test_a_scrap_leaves_what_is_set_aside(self):
        self.stage(3)
        self.scrap(self.glue, 2, "KGM")
        self.assertEqual((self.reserved(self.glue), self.on_hand(self.glue)), (5, 48))
        self.assertPosted(self.make(4))
        self.assertEqual((self.used(self.glue), self.on_hand(self.glue)), (3, 45))
