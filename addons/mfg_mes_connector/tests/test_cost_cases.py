# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import CONSUMED, SCRAPPED, amount, at
from .cost_common import METHODS, TWO, CostCase


@tagged("post_install", "-at_install")
class TestCostCases(CostCase):
    """By-products, scrap, other quantities, prices that change: Odoo's cost as well."""

    def test_by_products_bear_their_share(self):
        for method in METHODS:
            with self.subTest(method=method):
                ours = self.make_world(method, share=20)
                theirs = self.make_world(method, share=20)
                order = theirs.order
                for number, pieces in enumerate(TWO):
                    begun, minutes, planks, resin = self.spell(number, TWO)
                    self.work(ours, begun, minutes)
                    self.use(ours, planks, resin)
                    self.make(ours, pieces, waste=pieces, final=bool(number))
                    self.work_by_hand(order, begun, minutes)
                    order = self.by_hand(order, theirs, pieces, planks, resin, pieces)
                self.assertEqual(self.goods(ours), self.goods(theirs))
                wastes = [self.goods(world, world.waste) for world in (ours, theirs)]
                self.assertEqual(*wastes)
                self.assertEqual(self.picture(ours), self.picture(theirs))

    def test_a_part_without_its_by_product_bears_all_itself(self):
        ours = self.make_world("average", work=False, share=20)
        theirs = self.make_world("average", work=False, share=20)
        prepared = ours.order.move_byproduct_ids  # as Odoo's buttons do
        prepared.write({"quantity": 10, "picked": True})
        self.use(ours, 8, 2)
        self.make(ours, 4)
        self.use(ours, 12, 3)
        self.make(ours, 6, waste=6, final=True)
        rest = self.by_hand(theirs.order, theirs, 4, 8, 2)
        self.by_hand(rest, theirs, 6, 12, 3, 6)
        self.assertEqual(self.goods(ours), self.goods(theirs))
        self.assertEqual(self.picture(ours), self.picture(theirs))

    def test_by_products_before_the_goods(self):
        """They take their share of what was used by then, the goods get the rest."""
        world = self.make_world("average", work=False, share=20)
        bom = world.order.bom_id
        bom.operation_ids = [
            Command.create({"name": name, "workcenter_id": self.saw.id, "sequence": n})
            for n, name in enumerate(("Saw", "Sand"))
        ]
        world.order.action_cancel()  # and its reservation
        world.order = self.make_order(10, bom)
        self.use(world, 20, 5)
        self.make(world, 10, waste=10, operationsSegmentId="Saw")
        by_then = self.picture(world)["used"]
        self.use(world, 3, 1)
        self.make(world, 10, final=True)
        waste, goods = sum(self.goods(world, world.waste)), sum(self.goods(world))
        self.assertEqual(round(waste, 2), round(by_then * 0.2, 2))
        self.assertEqual(round(waste + goods, 2), self.picture(world)["used"])
        self.assertEqual(self.picture(world)["making"], 0)

    def test_more_by_products_than_planned(self):
        """Beyond the plan they are by-products of the same share."""
        ours = self.make_world("average", work=False, share=20)
        theirs = self.make_world("average", work=False, share=20)
        for world in (ours, theirs):
            world.order.move_byproduct_ids.product_uom_qty = 4
        order = theirs.order
        for number, pieces in enumerate(TWO):
            _begun, _minutes, planks, resin = self.spell(number, TWO)
            self.use(ours, planks, resin)
            self.make(ours, pieces, waste=4, final=bool(number))
            order.move_byproduct_ids.product_uom_qty = 4
            order = self.by_hand(order, theirs, pieces, planks, resin, 4)
        waste = self.goods(ours, ours.waste)
        self.assertEqual(waste, self.goods(theirs, theirs.waste))
        self.assertTrue(all(waste))
        self.assertEqual(self.goods(ours), self.goods(theirs))

    def test_more_and_less_used_than_planned(self):
        for planks, resin in ((31, 7.5), (13, 1.25)):
            ours = self.make_world("fifo", work=False)
            theirs = self.make_world("fifo", work=False)
            self.use(ours, planks, resin)
            self.make(ours, 10, final=True)
            self.by_hand(theirs.order, theirs, 10, planks, resin)
            self.assertEqual(self.picture(ours), self.picture(theirs))

    def test_backflushed(self):
        for method in METHODS:
            ours = self.make_world(method, work=False)
            theirs = self.make_world(method, work=False)
            self.make(ours, 4, backflush="auto")
            self.make(ours, 6, backflush="auto", final=True)
            rest = self.by_hand(theirs.order, theirs, 4, 8, 2)
            self.by_hand(rest, theirs, 6, 12, 3)
            self.assertEqual(self.goods(ours), self.goods(theirs))
            self.assertEqual(self.picture(ours), self.picture(theirs))

    def test_scrapped_components_cost_the_stock_not_the_goods(self):
        ours = self.make_world("average", work=False)
        theirs = self.make_world("average", work=False)
        scrap = {"materialDefinitionId": ours.plank.default_code, "reasonCode": "BAD"}
        message = self.tell(
            SCRAPPED, ours.order, quantity=amount(3), time=self.stamp(), **scrap
        )
        self.assertPosted(message)
        self.use(ours, 20, 5)
        self.make(ours, 10, final=True)
        by_hand = self.env["stock.scrap"].create(
            {
                "product_id": theirs.plank.id,
                "scrap_qty": 3,
                "production_id": theirs.order.id,
                "location_id": self.stock.id,
                "scrap_location_id": message.env["stock.scrap"]
                .search([("product_id", "=", ours.plank.id)])
                .scrap_location_id.id,
            }
        )
        by_hand.do_scrap()
        self.by_hand(theirs.order, theirs, 10, 20, 5)
        self.assertEqual(self.picture(ours), self.picture(theirs))

    def test_good_pieces_bear_the_rejects(self):
        ours = self.make_world("average", work=False)
        theirs = self.make_world("average", work=False)
        self.use(ours, 20, 5)
        message = self.tell(
            SCRAPPED,
            ours.order,
            quantity=amount(2),
            time=self.stamp(),
            reasonCode="BAD",
        )
        self.assertPosted(message)
        self.make(ours, 8, final=True)
        theirs.order.qty_producing = 8
        for move in theirs.order.move_raw_ids:
            entered = {theirs.plank: 20, theirs.resin: 5}[move.product_id]
            move.write({"quantity": entered, "picked": True})
        theirs.order.with_context(
            skip_backorder=True, skip_consumption=True
        ).button_mark_done()
        self.assertEqual(self.picture(ours), self.picture(theirs))

    # -- prices that change ----------------------------------------------------------

    def test_price_changes_between_use_and_report(self):
        """Posted at once, material costs what it cost when it was used; set aside,
        what it costs when the report posts it."""
        for mode in ("immediate", "staged"):
            self.consumption(mode)
            ours = self.make_world("average", work=False)
            theirs = self.make_world("average", work=False)
            if mode == "immediate":
                self.by_hand(theirs.order, theirs, 10, 20, 5)
            self.use(ours, 20, 5)
            for world in (ours, theirs):
                receipt = self.receive(world.plank, 50, 40.0)
                if mode == "staged":  # of one second, the older record comes first
                    receipt.date -= timedelta(minutes=1)
            if mode == "staged":
                self.by_hand(theirs.order, theirs, 10, 20, 5)
            self.make(ours, 10, final=True)
            with self.subTest(mode=mode):
                self.assertEqual(self.goods(ours), self.goods(theirs))
                self.assertEqual(self.picture(ours), self.picture(theirs))

    def test_fixed_price_changes_between_use_and_report(self):
        ours = self.make_world("standard", work=False)
        theirs = self.make_world("standard", work=False)
        self.use(ours, 20, 5)
        for world in (ours, theirs):
            world.product.standard_price = 99
        self.make(ours, 10, final=True)
        self.by_hand(theirs.order, theirs, 10, 20, 5)
        self.assertEqual(self.picture(ours), self.picture(theirs))
        self.assertEqual(self.goods(ours), [990])

    def test_late_events_leave_prices_alone(self):
        """Dated before the first receipt: quantities go below zero on that day, the
        price is that of the receipt all the same."""
        world = self.make_world("average", work=False)
        prices = self.env["product.value"].search(
            [("product_id", "=", world.product.id)]
        )
        prices.date = "2025-12-01"  # Odoo notes a price of 0 for every new product
        plank = world.plank.standard_price
        resin = world.resin.standard_price
        lines = [
            {
                "materialDefinitionId": world.plank.default_code,
                "quantity": amount(20),
            }
        ]
        self.assertPosted(
            self.tell(CONSUMED, world.order, materials=lines, time=at(9)),
            self.report(world.order, 10, backflush="never", final=True, time=at(10)),
        )
        self.assertEqual(self.goods(world), [round(20 * plank, 2)])
        self.assertEqual(round(world.product.standard_price, 4), round(2 * plank, 4))
        self.assertEqual(round(world.resin.standard_price, 4), round(resin, 4))
        moves = world.order.move_raw_ids | world.order.move_finished_ids
        dates = moves.filtered(lambda m: m.state == "done").account_move_id
        self.assertEqual(set(dates.mapped("date")), {fields.Date.to_date("2026-01-10")})

    def test_average_goes_by_the_time_of_the_event(self):
        """Two reports, the later one posted first: the average is that of the order
        in which things happened, at once and not only after the next movement."""
        ours = self.make_world("average", work=False)
        later, earlier = self.make_order(2, ours.order.bom_id), ours.order
        for order, hour, planks in ((later, 15, 9), (earlier, 8, 20)):
            line = {
                "materialDefinitionId": ours.plank.default_code,
                "quantity": amount(planks),
            }
            made = order.product_qty
            self.assertPosted(
                self.report(
                    order,
                    made,
                    materials=[line],
                    backflush="never",
                    final=True,
                    time=at(hour),
                )
            )
        product = ours.product
        told = product.standard_price
        product._update_standard_price()
        self.assertEqual(round(told, 6), round(product.standard_price, 6))
