# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import (
    COMPLETED,
    PAUSED,
    RESUMED,
    STARTED,
    MesCase,
    at,
    moment,
)
from .reversal_common import REVERSED


@tagged("post_install", "-at_install")
class TestJobresponse(MesCase):
    def setUp(self):
        super().setUp()
        self.order = self.make_order()
        self.cut, self.glueing = self.order.workorder_ids

    def job(self, event_type, time, segment="Cut", **data):
        data = {"operationsSegmentId": segment, "time": time, **data}
        return self.tell(event_type, self.order, **data)

    def test_plant_times_become_odoo_times(self):
        self.assertPosted(
            self.job(STARTED, at(8), personId="A1", equipmentId="SAW"),
            self.job(PAUSED, at(8, 30), personId="A1", equipmentId="SAW"),
            self.job(RESUMED, at(9), personId="A1", equipmentId="SAW"),
            self.job(COMPLETED, at(9, 15), personId="A1", equipmentId="SAW"),
        )
        self.assertEqual(self.cut.state, "done")
        self.assertEqual(self.cut.date_start, moment(8))
        self.assertEqual(self.cut.date_finished, moment(9, 15))
        self.assertEqual(self.cut.duration, 45)
        self.assertEqual(self.cut.time_ids.mfg_employee_id, self.employee)
        self.assertEqual(self.cut.time_ids.user_id, self.endpoint.user_id)
        self.assertEqual(self.order.date_start, moment(8))
        self.assertEqual(self.order.mfg_started_at, moment(8))
        self.assertEqual(self.order.state, "progress")
        self.assertFalse(any(self.order.move_raw_ids.mapped("picked")))

    def test_night_and_weekend_count_in_full(self):
        self.job(STARTED, at(22, day=10))  # a Saturday
        self.job(COMPLETED, at(6, day=12))
        self.assertEqual(self.cut.duration, 32 * 60)

    def test_overlapping_workers_and_machines(self):
        self.job(STARTED, at(8), personId="A1")
        self.assertPosted(
            self.job(STARTED, at(8, 10), personId="A1"),
            self.job(STARTED, at(8, 20), equipmentId="BENCH"),
            self.job(PAUSED, at(9), personId="A1"),
            self.job(PAUSED, at(9), personId="A1"),
            self.job(COMPLETED, at(9), equipmentId="BENCH"),
        )
        durations = self.cut.time_ids.sorted("date_start").mapped("duration")
        self.assertEqual(durations, [60, 50, 40])
        self.assertIn(self.bench, self.cut.time_ids.workcenter_id)

    def test_people_still_have_one_timer_each(self):
        self.job(STARTED, at(8))
        values = {
            "workorder_id": self.cut.id,
            "workcenter_id": self.saw.id,
            "loss_id": self.env.ref("mrp.block_reason7").id,
        }
        rows = self.env["mrp.workcenter.productivity"]
        rows.create(values)
        with self.assertRaises(ValidationError):
            rows.create(values)

    def test_completing_ends_all_labour_of_the_segment(self):
        self.job(STARTED, at(8), personId="A1")
        self.job(STARTED, at(8, 30))
        self.job(COMPLETED, at(9))
        self.assertEqual(sorted(self.cut.time_ids.mapped("duration")), [30, 60])

    def test_end_before_start(self):
        self.job(STARTED, at(8))
        self.assertParked(self.job(PAUSED, at(7)), "time-invalid")
        self.assertParked(self.job(COMPLETED, at(7)), "time-invalid")
        self.assertFalse(self.cut.time_ids.date_end)

    def test_pause_of_nobody(self):
        self.assertParked(self.job(PAUSED, at(8)), "time-invalid")

    def test_future(self):
        future = fields.Datetime.now() + timedelta(days=2)
        message = self.job(STARTED, future.strftime("%Y-%m-%dT%H:%M:%SZ"))
        self.assertParked(message, "time-invalid")

    def test_after_the_end(self):
        self.job(STARTED, at(8))
        self.job(COMPLETED, at(9))
        for event_type in (STARTED, RESUMED, PAUSED, COMPLETED):
            self.assertParked(self.job(event_type, at(10)), "order-not-open")

    def test_unknown_codes(self):
        segment = self.job(STARTED, at(8), segment="Paint")
        machine = self.job(STARTED, at(8), equipmentId="M99")
        person = self.job(STARTED, at(8), personId="Z9")
        self.assertParked(segment, "unknown-segment")
        self.assertParked(machine, "unknown-equipment")
        self.assertParked(person, "unknown-person")
        self.assertEqual(segment.wanted, "operation:Paint")
        self.map_code("operation", "Paint", self.cut.operation_id)
        self.env["mfg.workcenter.crosswalk"].create(
            {
                "endpoint_id": self.endpoint.id,
                "code": "M99",
                "workcenter_id": self.bench.id,
            }
        )
        self.map_code("person", "Z9", self.employee)
        self.drain()
        self.assertPosted(segment, machine, person)
        self.assertEqual(len(self.cut.time_ids), 3)

    def test_resent_counts_once(self):
        event = self.event(
            STARTED,
            {
                "jobOrderId": self.order.mfg_job_order_id,
                "operationsSegmentId": "Cut",
                "time": at(8),
            },
        )
        self.accept(event)
        self.accept(event)
        self.drain()
        self.assertEqual(len(self.cut.time_ids), 1)

    def test_whole_order_of_several_operations(self):
        start = self.tell(STARTED, self.order, time=at(8))
        self.assertPosted(start)
        self.assertEqual(self.order.state, "progress")
        self.assertFalse(self.order.workorder_ids.time_ids)
        self.assertPosted(self.tell(COMPLETED, self.order, time=at(9)))
        self.assertEqual(self.order.state, "done")

    def test_whole_order_of_one_operation_means_it(self):
        bom = self.make_bom(self.make_product("Y"), operations=("Cut",))
        self.order = self.make_order(bom=bom)
        self.tell(STARTED, self.order, time=at(8))
        self.assertPosted(self.tell(COMPLETED, self.order, time=at(9)))
        self.assertEqual(self.order.workorder_ids.duration, 60)
        self.assertEqual(self.order.state, "to_close")

    def test_the_end_of_an_order_of_one_operation(self):
        bom = self.make_bom(self.make_product("STOOL"), operations=("Glue",))
        order = self.make_order(bom=bom)
        self.report(order, 10)
        over = {"operationsSegmentId": "Glue", "time": at(11)}
        self.assertPosted(self.tell(COMPLETED, order, **over))
        self.assertEqual((order.state, order.workorder_ids.state), ("to_close", "done"))
        ended = self.tell(COMPLETED, order, final=True, time=at(12))
        self.assertPosted(ended)
        self.assertEqual((order.state, order.date_finished), ("done", moment(12)))
        self.assertParked(
            self.tell(COMPLETED, order, final=True, time=at(13)), "order-not-open"
        )
        data = {"eventId": ended.event_id, "source": ended.source, "reason": "No"}
        self.assertPosted(self.post(REVERSED, data, subject=order.mfg_job_order_id))
        order.invalidate_recordset()
        self.assertEqual((order.state, order.workorder_ids.state), ("to_close", "done"))

    def test_order_without_operations(self):
        product = self.make_product("Z")
        bom = self.make_bom(product, [(self.board, 1, False)], operations=())
        self.order = self.make_order(bom=bom)
        self.assertPosted(self.tell(STARTED, self.order, time=at(8)))
        self.assertEqual(self.order.state, "progress")
        self.assertEqual(self.order.date_start, moment(8))

    def test_planned_order_stays_planned(self):
        self.order.button_plan()
        self.assertPosted(self.job(STARTED, at(8)), self.job(COMPLETED, at(9)))
        self.assertTrue(self.glueing.leave_id)
        self.assertEqual(self.cut.date_finished, moment(9))
