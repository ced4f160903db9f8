# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from ast import literal_eval

from lxml import etree

from odoo.tests import new_test_user, tagged

from .common import (
    RELEASED,
    SCRAPPED,
    amount,
    at,
    moment,
)
from .rework_common import LABOR, ReworkCase


@tagged("post_install", "-at_install")
class TestReworkOutOfStock(ReworkCase):
    def test_an_order_of_its_own(self):
        self.done_order()
        message = self.rework(2, {"operationsSegmentId": "Cut"})
        self.assertPosted(message)
        order = self.rework_order()
        self.assertEqual(self.on_hand(self.table), 8, "no good stock meanwhile")
        self.assertEqual((order.product_id, order.product_qty), (self.table, 2))
        self.assertEqual(order.state, "progress")
        self.assertEqual(order.origin, self.order.name)
        self.assertEqual(order.user_id, self.order.user_id)
        self.assertFalse(order.bom_id)
        self.assertEqual(order.workorder_ids.name, "Cut (rework)")
        self.assertEqual(order.workorder_ids.duration_expected, 12)
        self.assertEqual(order.workorder_ids.mfg_rework_reason_id, self.reason)
        self.assertEqual(order.move_raw_ids.product_uom_qty, 2)
        self.assertEqual(order.move_raw_ids.date, moment(11))
        self.assertEqual(self.order.state, "done")
        released = self.outgoing(RELEASED)[:1]._event_data()
        self.assertEqual(released["jobOrderId"], order.mfg_job_order_id)
        self.assertEqual(released["origin"], self.order.name)
        self.assertFalse(released["materialRequirements"])
        self.assertIn(order.id, message.link_ids.mapped("res_id"))
        self.assertPosted(self.report(order, 2, final=True, time=at(14)))
        self.assertEqual((order.state, self.on_hand(self.table)), ("done", 10))

    def test_one_good_one_scrapped(self):
        self.done_order()
        self.rework(2)
        order = self.rework_order()
        scrap = self.tell(
            SCRAPPED, order, quantity=amount(1), reasonCode="SCRATCH", time=at(12)
        )
        self.assertPosted(scrap, self.report(order, 1, final=True, time=at(13)))
        self.assertEqual((order.state, self.on_hand(self.table)), ("done", 9))
        place = order.production_location_id
        self.assertEqual(self.on_hand(self.table, place), -10)

    def test_work_on_it(self):
        self.done_order()
        self.rework(2, {"operationsSegmentId": "Glue", "name": "Again"})
        order = self.rework_order()
        job = {"operationsSegmentId": "Again", "personId": "A1"}
        self.assertPosted(
            self.tell(LABOR, order, startTime=at(12), endTime=at(13), **job),
            self.report(order, 2, operationsSegmentId="Again", time=at(14)),
        )
        self.assertEqual(order.workorder_ids.duration, 60)
        self.assertEqual(self.on_hand(self.table), 10)

    def test_value_goes_through_the_rework(self):
        if not hasattr(self.order.workorder_ids, "_cal_cost"):
            self.skipTest("accounting is not installed")
        product = self.valued_product()
        self.done_order()
        self.assertAlmostEqual(product.total_value, 100)
        self.rework(2, {"operationsSegmentId": "Glue", "name": "Again"})
        self.assertAlmostEqual(product.total_value, 80)
        order = self.rework_order()
        job = {"operationsSegmentId": "Again"}
        self.tell(LABOR, order, startTime=at(12), endTime=at(13), **job)
        self.report(order, 2, final=True, time=at(14))
        self.assertAlmostEqual(order.move_finished_ids.value, 20 + 60)
        self.assertAlmostEqual(product.total_value, 160)

    def test_closed_by_a_planner(self):
        self.done_order()
        self.rework(2)
        order = self.rework_order()
        order.button_mark_done()
        self.assertEqual((order.state, self.on_hand(self.table)), ("done", 10))
        made = order.move_finished_ids.move_line_ids
        self.assertEqual(made.consume_line_ids, order.move_raw_ids.move_line_ids)

    def test_open_order_when_the_place_is_named(self):
        self.report(self.order, 6)
        message = self.rework(2, storageLocation=self.stock.complete_name)
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.table), 4)
        self.assertEqual(len(self.order.workorder_ids), 2)
        self.report(self.rework_order(), 2, final=True)
        self.report(self.order, 4, final=True)
        self.assertEqual(self.on_hand(self.table), 10)

    def test_shortage_leaves_nothing_behind(self):
        self.done_order()
        before = len(self.outgoing(RELEASED))
        self.assertParked(self.rework(11), "shortage")
        self.assertFalse(self.order.mfg_rework_order_ids)
        self.assertEqual(self.on_hand(self.table), 10)
        self.assertEqual(len(self.outgoing(RELEASED)), before)

    def tracked(self, tracking):
        product = self.make_product(f"T-{tracking}", tracking=tracking)
        self.bom = self.make_bom(product, [(self.board, 1, False)])
        self.order = self.make_order(3)
        return product

    def test_lot(self):
        product = self.tracked("lot")
        lots = [{"materialLotId": "L1", "quantity": amount(3)}]
        self.report(self.order, 3, lots=lots, final=True)
        self.assertParked(self.rework(1), "lot-required")
        unknown = self.rework(1, lots=[{"materialLotId": "L9"}])
        self.assertParked(unknown, "unknown-lot")
        self.assertPosted(self.rework(1, lots=[{"materialLotId": "L1"}]))
        lot = self.order.move_finished_ids.lot_ids
        self.assertEqual(self.on_hand(product, lot=lot), 2)
        order = self.rework_order()
        self.report(order, 1, lots=[{"materialLotId": "L1"}], final=True)
        self.assertEqual(self.on_hand(product, lot=lot), 3)
        made = order.move_finished_ids.move_line_ids
        self.assertEqual(made.consume_line_ids.lot_id, lot)

    def test_serial_number(self):
        product = self.tracked("serial")
        serials = [{"materialLotId": name} for name in ("S1", "S2", "S3")]
        self.report(self.order, 3, lots=serials, final=True)
        self.assertPosted(self.rework(2, lots=serials[:2]))
        self.assertEqual(self.on_hand(product), 1)
        order = self.rework_order()
        other = self.report(order, 1, lots=serials[2:])
        self.assertParked(other, "serial-duplicate")
        self.assertPosted(self.report(order, 1, lots=serials[:1]))
        self.assertEqual(self.on_hand(product), 2)
        self.assertParked(self.report(order, 1, lots=serials[:1]), "serial-duplicate")

    def test_rework_of_a_rework(self):
        self.done_order()
        self.rework(2)
        first = self.rework_order()
        self.report(first, 2, final=True)
        self.assertPosted(self.rework(1, order=first))
        self.assertEqual(first.mfg_rework_order_ids.mfg_rework_of_id, first)
        self.assertEqual(self.on_hand(self.table), 9)

    def test_screens(self):
        self.done_order()
        self.rework(2)
        order = self.rework_order()
        planner = new_test_user(self.env, "planner", groups="mrp.group_mrp_user")
        seen = self.order.with_user(planner)
        self.assertEqual(seen.mfg_rework_count, 1)
        action = seen.action_mfg_rework()
        found = seen.env["mrp.workorder"].search(action["domain"])
        self.assertEqual(found, order.workorder_ids)
        orders = self.env["mrp.production"].with_user(planner)
        for name, expected in (
            ("mfg_rework_orders", order),
            ("mfg_with_rework", self.order | order),
        ):
            found = orders.search(self.filter_domain(name)) & (self.order | order)
            self.assertEqual(found, expected)

    def filter_domain(self, name):
        """The domain of a filter of Odoo's search view of orders."""
        search = self.env.ref("mrp.view_mrp_production_filter")
        arch = self.env["mrp.production"].get_view(search.id, "search")["arch"]
        [node] = etree.fromstring(arch).xpath(f"//filter[@name='{name}']")
        return literal_eval(node.get("domain"))
