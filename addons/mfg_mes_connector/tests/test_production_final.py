# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import COMPLETED, PAUSED, REPORTED, STARTED, MesCase, at, moment


@tagged("post_install", "-at_install")
class TestProductionFinal(MesCase):
    def setUp(self):
        super().setUp()
        self.order = self.make_order()

    def test_partial_then_final(self):
        self.report(self.order, 4)
        self.assertPosted(self.report(self.order, 5, final=True, time=at(16)))
        self.assertEqual(self.order.state, "done")
        self.assertEqual(self.order.date_finished, moment(16))
        self.assertEqual((self.order.qty_producing, self.order.qty_produced), (9, 9))
        self.assertEqual(self.on_hand(self.table), 9)
        self.assertEqual(self.on_hand(self.board), 91)
        self.assertEqual(self.on_hand(self.glue), 50)
        self.assertEqual(len(self.order.production_group_id.production_ids), 1)
        self.assertFalse(self.order.workorder_ids.time_ids, "no labour is made up")
        self.assertEqual(set(self.order.workorder_ids.mapped("state")), {"done"})
        moves = self.order.move_raw_ids | self.order.move_finished_ids
        self.assertLessEqual(set(moves.mapped("state")), {"done", "cancel"})
        dates = self.order.move_finished_ids.filtered(lambda m: m.state == "done")
        self.assertEqual(sorted(dates.mapped("date")), [moment(10), moment(16)])

    def test_nothing_stays_reserved(self):
        self.order.action_assign()
        self.report(self.order, 4, final=True)
        quants = self.env["stock.quant"]._gather(self.board, self.stock)
        quants |= self.env["stock.quant"]._gather(self.glue, self.stock)
        self.assertEqual(sum(quants.mapped("reserved_quantity")), 0)

    def test_open_labour_ends_with_the_order(self):
        segment = {"operationsSegmentId": "Glue"}
        self.tell(STARTED, self.order, time=at(8), **segment)
        self.report(self.order, 10, final=True, time=at(9), **segment)
        self.assertEqual(self.order.workorder_ids.mapped("duration"), [0, 60])

    def test_after_final_nothing_more(self):
        self.report(self.order, 10, final=True)
        for message in (
            self.report(self.order, 1),
            self.consume(self.order, self.glue, 1, "KGM"),
            self.tell(PAUSED, self.order, operationsSegmentId="Cut", time=at(11)),
        ):
            self.assertParked(message, "order-not-open")
        self.assertEqual(self.on_hand(self.table), 10)

    def test_completed_on_the_whole_order_closes_it(self):
        self.report(self.order, 4)
        self.consume(self.order, self.glue, 1, "KGM")
        self.assertPosted(self.tell(COMPLETED, self.order, time=at(16)))
        self.assertEqual(self.order.state, "done")
        goods = self.order.move_finished_ids.move_line_ids
        self.assertEqual(goods.consume_line_ids.product_id, self.board | self.glue)

    def test_done_by_hand_neither_doubles_nor_reverses(self):
        product = self.make_product("V")
        bom = self.make_bom(product, [(self.board, 1, False)], operations=())
        order = self.make_order(bom=bom)
        self.report(order, 4)
        self.report(order, 6)
        self.assertEqual(order.state, "to_close")
        result = order.with_context(skip_backorder=True).button_mark_done()
        self.assertTrue(result)
        self.assertEqual(order.state, "done")
        self.assertEqual((self.on_hand(product), self.on_hand(self.board)), (10, 90))
        self.assertFalse(order.mfg_plant_open)
        self.assertParked(self.report(order, 1), "order-not-open")

    def test_done_by_hand_with_operations(self):
        self.report(self.order, 4)
        self.report(self.order, 6)
        for workorder in self.order.workorder_ids:
            workorder._mfg_finish(moment(12))
        self.assertEqual(self.order.state, "to_close")
        self.order.with_context(
            skip_backorder=True, skip_consumption=True
        ).button_mark_done()
        self.assertEqual(self.order.state, "done")
        self.assertEqual((self.on_hand(self.table), self.on_hand(self.board)), (10, 90))

    def test_the_rest_made_by_hand(self):
        self.report(self.order, 4)
        self.order.with_context(
            skip_backorder=True, skip_consumption=True
        ).button_mark_done()
        self.assertEqual(self.order.state, "done")
        self.assertEqual((self.on_hand(self.table), self.on_hand(self.board)), (10, 90))
        done = self.order.move_finished_ids.filtered(lambda m: m.state == "done")
        boards = [
            line.consume_line_ids.filtered(lambda u: u.product_id == self.board)
            for line in done.move_line_ids.sorted("id")
        ]
        self.assertEqual([sum(b.mapped("quantity")) for b in boards], [4, 6])

    def test_final_at_an_earlier_operation_is_final(self):
        message = self.report(self.order, 10, operationsSegmentId="Cut", final=True)
        self.assertPosted(message)
        self.assertEqual((self.order.state, self.on_hand(self.table)), ("done", 10))

    def test_over_tolerance_does_not_close(self):
        message = self.report(self.order, 11, final=True)
        self.assertParked(message, "over-tolerance")
        self.assertEqual(self.order.state, "confirmed")
        self.interface(REPORTED).over_production_percent = 20
        message._retry("Tolerance raised.")
        self.drain()
        self.assertPosted(message)
        self.assertEqual((self.order.state, self.order.qty_produced), ("done", 11))
