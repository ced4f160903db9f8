# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import itertools
from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import STARTED, amount
from .cost_common import METHODS, ONE, TWO, CostCase


@tagged("post_install", "-at_install")
class TestCost(CostCase):
    """Cost is Odoo's own for the same facts; see docs/cost.md for what that means."""

    def check(self, method, mode, when, parts, work=True):
        self.consumption(mode)
        with self.subTest(method=method, mode=mode, when=when, parts=parts, work=work):
            ours, theirs = self.make_world(method, work), self.make_world(method, work)
            getattr(self, f"_plant_{when}")(ours, parts, work)
            if when == "before":
                self._twin(theirs, parts, work)
                self.assertEqual(self.goods(ours), self.goods(theirs))
            else:
                self._twin_at_once(theirs, parts, work)
            self.assertEqual(self.picture(ours), self.picture(theirs))
            making = self.picture(ours)["making"]
            if method == "standard":
                self.assertTrue(making, "it differs from the fixed price")
            else:
                self.assertEqual(making, 0, "nothing is left in the making")
                self.assertTrue(sum(self.goods(ours)))

    def _plant_before(self, world, parts, work):
        for number, pieces in enumerate(parts):
            begun, minutes, planks, resin = self.spell(number, parts)
            if work:
                self.work(world, begun, minutes)
            self.use(world, planks, resin)
            self.make(world, pieces, final=number == len(parts) - 1)
        self.assertEqual(world.order.state, "done")

    def _plant_after(self, world, parts, work):
        for number, pieces in enumerate(parts):
            begun, minutes, planks, resin = self.spell(number, parts)
            self.make(world, pieces)
            self.use(world, planks, resin)
            if work:
                self.work(world, begun, minutes)
        self.end(world)

    def _twin(self, world, parts, work):
        """A part, its backorder, and so on."""
        order = world.order
        for number, pieces in enumerate(parts):
            begun, minutes, planks, resin = self.spell(number, parts)
            if work:
                self.work_by_hand(order, begun, minutes)
            order = self.by_hand(order, world, pieces, planks, resin)

    def _twin_at_once(self, world, parts, work):
        """All of it in one go: Odoo knows no use that comes after the goods."""
        spells = [self.spell(number, parts) for number in range(len(parts))]
        for begun, minutes, _planks, _resin in spells if work else ():
            self.work_by_hand(world.order, begun, minutes)
        planks, resin = sum(s[2] for s in spells), sum(s[3] for s in spells)
        self.by_hand(world.order, world, sum(parts), planks, resin)

    def test_used_before_it_is_made(self):
        for method, mode in itertools.product(METHODS, ("immediate", "staged")):
            self.check(method, mode, "before", ONE)
            self.check(method, mode, "before", TWO)

    def test_used_after_it_is_made(self):
        for method, mode in itertools.product(METHODS, ("immediate", "staged")):
            self.check(method, mode, "after", ONE)
            self.check(method, mode, "after", TWO)

    def test_without_work(self):
        for method, when in itertools.product(METHODS, ("before", "after")):
            self.check(method, "immediate", when, TWO, work=False)

    def test_work_still_running_at_the_end(self):
        """Odoo's button stops the clocks before it values; so does the last report."""
        ours, theirs = self.make_world("average"), self.make_world("average")
        ended = datetime.now().replace(microsecond=0)
        begun = ended - timedelta(minutes=30)
        self.assertPosted(self.tell(STARTED, ours.order, time=self.stamp(begun)))
        self.make(ours, 4)
        self.use(ours, 20, 5)
        self.make(ours, 6, final=True, time=self.stamp(ended))
        self.work_by_hand(theirs.order, begun, 30)
        self.by_hand(theirs.order, theirs, 10, 20, 5)
        self.assertEqual(self.picture(ours), self.picture(theirs))
        self.assertEqual(self.goods(ours), [0, *self.goods(theirs)])

    # -- people and the plant on one order ---------------------------------------------

    def test_the_rest_by_odoos_button(self):
        """What the plant used before is in the goods of the button, its labour in
        those that the plant reported, and nothing is counted twice."""
        for method in METHODS:
            with self.subTest(method=method):
                ours, theirs = self.make_world(method), self.make_world(method)
                self.work(ours, self.clock, 20)
                self.use(ours, 9, 2.25)
                self.make(ours, 4)
                self.use(ours, 3, 1)
                self.work(ours, self.clock + timedelta(hours=1), 35)
                order = ours.order
                for move in order.move_raw_ids.filtered(
                    lambda m: m.state not in ("done", "cancel")
                ):
                    more = 10 if move.product_id == ours.plank else 2.25
                    move.write({"quantity": more, "picked": True})
                order.qty_producing = 10
                order.with_context(
                    skip_backorder=True, skip_consumption=True
                ).button_mark_done()
                self.assertEqual(order.state, "done")
                self.work_by_hand(theirs.order, self.clock, 20)
                rest = self.by_hand(theirs.order, theirs, 4, 9, 2.25)
                self.work_by_hand(rest, self.clock + timedelta(hours=1), 35)
                used = self.used(ours.plank, order)
                self.by_hand(rest, theirs, 6, used - 9, 3.25)
                self.assertEqual(self.goods(ours), self.goods(theirs))
                self.assertEqual(self.picture(ours), self.picture(theirs))

    def test_operations_costed_by_estimate(self):
        """Each part bears its part of the estimate, all of it together."""
        world = self.make_world("average")
        world.order.workorder_ids.cost_mode = "estimated"
        self.assertPosted(self.tell(STARTED, world.order, time=self.stamp(self.clock)))
        estimate = world.order.workorder_ids.duration_expected  # 1 currency per minute
        self.make(world, 4)
        self.make(world, 6, final=True)
        self.assertEqual(
            self.goods(world), [round(estimate * 0.4, 2), round(estimate * 0.6, 2)]
        )

    def test_lots_with_a_value_of_their_own(self):
        """Components and goods valued by lot: each lot costs what it cost."""
        own = {"categ_id": self.categories["average"].id, "lot_valuated": True}
        part = self.make_product("LVPART", tracking="lot", **own)
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": part.id} for name in ("LV-1", "LV-2")]
        )
        for lot, price in zip(lots, (2.0, 30.0), strict=True):
            move = self.env["stock.move"].create(
                {
                    "product_id": part.id,
                    "product_uom": part.uom_id.id,
                    "product_uom_qty": 10,
                    "location_id": self.env.ref("stock.stock_location_suppliers").id,
                    "location_dest_id": self.stock.id,
                }
            )
            move._action_confirm()
            move.write({"lot_ids": lot.ids, "quantity": 10, "picked": True})
            move._action_done()
            move.value_manual = 10 * price
        product = self.make_product("LVGOOD", tracking="lot", **own)
        bom = self.make_bom(product, [(part, 1, False)], operations=())
        order = self.make_order(4, bom)
        for lot, made in (("LV-2", "G-2"), ("LV-1", "G-1")):
            material = {
                "materialDefinitionId": "LVPART",
                "quantity": amount(2),
                "lots": [{"materialLotId": lot}],
            }
            self.assertPosted(
                self.report(
                    order,
                    2,
                    materials=[material],
                    lots=[{"materialLotId": made}],
                    time=self.stamp(),
                )
            )
        goods = self.env["stock.lot"].search([("product_id", "=", product.id)])
        prices = {lot.name: lot.standard_price for lot in goods}
        self.assertEqual(prices, {"G-1": 2, "G-2": 30})
