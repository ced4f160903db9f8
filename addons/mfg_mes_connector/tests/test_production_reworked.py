# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from ast import literal_eval

from lxml import etree

from odoo.tests import new_test_user, tagged

from .common import (
    CANCELLED,
    COMPLETED,
    RELEASED,
    SCRAPPED,
    STARTED,
    MesCase,
    amount,
    at,
    moment,
)

REWORKED = "mfg.production.reworked.v1"
LABOR = "mfg.labor.reported.v1"


class ReworkCase(MesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["stock.scrap.reason.tag"].create({"name": "SCRATCH"})

    def setUp(self):
        super().setUp()
        self.order = self.make_order()
        self.cut, self.glueing = self.order.workorder_ids

    def rework(self, quantity, *segments, order=None, **data):
        data = {"reasonCode": "SCRATCH", "time": at(11), **data}
        if segments:
            data["segments"] = list(segments)
        return self.tell(
            REWORKED, order or self.order, quantity=amount(quantity), **data
        )

    def rework_order(self):
        """The one rework order there is of the order."""
        self.order.mfg_rework_order_ids.ensure_one()
        return self.order.mfg_rework_order_ids

    def valued_product(self):
        """What the order makes from now on: at average cost, of a board worth 10."""
        category = self.env["product.category"].create(
            {"name": "AVCO", "property_cost_method": "average"}
        )
        product = self.make_product("VALUED", categ_id=category.id)
        # as old as what happens to it
        prices = self.env["product.value"].search([("product_id", "=", product.id)])
        prices.date = moment(0, day=1)
        self.board.standard_price = 10
        self.order = self.make_order(
            bom=self.make_bom(product, [(self.board, 1, False)])
        )
        return product

    def done_order(self, **data):
        self.report(self.order, 10, final=True, **data)
        self.assertEqual(self.order.state, "done")


@tagged("post_install", "-at_install")
class TestReworkInProcess(ReworkCase):
    def test_an_operation_more(self):
        message = self.rework(2, {"operationsSegmentId": "Cut"})
        self.assertPosted(message)
        extra = self.order.workorder_ids - self.cut - self.glueing
        self.assertEqual(extra.name, "Cut (rework)")
        self.assertEqual(extra.workcenter_id, self.saw)
        self.assertEqual(extra.mfg_rework_quantity, 2)
        self.assertEqual(extra.mfg_rework_reason_id, self.reason)
        self.assertEqual(extra.duration_expected, 12)
        self.assertEqual(extra.state, "ready", "it waits for no operation")
        created = message.link_ids.filtered(lambda link: link.role == "created")
        self.assertEqual(created.res_id, extra.id)
        self.assertEqual(self.order.state, "confirmed")
        self.assertTrue(self.order.mfg_plant_open)
        self.assertEqual(self.on_hand(self.table), 0)
        self.assertFalse(self.order.mfg_rework_order_ids)

    def test_by_default_where_the_order_ends(self):
        self.rework(2)
        extra = self.order.workorder_ids - self.cut - self.glueing
        self.assertEqual((extra.name, extra.workcenter_id), ("Rework", self.bench))

    def test_operations_of_its_own(self):
        polish = {"equipmentId": "SAW", "name": "Polish"}
        grind = {"operationsSegmentId": "Glue", "equipmentId": "SAW"}
        self.assertPosted(
            self.rework(2, {**polish, "duration": amount("1.5", "HUR")}, grind)
        )
        added = self.order.workorder_ids - self.cut - self.glueing
        first, second = added.sorted("id")
        self.assertEqual((first.name, first.duration_expected), ("Polish", 90))
        self.assertEqual(second.name, "Glue (rework)")
        self.assertEqual(second.workcenter_id, self.saw)
        self.assertEqual((first | second).mapped("state"), ["ready", "ready"])

    def test_goods_are_still_those_of_the_last_operation(self):
        self.rework(2, {"operationsSegmentId": "Glue", "name": "Again"})
        self.assertPosted(self.report(self.order, 2, operationsSegmentId="Again"))
        extra = self.order.workorder_ids - self.cut - self.glueing
        self.assertEqual(extra.qty_produced, 2)
        self.assertEqual(self.on_hand(self.table), 0, "they return into the flow")
        self.assertPosted(self.report(self.order, 8, operationsSegmentId="Glue"))
        self.assertPosted(self.report(self.order, 2))
        self.assertEqual(self.on_hand(self.table), 10)
        self.assertEqual((self.glueing.qty_produced, extra.qty_produced), (10, 2))

    def test_work_and_end_of_the_rework(self):
        self.rework(2, {"operationsSegmentId": "Glue", "name": "Again"})
        extra = self.order.workorder_ids - self.cut - self.glueing
        job = {"operationsSegmentId": "Again", "personId": "A1"}
        self.assertPosted(
            self.tell(STARTED, self.order, time=at(12), **job),
            self.tell(COMPLETED, self.order, time=at(12, 30), **job),
            self.tell(LABOR, self.order, startTime=at(13), endTime=at(13, 30), **job),
        )
        self.assertEqual((extra.state, extra.duration), ("done", 60))

    def test_scrapped_after_all(self):
        self.rework(2)
        scrap = self.tell(
            SCRAPPED,
            self.order,
            quantity=amount(1),
            reasonCode="SCRATCH",
            time=at(12),
        )
        self.assertPosted(scrap, self.report(self.order, 9, final=True, time=at(13)))
        self.assertEqual((self.order.state, self.on_hand(self.table)), ("done", 9))
        self.assertEqual(set(self.order.workorder_ids.mapped("state")), {"done"})

    def test_planning_is_not_disturbed(self):
        self.order.button_plan()
        workorders = self.order.workorder_ids

        def plan():
            self.order.invalidate_recordset()
            dates = workorders.mapped(lambda w: (w.date_start, w.date_finished))
            return dates, workorders.leave_id.ids, self.order.date_finished

        before = plan()
        self.assertPosted(self.rework(2, {"operationsSegmentId": "Cut"}))
        self.assertEqual(plan(), before)
        extra = self.order.workorder_ids - workorders
        self.assertFalse(extra.date_start)
        self.assertEqual(self.cut.needed_by_workorder_ids, self.glueing)

    def test_dependent_operations(self):
        bom = self.make_bom(self.make_product("DEP"), allow_operation_dependencies=True)
        first, second = bom.operation_ids
        first.blocked_by_operation_ids = second
        order = self.make_order(bom=bom)
        self.rework(2, {"operationsSegmentId": "Cut"}, order=order)
        self.report(order, 10, operationsSegmentId="Glue")
        product = bom.product_tmpl_id.product_variant_id
        self.assertEqual(self.on_hand(product), 0, "cutting still follows")
        self.report(order, 10, operationsSegmentId="Cut")
        self.assertEqual(self.on_hand(product), 10)

    def test_the_only_operation_is_still_meant(self):
        bom = self.make_bom(self.make_product("ONE"), operations=("Cut",))
        order = self.make_order(bom=bom)
        only = order.workorder_ids
        self.rework(1, order=order)
        self.assertPosted(self.tell(STARTED, order, time=at(12)))
        self.assertPosted(self.tell(COMPLETED, order, time=at(13)))
        self.assertEqual((only.state, only.duration), ("done", 60))
        self.assertEqual(order.state, "progress")

    def test_a_planner_closes_the_order(self):
        self.report(self.order, 4)
        self.rework(2)
        self.order.with_context(skip_consumption=True).button_mark_done()
        self.assertEqual(self.order.state, "done")
        self.assertEqual(self.on_hand(self.table), 10)

    def test_after_all_goods_were_made(self):
        self.report(self.order, 10)
        for workorder in ("Cut", "Glue"):
            self.tell(COMPLETED, self.order, operationsSegmentId=workorder, time=at(11))
        self.assertEqual(self.order.state, "to_close")
        self.assertPosted(self.rework(2))
        self.assertEqual(self.order.state, "progress")
        self.assertEqual(self.on_hand(self.table), 10)

    def test_order_without_operations(self):
        product = self.make_product("BARE")
        bom = self.make_bom(product, [(self.board, 1, False)], operations=())
        order = self.make_order(bom=bom)
        self.assertParked(self.rework(1, order=order), "unknown-segment")
        self.assertPosted(self.rework(1, {"equipmentId": "SAW"}, order=order))
        self.report(order, 10, final=True)
        self.assertEqual((order.state, self.on_hand(product)), ("done", 10))

    def test_refused(self):
        for code, segment, data in (
            ("unknown-reason", None, {"reasonCode": "R7"}),
            ("unknown-segment", {"operationsSegmentId": "Paint"}, {}),
            ("unknown-equipment", {"equipmentId": "M99"}, {}),
            ("quantity-invalid", None, {"quantity": amount("0.001")}),
            (
                "time-invalid",
                {"equipmentId": "SAW", "duration": amount(400, "DAY")},
                {},
            ),
        ):
            quantity = data.pop("quantity", amount(1))
            data = {"reasonCode": "SCRATCH", "time": at(11), **data}
            if segment:
                data["segments"] = [segment]
            message = self.tell(REWORKED, self.order, quantity=quantity, **data)
            self.assertParked(message, code)
        self.assertEqual(len(self.order.workorder_ids), 2)
        self.order.action_cancel()
        self.assertParked(self.rework(1), "order-not-open")

    def test_unknown_reason_heals(self):
        message = self.rework(1, reasonCode="R7")
        self.map_code("reason", "R7", self.reason)
        self.drain()
        self.assertPosted(message)

    def test_resent_counts_once(self):
        data = {
            "jobOrderId": self.order.mfg_job_order_id,
            "quantity": amount(1),
            "reasonCode": "SCRATCH",
        }
        event = self.event(REWORKED, data)
        self.accept(event)
        self.accept(event)
        self.drain()
        self.assertEqual(self.order.mfg_rework_count, 1)

    def test_another_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_endpoint("FOREIGN", company)
        data = {
            "jobOrderId": self.order.mfg_job_order_id,
            "quantity": amount(1),
            "reasonCode": "SCRATCH",
        }
        self.assertParked(self.post(REWORKED, data, endpoint=foreign), "unknown-order")
        self.assertFalse(self.order.mfg_rework_count)


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


@tagged("post_install", "-at_install")
class TestReworkReversed(ReworkCase):
    def undo(self, message):
        data = {"eventId": message.event_id, "reason": "good after all"}
        return self.post("mfg.event.reversed.v1", data, subject=message.subject)

    def test_in_process(self):
        message = self.rework(2, {"operationsSegmentId": "Cut"})
        self.assertPosted(self.undo(message))
        self.order.invalidate_recordset()
        self.assertEqual(self.order.workorder_ids, self.cut | self.glueing)
        self.assertEqual(self.order.state, "confirmed")
        self.assertFalse(self.order.mfg_rework_count)
        self.assertPosted(self.report(self.order, 10, final=True))

    def test_in_process_and_begun(self):
        message = self.rework(2, {"operationsSegmentId": "Cut", "name": "Again"})
        self.tell(STARTED, self.order, operationsSegmentId="Again", time=at(12))
        self.assertParked(self.undo(message), "not-reversible")
        self.assertEqual(len(self.order.workorder_ids), 3)

    def test_out_of_stock(self):
        self.done_order()
        message = self.rework(2)
        order = self.rework_order()
        self.assertPosted(self.undo(message))
        order.invalidate_recordset()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self.on_hand(self.table), 10)
        cancelled = self.outgoing(CANCELLED)._event_data()
        self.assertEqual(cancelled["jobOrderId"], order.mfg_job_order_id)
        self.assertEqual(self.order.state, "done")

    def test_out_of_stock_and_reported(self):
        self.done_order()
        message = self.rework(2)
        self.report(self.rework_order(), 1)
        self.assertParked(self.undo(message), "not-reversible")
        self.assertEqual(self.on_hand(self.table), 9)

    def test_value_comes_back(self):
        if "total_value" not in self.table._fields:
            self.skipTest("accounting is not installed")
        product = self.valued_product()
        self.done_order()
        before = product.total_value, product.standard_price
        message = self.rework(2)
        self.assertAlmostEqual(product.total_value, 80)
        self.assertPosted(self.undo(message))
        product.invalidate_recordset()
        after = product.total_value, product.standard_price
        self.assertEqual(after, before)
