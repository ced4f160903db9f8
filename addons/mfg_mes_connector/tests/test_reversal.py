# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import COMPLETED, REPORTED, STARTED, amount, at
from .reversal_common import REVERSED, ReversalCase


@tagged("post_install", "-at_install")
class TestReversalOfProduction(ReversalCase):
    def test_the_only_report(self):
        self.assertAsIfNever(self.made(4))
        self.assertEqual(self.order.state, "confirmed")

    def test_of_a_reserved_order(self):
        self.order.action_assign()
        self.assertAsIfNever(self.made(4))

    def test_first_middle_and_last_of_three(self):
        for place in range(3):
            with self.subTest(place=place):
                others = [self.made(2, 10), self.made(3, 12)]
                self.assertAsIfNever(
                    self.made(4, 11),
                    others[:place][:2],
                    others[place:],
                    self.make_order(),
                )

    def test_more_than_planned(self):
        self.interface(REPORTED).limit_over_production = False
        self.assertAsIfNever(
            self.made(8, 10), after=[self.made(7, 11)], order=self.make_order()
        )

    def test_with_its_own_materials(self):
        line = {"materialDefinitionId": "GLUE", "quantity": amount(1500, "GRM")}
        self.assertAsIfNever(self.made(4, materials=[line]), [self.made(1, 9)])

    def test_components_of_others_go_into_the_next_goods(self):
        self.assertAsIfNever(
            self.made(4, 10), [self.used(self.glue, 1)], [self.made(2, 11)]
        )

    def test_components_of_others_wait_for_goods(self):
        self.assertAsIfNever(
            self.made(4, 10), [self.used(self.glue, 1)], [self.used(self.glue, 2)]
        )

    def test_at_an_operation(self):
        self.assertAsIfNever(self.made(6, operationsSegmentId="Cut"))
        self.assertAsIfNever(
            self.made(6, 9, operationsSegmentId="Cut"),
            [self.made(2, 10, operationsSegmentId="Cut")],
            order=self.make_order(),
        )

    def test_at_an_operation_that_is_over(self):
        self.assertAsIfNever(
            self.made(6, operationsSegmentId="Cut"),
            [self.told_job(STARTED, 8), self.told_job(COMPLETED, 9)],
        )

    def test_by_products(self):
        dust = self.make_product("DUST", uom=self.kilo)
        part = {"materialDefinitionId": "DUST", "quantity": amount(500, "GRM")}
        self.assertAsIfNever(self.made(4, byProducts=[part]), [self.made(1, 9)])
        self.assertEqual(self.on_hand(dust), 0)

    def test_order_in_dozens(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.make_order(2, product_uom_id=dozen.id)
        self.assertAsIfNever(self.made(12), [self.made(6, 9)], order=order)

    def test_component_line_in_grams(self):
        gram = self.env.ref("uom.product_uom_gram")
        bom = self.make_bom(self.make_product("SLAB"), [(self.glue, 500, False)], ())
        bom.bom_line_ids.product_uom_id = gram
        order = self.make_order(bom=bom)
        self.assertAsIfNever(self.made(4), [self.made(2, 9)], order=order)

    def test_residues(self):
        paint = self.make_product("PAINT", uom=self.kilo)
        lines = [(self.glue, 1, False)]
        bom = self.make_bom(paint, lines, (), product_uom_id=self.kilo.id)
        self.assertAsIfNever(
            self.made("0.333", 11, unit="KGM"),
            [self.made("0.333", 10, unit="KGM")],
            order=self.make_order(10, bom=bom),
        )

    def test_joined_reports_give_back_their_own_share(self):
        messages = self.made_at_once(2, 1, 3)
        self.assertPosted(*messages)
        goods = self.order.move_finished_ids.filtered(lambda m: m.state == "done")
        self.assertEqual(len(goods.move_line_ids), 1, "they were joined")
        self.assertReversed(messages[1])
        self.assertEqual(self.on_hand(self.table), 5)
        self.assertEqual(self.on_hand(self.board), 95)
        self.assertReversed(messages[0])
        self.assertReversed(messages[2])
        self.assertEqual((self.on_hand(self.table), self.on_hand(self.board)), (0, 100))
        self.assertEqual(self.order.state, "confirmed")

    def test_reported_anew_after_its_reversal(self):
        self.assertReversed(self.made(4)())
        self.assertPosted(self.made(5)())
        self.assertEqual((self.on_hand(self.table), self.on_hand(self.board)), (5, 95))
        self.assertEqual(self.order.qty_produced, 5)

    # -- lots ------------------------------------------------------------------------

    def lotted(self, tracking="lot"):
        product = self.make_product("LOTTED", tracking=tracking)
        bom = self.make_bom(product, [(self.board, 1, False)], ())
        return product, self.make_order(bom=bom)

    def test_a_lot(self):
        _product, order = self.lotted()
        lots = {"lots": [{"materialLotId": "L1"}]}
        self.assertAsIfNever(self.made(4, **lots), order=order)

    def test_serial_numbers_may_be_made_again(self):
        product, self.order = self.lotted("serial")
        lots = {"lots": [{"materialLotId": name} for name in ("S1", "S2")]}
        original = self.made(2, **lots)()
        self.assertPosted(original)
        self.assertReversed(original)
        self.assertEqual(self.on_hand(product), 0)
        self.assertPosted(self.made(2, 11, **lots)())
        self.assertEqual(self.on_hand(product), 2)

    def test_component_lots(self):
        resin = self.make_product("RESIN", uom=self.kilo, tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": resin.id} for name in ("R1", "R2")]
        )
        for lot in lots:
            self.lay_in(resin, 5, lot=lot)
        self.assertAsIfNever(
            self.used(resin, 3, lots=[{"materialLotId": "R1"}]),
            [self.used(resin, 1, lots=[{"materialLotId": "R2"}])],
            [self.made(2)],
        )

    # -- the end of the order --------------------------------------------------------

    def test_final_report(self):
        self.assertAsIfNever(self.made(5, 16, final=True), [self.made(4)])
        self.assertPosted(self.made(6, 17, final=True)())
        self.assertEqual((self.order.state, self.on_hand(self.table)), ("done", 10))

    def test_final_report_alone(self):
        self.assertAsIfNever(self.made(10, final=True))
        self.assertEqual(self.order.state, "confirmed")

    def test_final_report_with_work_running(self):
        self.assertAsIfNever(
            self.made(10, 16, final=True),
            [self.told_job(STARTED, 8), self.used(self.glue, 1)],
        )

    def test_final_report_with_late_use(self):
        self.assertAsIfNever(
            self.made(5, 16, operationsSegmentId="Cut", final=True),
            [self.made(4), self.used(self.glue, 1)],
        )

    def test_completed_order(self):
        self.assertAsIfNever(
            self.told_job(COMPLETED, 16, None), [self.made(4), self.used(self.glue, 1)]
        )
        self.assertEqual(self.order.state, "progress")

    def test_an_earlier_report_of_a_closed_order_is_corrected(self):
        self.assertAsIfNever(
            self.made(4, 10), [self.made(3, 9)], [self.made(2, 16, final=True)]
        )
        self.assertEqual(self.order.state, "done")
        self.assertEqual((self.order.qty_producing, self.order.qty_produced), (5, 5))

    def test_an_order_closed_by_a_person_is_corrected(self):
        bom = self.make_bom(self.make_product("V"), [(self.board, 1, False)], ())
        self.order = self.make_order(bom=bom)
        wrong = self.made(4)()
        self.made(6, 11)()
        self.order.with_context(skip_backorder=True).button_mark_done()
        self.assertEqual(self.order.state, "done")
        self.assertReversed(wrong)
        self.assertEqual((self.order.state, self.order.qty_produced), ("done", 6))
        self.assertEqual(self.on_hand(self.board), 94)

    def test_a_backorder_builds_on_it(self):
        self.interface(REPORTED).rest_of_final = "backorder"
        early = self.made(4)()
        final = self.made(2, 16, final=True)()
        self.assertPosted(early, final)
        backorder = self.order._mfg_family() - self.order
        self.assertEqual(len(backorder), 1)
        # all of a test is one transaction, whose beginning is when records are made
        self.env.cr.execute(
            "UPDATE mrp_production SET create_date = create_date + interval '1 hour'"
            " WHERE id = %s",
            backorder.ids,
        )
        self.assertKept(early, words="Backorder")
        self.assertKept(final, words="Backorder")

    # -- later facts -----------------------------------------------------------------

    def test_goods_that_left(self):
        original = self.made(4)()
        self.ship(self.table, 1)
        self.assertKept(original, words="only 3 are still there")
        self.lay_in(self.table, 1)
        self.assertReversed(original)

    def ship(self, product, quantity, lot=None):
        customers = self.env.ref("stock.stock_location_customers")
        line = {
            "product_id": product.id,
            "quantity": quantity,
            "location_id": self.stock.id,
            "location_dest_id": customers.id,
            "lot_id": lot and lot.id,
            "picked": True,
        }
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": self.stock.id,
                "location_dest_id": customers.id,
                "move_line_ids": [(0, 0, line)],
                "picked": True,
            }
        )
        move._action_done()

    def test_a_serial_number_that_left(self):
        product, self.order = self.lotted("serial")
        original = self.made(1, lots=[{"materialLotId": "S1"}])()
        self.made(1, 11, lots=[{"materialLotId": "S2"}])()
        lot = self.env["stock.lot"].search([("name", "=", "S1")])
        self.ship(product, 1, lot)
        self.assertKept(original, words="S1")

    def test_goods_that_are_only_planned_for(self):
        original = self.made(4)()
        self.made(1, 11)()
        customers = self.env.ref("stock.stock_location_customers")
        move = self.env["stock.move"].create(
            {
                "product_id": self.table.id,
                "product_uom_qty": 5,
                "location_id": self.stock.id,
                "location_dest_id": customers.id,
            }
        )
        move._action_confirm()
        move._action_assign()
        self.assertEqual(move.quantity, 5)
        self.assertReversed(original)
        self.assertEqual((move.quantity, self.on_hand(self.table)), (1, 1))

    def test_a_posting_that_a_person_changed(self):
        original = self.made(4)()
        goods = self.order.move_finished_ids.filtered(lambda m: m.state == "done")
        goods.move_line_ids.quantity = 3
        self.assertKept(original, words="changed")

    def test_closed_books(self):
        company = self.env.company
        if "fiscalyear_lock_date" not in company._fields:
            self.skipTest("accounting is not installed")
        original = self.made(4)()
        company.sudo().fiscalyear_lock_date = "2026-01-31"
        self.assertKept(original, "period-closed")
        company.sudo().fiscalyear_lock_date = False
        self.assertReversed(original)

    def test_a_parked_report_never_counts(self):
        code = self.order.mfg_job_order_id
        data = {"jobOrderId": code, "time": at(10)}
        wrong = self.send(REPORTED, {**data, "quantity": amount(100)}, subject=code)
        good = self.send(REPORTED, {**data, "quantity": amount(3)}, subject=code)
        self.drain()
        self.assertParked(wrong, "over-tolerance")
        self.assertEqual(good.state, "waiting")
        reversal = self.reverse(wrong, subject=code)
        self.assertPosted(good, reversal)
        self.assertEqual((wrong.state, self.on_hand(self.table)), ("cancelled", 3))

    def test_dry_run(self):
        original = self.made(4)()
        before = self.world()
        self.interface(REVERSED).shadow = True
        reversal = self.reverse(original)
        self.assertEqual(reversal.state, "cancelled")
        self.assertIn(self.order.name, reversal.error_detail)
        self.assertWorld(before)
        self.assertFalse(original.reversed_by_id)

    def test_another_companys_endpoint(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.make_endpoint("FOREIGN", company)
        original = self.made(4)()
        data = {"eventId": original.event_id, "reason": "Mine?"}
        data["source"] = original.source
        reversal = self.post(REVERSED, data, endpoint=foreign)
        self.assertParked(reversal, "original-missing")
        self.assertEqual(self.on_hand(self.table), 4)
