# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import CONSUMED, REPORTED, SCRAPPED, STARTED, amount, at, moment
from .shortage_common import ShortageCase

RETURNED = "mfg.material.returned.v1"
LABOR = "mfg.labor.reported.v1"
REVERSED = "mfg.event.reversed.v1"


@tagged("post_install", "-at_install")
class TestLateFacts(ShortageCase):
    """6 of 10 are made, the order ended at noon and the rest is a backorder: what comes
    now belongs to the one or the other by its facts."""

    def setUp(self):
        super().setUp()
        self.lay_in(self.board, 97)
        self.interface(REPORTED).rest_of_final = "backorder"
        self.env["stock.scrap.reason.tag"].create({"name": "BENT"})

    def end(self, order=None, quantity=6, **data):
        order = order or self.order
        message = self.report(order, quantity, final=True, time=at(12), **data)
        self.assertPosted(message)
        self.assertEqual(order.state, "done")
        return message

    def rest(self, order=None):
        order = order or self.order
        return order._mfg_family() - order

    def scrap(self, hour, quantity=2, order=None, **data):
        message = self.tell(
            SCRAPPED,
            order or self.order,
            quantity=amount(quantity),
            reasonCode="BENT",
            time=at(hour),
            **data,
        )
        self.env.invalidate_all()
        return message

    def scraps(self, order):
        return self.env["stock.scrap"].search([("production_id", "=", order.id)])

    def test_scrapped_before_the_end(self):
        self.end()
        self.assertPosted(self.scrap(11))
        scrap = self.scraps(self.order)
        self.assertEqual(scrap.location_id, self.order.production_location_id)
        self.assertEqual(self.on_hand(self.table), 6, "it never was good stock")
        self.assertFalse(self.rest().mfg_plant_open)
        self.assertEqual(self.rest().state, "confirmed")

    def test_scrapped_after_the_end(self):
        """Nothing is made of the rest: it can only be of the goods in stock."""
        self.end()
        message = self.scrap(13)
        self.assertPosted(message)
        self.assertEqual(self.scraps(self.order).location_id, self.stock)
        self.assertEqual(self.on_hand(self.table), 4)
        self.assertPosted(
            self.post(REVERSED, {"eventId": message.event_id, "reason": "wrong"})
        )
        self.assertEqual(self.on_hand(self.table), 6)

    def test_scrapped_while_the_rest_is_made(self):
        self.end()
        code = self.order.mfg_job_order_id
        self.tell(STARTED, code, time=at(13), operationsSegmentId="Cut")
        self.assertPosted(self.scrap(14))
        self.assertEqual(self.scraps(self.rest()).scrap_qty, 2)
        self.assertEqual(self.on_hand(self.table), 6)
        self.assertPosted(self.scrap(11, 1))
        self.assertEqual(self.scraps(self.order).scrap_qty, 1)

    def test_scrapped_when_all_is_done(self):
        self.end()
        code = self.order.mfg_job_order_id
        self.assertPosted(self.report(code, 4, time=at(15), final=True))
        self.assertPosted(self.scrap(14, 1), self.scrap(16, 2))
        self.assertEqual(self.scraps(self.rest()).mapped("scrap_qty"), [2, 1])
        self.assertFalse(self.scraps(self.order))
        self.assertEqual(self.on_hand(self.table), 8)

    def test_a_lot_is_of_the_order_that_made_it(self):
        product = self.make_product("LOTTED", tracking="lot")
        order = self.make_order(bom=self.make_bom(product))
        self.end(order, lots=[{"materialLotId": "A"}])
        self.report(order.mfg_job_order_id, 2, time=at(13), lots=[self.lot("B")])
        self.assertPosted(self.scrap(14, 1, order, lots=[self.lot("A")]))
        self.assertPosted(self.scrap(14, 1, order, lots=[self.lot("B")]))
        self.assertEqual(self.scraps(order).lot_id.name, "A")
        self.assertEqual(self.scraps(self.rest(order)).lot_id.name, "B")
        self.assertEqual(self.on_hand(product), 7, "B is in process")

    def lot(self, name):
        return {"materialLotId": name}

    def test_a_component_scrapped(self):
        self.end()
        component = {"materialDefinitionId": "BOARD"}
        self.assertPosted(
            self.scrap(11, 1, **component), self.scrap(13, 3, **component)
        )
        self.assertEqual(self.scraps(self.order).scrap_qty, 1)
        self.assertEqual(self.scraps(self.rest()).scrap_qty, 3)

    def test_what_waits_for_stock_is_of_its_goods(self):
        self.policy("wait")
        self.lay_in(self.board, -97)
        message = self.end()
        self.assertParked(message.rest_ids, "shortage")
        rest = self.rest()
        self.receive(self.board, 50)
        self.assertPosted(message.rest_ids)
        self.assertEqual((self.used(self.board), self.used(self.board, rest)), (6, 0))
        [line] = self.goods()
        boards = line.consume_line_ids.filtered(lambda u: u.product_id == self.board)
        self.assertEqual(sum(boards.mapped("quantity")), 6)
        planned = rest.move_raw_ids.filtered(lambda m: m.product_id == self.board)
        self.assertEqual(sum(planned.mapped("product_uom_qty")), 4)
        self.assertEqual(rest.state, "confirmed")

    def test_what_waits_for_a_cancelled_order(self):
        self.policy("wait")
        message = self.consume(self.order, self.board, 200, "C62")
        self.order.action_cancel()
        self.receive(self.board, 200)
        self.assertParked(message.rest_ids, "order-not-open")

    def test_what_came_back(self):
        self.consume(self.order, self.glue, 3, "KGM")
        self.end()
        self.assertPosted(self.returned(self.glue, 1))
        self.assertEqual((self.used(self.glue), self.on_hand(self.glue)), (2, 48))
        code = self.order.mfg_job_order_id
        self.consume(code, self.glue, 2, "KGM")
        self.assertPosted(self.returned(self.glue, 1))
        self.assertEqual(self.used(self.glue, self.rest()), 1)
        self.assertParked(self.returned(self.glue, 2), "quantity-invalid")

    def returned(self, product, quantity):
        line = {
            "materialDefinitionId": product.default_code,
            "quantity": amount(quantity, "KGM"),
        }
        return self.tell(RETURNED, self.order, materials=[line], time=at(13))

    def test_labour(self):
        self.end()
        for start, end in ((9, 10), (13, 14)):
            times = {"startTime": at(start), "endTime": at(end)}
            message = self.tell(LABOR, self.order, operationsSegmentId="Cut", **times)
            self.assertPosted(message)
        for order, start in ((self.order, 9), (self.rest(), 13)):
            rows = order.workorder_ids.time_ids.filtered("mfg_plant")
            self.assertEqual(rows.mapped("date_start"), [moment(start)])

    def test_staged_and_reported_late(self):
        """Use that was set aside in time stays with the goods of its time."""
        self.interface(CONSUMED).consumption = "staged"
        self.consume(self.order, self.glue, 3, "KGM")
        self.end()
        self.assertEqual((self.used(self.glue), self.on_hand(self.glue)), (3, 47))
