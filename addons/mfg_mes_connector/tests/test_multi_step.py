# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import COMPLETED, REPORTED
from .multi_step_common import MultiStepCase


class HappyPaths:
    def test_partial_and_final(self):
        self.bring()
        self.assertEqual(self.reserved(self.board), 10)
        self.assertPosted(self.made(4)())
        self.assertEqual(self.on_hand(self.board, self.line), 6)
        self.assertEqual(self.on_hand(self.table, self.dock), 4)
        self.assertEqual(self.reserved(self.board), 6)
        self.assertPosted(self.made(6, 11, final=True)())
        self.assertEqual(self.order.state, "done")
        self.assertEqual(self.on_hand(self.table, self.dock), 10)
        self.assertEqual(self.on_hand(self.board, self.line), 0)
        self.assertEqual(self.on_hand(self.board), 90)

    def test_before_components_are_brought(self):
        self.assertParked(self.made(4)(), "shortage")

    def test_what_is_still_to_be_brought_stays(self):
        """A report posts a part of each line: that is no change of plan."""
        self.bring(6)
        self.assertPosted(self.made(4)(), self.used(self.glue, 1)())
        self.assertEqual(self.still_to_bring(), [4, 2])
        self.assertEqual(self.reserved(self.board), 2)
        self.assertPosted(self.made(2, 11)())
        self.bring()
        self.assertEqual(self.reserved(self.board), 4)
        self.assertPosted(self.made(4, 12, final=True)())

    def test_used_before_it_is_brought(self):
        self.interface(REPORTED).shortage = "allow"
        self.assertPosted(self.made(4)())
        self.assertEqual(self.still_to_bring(), [10, 5])
        self.bring()
        self.assertEqual(self.on_hand(self.board, self.line), 6)

    def test_explicit_lot(self):
        resin = self.make_product("RESIN", uom=self.kilo, tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": resin.id} for name in ("R1", "R2")]
        )
        for lot in lots:
            self.lay_in(resin, 5, lot=lot)
        bom = self.make_bom(self.make_product("SLAB"), [(resin, 0.5, False)], ())
        self.order = self.make_order(bom=bom)
        self.bring()
        self.assertEqual(self.on_hand(resin, self.line, lots[0]), 5)
        second = {"lots": [{"materialLotId": "R2"}]}
        self.assertParked(self.used(resin, 2, **second)(), "shortage")
        first = {"lots": [{"materialLotId": "R1"}]}
        wrong = self.used(resin, 2, **first)
        self.assertAsIfNever(wrong, order=self.order)
        self.assertPosted(wrong())
        self.assertEqual(self.on_hand(resin, self.line, lots[0]), 3)

    def test_scrap(self):
        self.bring()
        self.assertAsIfNever(self.scrap(self.board, 2), order=self.order)
        self.assertPosted(self.scrap(self.board, 2)())
        self.assertEqual(self.on_hand(self.board, self.line), 8)

    def test_report_is_reversed(self):
        self.bring()
        self.assertAsIfNever(self.made(4))
        self.assertAsIfNever(self.made(4), [self.made(2, 9)])
        self.assertAsIfNever(self.made(4), [], [self.made(2, 11)])

    def test_last_report_is_reversed(self):
        self.bring()
        self.assertAsIfNever(self.made(10))
        self.assertAsIfNever(self.made(6), [self.made(4, 9)])

    def test_final_report_is_reversed(self):
        self.bring()
        self.assertAsIfNever(self.made(10, final=True))
        self.assertPosted(self.made(9, final=True)())
        self.assertEqual(self.on_hand(self.table, self.dock), 9)
        self.assertEqual(self.on_hand(self.board, self.line), 1)

    def test_more_is_wanted_when_all_is_made(self):
        """Components for the rest are brought to the line, too."""
        self.bring()
        self.assertPosted(self.made(10)())
        self.change_quantity(self.order, 16)
        self.assertEqual(self.still_to_bring(), [6, 3])
        self.bring()
        self.assertEqual(self.reserved(self.board), 6)
        self.assertPosted(self.made(6, 11, final=True)())
        self.assertEqual(self.on_hand(self.table, self.dock), 16)
        self.assertEqual(self.on_hand(self.board, self.line), 0)

    def test_more_is_wanted_under_way(self):
        self.bring(6)
        self.assertPosted(self.made(4)())
        self.change_quantity(self.order, 20)
        self.assertEqual(sum(self.still_to_bring()), 14 + 7)
        self.bring()
        self.assertPosted(self.made(16, 11, final=True)())
        self.assertEqual(self.on_hand(self.board, self.line), 0)

    def test_component_that_is_a_kit(self):
        bolt, nut = (self.make_product(c, stock=100) for c in ("BOLT", "NUT"))
        kit = self.make_product("KIT")
        lines = [(bolt, 1, False), (nut, 2, False)]
        self.make_bom(kit, lines, (), type="phantom")
        bom = self.make_bom(self.make_product("SLAB"), [(kit, 2, False)], ())
        self.order = self.make_order(bom=bom)
        self.bring()
        others = [self.made(2, 9)], [self.made(3, 11)]
        self.assertAsIfNever(self.made(4), *others, order=self.order)
        left = [self.on_hand(product, self.line) for product in (bolt, nut)]
        self.assertEqual(left, [10, 20])
        self.assertAsIfNever(self.made(5, 12, final=True), order=self.order)

    def test_short_final_report_is_reversed(self):
        self.bring()
        self.assertAsIfNever(self.made(6, final=True), [self.made(2, 9)])
        self.assertEqual(self.reserved(self.board), 8)

    def test_ended_component_goes_on(self):
        self.bring()
        self.assertAsIfNever(self.used(self.glue, 1, final=True))
        self.assertEqual(self.reserved(self.glue), 5)


@tagged("post_install", "-at_install")
class TestTwoSteps(HappyPaths, MultiStepCase):
    def test_what_is_planned_again_comes_from_the_same_transfer(self):
        self.bring()
        pick = self.order.picking_ids
        for final in (False, True):
            with self.subTest(final=final):
                self.assertReversed(self.made(10, final=final)())
                for product in (self.board, self.glue):
                    rest = self.open_parts(product)
                    self.assertEqual(rest.move_orig_ids.picking_id, pick)
                    self.assertEqual(rest.procure_method, "make_to_order")
        self.assertReversed(self.used(self.glue, 1, final=True)())
        self.assertEqual(self.open_parts(self.glue).move_orig_ids.picking_id, pick)
        self.assertPosted(self.made(7, final=True)())
        self.assertEqual(self.order.picking_ids, pick, "nothing is brought back")


@tagged("post_install", "-at_install")
class TestThreeSteps(HappyPaths, MultiStepCase):
    steps = "pbm_sam"


class OnDemand:
    """An order that a delivery waits for."""

    def setUp(self):
        super().setUp()
        self.make_on_demand(self.table)
        self.delivery = self.env["stock.move"].create(
            {
                "product_id": self.table.id,
                "product_uom_qty": 10,
                "product_uom": self.unit.id,
                "location_id": self.stock.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "warehouse_id": self.warehouse.id,
                "picking_type_id": self.warehouse.out_type_id.id,
                "procure_method": "make_to_order",
            }
        )
        self.delivery._action_confirm()
        self.order = self.delivery.move_orig_ids.production_id
        self.assertEqual(self.order.state, "confirmed")
        self.bring()

    def store(self):
        """Where it is a step of its own."""

    def assertReady(self, quantity, state="assigned"):
        self.store()
        self.env.invalidate_all()
        seen = self.delivery.quantity, self.delivery.state
        self.assertEqual(seen, (quantity, state))

    def test_corrected_final_report(self):
        self.assertReversed(self.made(10, final=True)())
        self.assertEqual((self.delivery.quantity, self.delivery.state), (0, "waiting"))
        self.assertPosted(self.made(9, final=True)())
        self.assertReady(9, "partially_available")

    def test_each_report(self):
        for place in range(3):
            with self.subTest(place=place), self.env.cr.savepoint() as savepoint:
                reports = [self.made(n, h)() for n, h in ((2, 9), (3, 10), (5, 11))]
                self.assertReversed(reports[place])
                self.assertPosted(self.made((2, 3, 5)[place], 12)())
                self.assertReady(10)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_all_reports(self):
        reports = [self.made(4)(), self.made(6, 11)()]
        for report in reports:
            self.assertReversed(report)
        self.assertPosted(self.made(10, 12)())
        self.assertReady(10)

    def test_short_final_report(self):
        """What was not made any more is made for it, after all."""
        self.assertPosted(self.made(2)())
        self.assertReversed(self.made(5, 11, final=True)())
        self.assertPosted(self.made(8, 12)())
        self.assertReady(10)

    def test_all_reports_of_a_closed_order(self):
        """The delivery is for people to see to."""
        report = self.made(4)()
        end = self.told_job(COMPLETED, 16, None)()
        self.assertPosted(report, end)
        self.assertReversed(report)
        self.assertNotIn(self.delivery.state, ("cancel", "assigned"))

    def test_what_is_delivered_is_not_there_any_more(self):
        report = self.made(10, final=True)()
        self.assertReady(10)
        self.move_goods(self.delivery.picking_id)
        self.assertKept(report, words="only 0 are still there")

    def test_what_is_delivered_in_part(self):
        first = self.made(4)()
        self.assertReady(4, "partially_available")
        self.move_goods(self.delivery.picking_id)
        self.assertKept(first)
        second = self.made(6, 11)()
        self.assertReversed(second)
        self.assertPosted(self.made(6, 12)())
        self.store()
        rest = self.order.move_finished_ids.move_dest_ids
        rest = self.last_of(rest).filtered(lambda m: m.state != "done")
        self.assertEqual(rest.mapped("quantity"), [6])

    def last_of(self, moves):
        return moves


@tagged("post_install", "-at_install")
class TestSubAssembly(MultiStepCase):
    steps = "pbm_sam"

    def test_of_another_order(self):
        """Its goods are stored, and brought to the line of that."""
        part = self.make_product("PART")
        self.make_on_demand(part)
        self.make_bom(part, [(self.board, 1, False)], ())
        bom = self.make_bom(self.make_product("SLAB"), [(part, 1, False)], ())
        whole = self.make_order(bom=bom)
        self.order = whole.search([("product_id", "=", part.id)])
        self.bring()
        self.assertReversed(self.made(10, final=True)())
        self.assertPosted(self.made(10, 12)())
        self.move_goods(self.storing().picking_id)
        self.order = whole
        self.bring()
        self.assertPosted(self.made(10, 13, final=True)())


@tagged("post_install", "-at_install")
class TestOnDemand(OnDemand, MultiStepCase):
    steps = "mrp_one_step"


@tagged("post_install", "-at_install")
class TestOnDemandInThreeSteps(OnDemand, MultiStepCase):
    steps = "pbm_sam"

    def store(self):
        self.move_goods(self.storing().picking_id)

    def last_of(self, moves):
        return moves.move_dest_ids
