# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, timedelta, timezone

from odoo.tests import tagged

from odoo.addons.mfg_integration_base.engine.times import format_time

from .common import CONSUMED, REPORTED, amount, at
from .shortage_common import ShortageCase


def soon(minutes):
    """A time after the products were made: the price noted then, 0, outranks goods
    of a time before."""
    moment = datetime.now(timezone.utc) + timedelta(minutes=minutes)
    return format_time(moment.replace(microsecond=0))


@tagged("post_install", "-at_install")
class TestWaitingConsumption(ShortageCase):
    """Goods are posted, what is missing of their components waits for stock."""

    def setUp(self):
        super().setUp()
        self.policy("wait")

    def test_goods_now_components_later(self):
        message = self.report(self.order, 4)
        self.assertPosted(message)
        self.assertEqual((self.on_hand(self.table), self.on_hand(self.board)), (4, 0))
        self.assertEqual(self.used(self.board), 3)
        rest = message.rest_ids
        self.assertParked(rest, "shortage")
        self.assertEqual(rest.type, CONSUMED)
        self.assertEqual(rest._event_data()["materials"][0]["quantity"], amount("1"))
        self.receive(self.board, 5)
        self.assertPosted(rest)
        self.assertEqual((self.used(self.board), self.on_hand(self.board)), (4, 4))

    def test_genealogy_is_that_of_a_posting_in_time(self):
        self.report(self.order, 4)
        self.receive(self.board, 10)
        self.report(self.order, 4, time=at(11))
        first, second = self.goods()
        for line in (first, second):
            boards = line.consume_line_ids.filtered(
                lambda u: u.product_id == self.board
            )
            self.assertEqual(sum(boards.mapped("quantity")), 4)
        moves = first.consume_line_ids.move_id
        self.assertEqual(set(moves.mapped("date")), set(first.move_id.mapped("date")))

    def test_the_next_report_is_not_held_back(self):
        first = self.report(self.order, 4)
        second = self.report(self.order, 3)
        self.assertPosted(first, second)
        self.assertEqual(self.on_hand(self.table), 7)
        self.assertEqual((len(first.rest_ids), len(second.rest_ids)), (1, 1))
        self.receive(self.board, 100)
        self.assertPosted(first.rest_ids, second.rest_ids)
        self.assertEqual((self.used(self.board), self.on_hand(self.board)), (7, 96))

    def test_of_one_key_nobody_waits_behind_it(self):
        code = self.order.mfg_job_order_id
        data = {"jobOrderId": code, "quantity": amount(4), "time": at(10)}
        first = self.post(REPORTED, data, subject=code)
        second = self.post(REPORTED, data, subject=code)
        self.assertPosted(first, second)
        self.assertEqual(first.rest_ids.key, code)
        self.assertIn("1 Units of", self.order.mfg_waiting_for)
        self.receive(self.board, 100)
        self.assertFalse(self.order.mfg_waiting_for)

    def test_joined_reports_wait_each_for_its_own(self):
        code = self.order.mfg_job_order_id
        data = {"jobOrderId": code, "quantity": amount(2), "time": at(10)}
        messages = [self.send(REPORTED, data, subject=code) for _n in range(3)]
        self.drain()
        self.assertPosted(*messages)
        missing = [
            [r._event_data()["materials"][0]["quantity"]["value"] for r in m.rest_ids]
            for m in messages
        ]
        self.assertEqual(missing, [[], ["1"], ["2"]])

    def test_by_and_by(self):
        message = self.report(self.order, 8)
        for arrived, used, left in ((2, 5, 3), (0.5, 5.5, 2.5), (10, 8, 0)):
            self.receive(self.board, arrived)
            self.assertEqual(self.used(self.board), used)
            waiting = self.waiting(message)
            amounts = [r._event_data()["materials"][0]["quantity"] for r in waiting]
            self.assertEqual(sum(float(a["value"]) for a in amounts), left)
        self.assertEqual(len(message.rest_ids), 3)
        self.assertEqual(self.on_hand(self.board), 7.5)

    def test_a_reported_use(self):
        message = self.consume(self.order, self.board, 5, "C62")
        self.assertPosted(message)
        self.assertEqual((self.used(self.board), self.on_hand(self.board)), (3, 0))
        self.report(self.order, 5)
        self.assertEqual(self.used(self.board), 3, "reported, not derived")
        self.receive(self.board, 2)
        self.assertEqual((self.used(self.board), self.on_hand(self.board)), (5, 0))
        [line] = self.goods()
        boards = line.consume_line_ids.filtered(lambda u: u.product_id == self.board)
        self.assertEqual(sum(boards.mapped("quantity")), 5)

    def test_lots_and_places(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id, "barcode": "SHELF"}
        )
        resin = self.make_product("RESIN", uom=self.kilo, tracking="lot")
        lot, other = self.env["stock.lot"].create(
            [{"name": name, "product_id": resin.id} for name in ("A", "B")]
        )
        message = self.consume(
            self.order,
            resin,
            4,
            "KGM",
            storageLocation="SHELF",
            lots=[{"materialLotId": "A"}],
        )
        self.assertPosted(message)
        self.receive(resin, 9, location=shelf, lot=other)
        self.receive(resin, 9, lot=lot)
        self.assertEqual(self.used(resin), 0)
        self.receive(resin, 9, location=shelf, lot=lot)
        self.assertEqual(self.used(resin), 4)
        self.assertEqual(self.on_hand(resin, shelf, lot), 5)

    def test_staged(self):
        self.interface(CONSUMED).consumption = "staged"
        self.consume(self.order, self.board, 5, "C62")
        self.assertEqual(self.on_hand(self.board), 3)
        self.report(self.order, 5)
        self.assertEqual((self.on_hand(self.board), self.used(self.board)), (0, 3))
        self.receive(self.board, 2)
        self.report(self.order, 1)
        self.assertEqual((self.on_hand(self.board), self.used(self.board)), (0, 5))

    def test_final_while_something_waits(self):
        message = self.report(self.order, 8, final=True)
        self.assertPosted(message)
        self.assertEqual(self.order.state, "done")
        self.assertTrue(self.waiting(message))
        self.receive(self.board, 20)
        self.assertFalse(self.waiting(message))
        self.assertEqual((self.used(self.board), self.on_hand(self.board)), (8, 15))
        self.assertEqual((self.order.state, self.order.qty_produced), ("done", 8))
        [line] = self.goods()
        boards = line.consume_line_ids.filtered(lambda u: u.product_id == self.board)
        self.assertEqual(sum(boards.mapped("quantity")), 8)

    def test_closed_by_a_person_while_something_waits(self):
        message = self.report(self.order, 4)
        self.lay_in(self.board, 6)  # seen by nobody yet: for the six by hand
        self.env.cr.postcommit.clear()
        self.order.with_context(
            skip_backorder=True, skip_consumption=True
        ).button_mark_done()
        self.assertEqual((self.order.state, self.used(self.board)), ("done", 9))
        self.receive(self.board, 1)
        self.assertPosted(message.rest_ids)
        self.assertEqual((self.used(self.board), self.on_hand(self.board)), (10, 0))

    def test_the_planner_sees_it_and_odoo_reserves_for_it(self):
        self.report(self.order, 8)
        waiting = self.order.move_raw_ids.filtered("mfg_waiting")
        self.assertEqual((waiting.product_uom_qty, waiting.state), (5, "confirmed"))
        domain = [("move_raw_ids.mfg_waiting", "=", True)]
        self.assertIn(self.order, self.env["mrp.production"].search(domain))
        self.lay_in(self.board, 2)
        waiting._action_assign()
        self.assertEqual(waiting.quantity, 2)
        self.committed()
        self.assertEqual(self.used(self.board), 5)

    def test_cancelled_by_a_person_it_is_still_to_be_used(self):
        message = self.report(self.order, 8)
        message.rest_ids._cancel("Counted wrong.")
        self.receive(self.board, 20)
        self.assertEqual(self.used(self.board), 3)
        self.assertFalse(self.order.move_raw_ids.filtered("mfg_waiting"))
        still = self.order.move_raw_ids.filtered(
            lambda m: m.product_id == self.board and m.state not in ("done", "cancel")
        )
        self.assertEqual(sum(still.mapped("product_uom_qty")), 7)

    def test_reversed_while_it_waits_and_after(self):
        for arrives in (False, True):
            message = self.report(self.order, 4)
            rest = message.rest_ids
            if arrives:
                self.receive(self.board, 1)
            self.post(
                "mfg.event.reversed.v1",
                {"eventId": message.event_id, "reason": "wrong order"},
                subject=message.subject,
            )
            self.env.invalidate_all()
            self.assertTrue(message.reversed_by_id)
            self.assertEqual((self.on_hand(self.table), self.used(self.board)), (0, 0))
            self.assertEqual(rest.state, "posted" if arrives else "cancelled")
        self.assertEqual(self.on_hand(self.board), 4)

    def test_nothing_is_sent_twice(self):
        event = self.event(
            REPORTED,
            {
                "jobOrderId": self.order.mfg_job_order_id,
                "quantity": amount(4),
                "time": at(10),
            },
        )
        for _again in range(3):
            self.accept(event)
            self.drain()
        rests = self.env["mfg.message"].search(
            [("rest_of_id.event_id", "=", event["id"])]
        )
        self.assertEqual(len(rests), 1)

    def test_a_dry_run_leaves_nothing(self):
        self.interface(REPORTED).shadow = True
        message = self.report(self.order, 4)
        self.assertEqual(message.state, "cancelled")
        self.assertFalse(message.rest_ids)

    def test_a_switch_of_policy_reaches_what_waits(self):
        message = self.report(self.order, 8)
        self.policy("allow")
        message.rest_ids._retry("Negative stock is fine.")
        self.drain()
        self.assertPosted(message.rest_ids)
        self.assertEqual(self.on_hand(self.board), -5)

    def test_a_unit_without_a_code(self):
        stick = self.env["uom.uom"].create(
            {
                "name": "Stick of 7",
                "relative_factor": 7,
                "relative_uom_id": self.unit.id,
            }
        )
        sticks = self.make_product("STICKS", uom=stick, stock=1)
        message = self.consume(self.order, sticks, 21, "C62")
        self.assertPosted(message)
        self.receive(sticks, 5)
        self.assertPosted(message.rest_ids)
        self.assertEqual((self.used(sticks), self.on_hand(sticks)), (3, 3))

    def test_cost_is_that_of_a_posting_in_time(self):
        if "cost_method" not in self.env["product.product"]._fields:
            self.skipTest("valuation is not installed")
        category = self.env["product.category"].create(
            {"name": "AVCO", "property_cost_method": "average"}
        )
        twins = []
        for code, stock in (("T1", 10), ("T2", 3)):
            board = self.make_product(
                f"B{code}", categ_id=category.id, standard_price=7
            )
            self.lay_in(board, stock)
            table = self.make_product(code, categ_id=category.id)
            order = self.make_order(
                bom=self.make_bom(table, [(board, 1, False)], operations=())
            )
            self.assertPosted(self.report(order, 4, time=soon(1)))
            if stock < 4:
                self.receive(board, 7)
            self.assertPosted(self.report(order, 6, time=soon(2), final=True))
            twins.append((order, table, board))
        for order, _table, board in twins:
            self.assertEqual(self.used(board, order), 10)
            self.assertEqual(self.goods(order).move_id.mapped("value"), [28, 42])
        prices = [table.standard_price for _order, table, _board in twins]
        self.assertEqual(prices, [7, 7])
