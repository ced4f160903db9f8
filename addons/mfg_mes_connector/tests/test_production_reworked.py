# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)


from odoo.tests import tagged

from .common import (
    COMPLETED,
    SCRAPPED,
    STARTED,
    amount,
    at,
)
from .rework_common import LABOR, REWORKED, ReworkCase


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
