# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from .common import COMPLETED, STARTED, amount, at, moment
from .labor_common import LABOR, LaborCase


@tagged("post_install", "-at_install")
class TestLaborReported(LaborCase):
    def test_interval(self):
        self.assertPosted(self.labor(at(8), at(9, 30), equipmentId="BENCH"))
        row = self.cut.time_ids
        self.assertEqual((row.date_start, row.date_end), (moment(8), moment(9, 30)))
        self.assertEqual((row.duration, self.cut.duration), (90, 90))
        self.assertEqual(row.mfg_employee_id, self.employee)
        self.assertEqual(row.workcenter_id, self.bench)
        self.assertEqual(row.user_id, self.endpoint.user_id)
        self.assertEqual(row.company_id, self.order.company_id)
        self.assertEqual((self.cut.state, self.cut.date_start), ("progress", moment(8)))
        self.assertEqual(self.order.mfg_started_at, moment(8))
        self.assertFalse(any(self.order.move_raw_ids.mapped("picked")))

    def test_duration_has_one_end_or_none(self):
        hour = amount("1.5", "HUR")
        self.assertPosted(
            self.labor(at(6), duration=hour),
            self.labor(end=at(10), duration=amount(30, "MIN")),
            self.labor(duration=amount("900", "SEC"), time=at(12)),
        )
        expected = [
            (moment(6), moment(7, 30)),
            (moment(9, 30), moment(10)),
            (moment(11, 45), moment(12)),
        ]
        self.assertEqual(self.spans(self.cut), expected)

    def test_duration_ends_with_the_event_where_no_time_is_given(self):
        code = self.order.mfg_job_order_id
        data = {"jobOrderId": code, "operationsSegmentId": "Cut"}
        data["duration"] = amount(1, "HUR")
        self.assertPosted(self.post(LABOR, data, subject=code, time=at(14)))
        self.assertEqual(self.spans(self.cut), [(moment(13), moment(14))])

    def test_a_day_has_24_hours_and_a_minute_60_seconds(self):
        """Odoo's own day has 8 hours, its minute 60.00012 seconds."""
        self.labor(duration=amount(1, "DAY"), time=at(12))
        self.assertEqual(self.spans(self.cut), [(moment(12, day=9), moment(12))])
        self.labor(duration=amount("1439.99", "MIN"), time=at(12), segment="Glue")
        [(start, _end)] = self.spans(self.glueing)
        self.assertEqual(start, moment(12, day=9) + timedelta(seconds=1))

    def test_units_of_the_plant(self):
        wrong = self.labor(duration=amount(1, "KGM"), time=at(12))
        self.assertParked(wrong, "unit-mismatch")
        shift = self.labor(duration=amount(1, "SHIFT"), time=at(14))
        self.assertParked(shift, "unknown-unit")
        self.env["mfg.uom.crosswalk"].create(
            {
                "endpoint_id": self.endpoint.id,
                "code": "SHIFT",
                "uom_id": self.env.ref("uom.product_uom_hour").id,
                "factor": 7.5,
            }
        )
        self.drain()
        self.assertPosted(shift)
        self.assertEqual(self.spans(self.cut), [(moment(6, 30), moment(14))])

    def test_summary_of_a_shift(self):
        lines = [
            {"startTime": at(6), "endTime": at(9, 30)},
            {"personId": "B1", "startTime": at(6), "endTime": at(14)},
            {"operationsSegmentId": "Glue", "duration": amount(45, "MIN")},
        ]
        message = self.labor(labor=lines, equipmentId="BENCH", time=at(14))
        self.assertPosted(message)
        self.assertEqual(self.cut.duration, 210 + 480)
        self.assertEqual(self.cut.time_ids.mfg_employee_id, self.employee | self.bob)
        self.assertEqual(self.spans(self.glueing), [(moment(13, 15), moment(14))])
        self.assertEqual(self.glueing.time_ids.mfg_employee_id, self.employee)
        rows = self.order.workorder_ids.time_ids
        self.assertEqual(rows.workcenter_id, self.bench)
        links = message.link_ids.filtered(lambda link: link.role == "created")
        self.assertEqual(set(links.mapped("res_id")), set(rows.ids))

    def test_a_wrong_line_stops_the_whole_batch(self):
        good = {"startTime": at(6), "endTime": at(7)}
        wrong = self.labor(labor=[good, {**good, "personId": "Z9"}])
        self.assertParked(wrong, "unknown-person")
        self.assertEqual(wrong._failure().errors[0].pointer, "/data/labor/1/personId")
        self.assertFalse(self.order.workorder_ids.time_ids)
        self.assertEqual((self.cut.state, self.order.state), ("ready", "confirmed"))

    def test_only_operation(self):
        bom = self.make_bom(self.make_product("Y"), operations=("Cut",))
        order = self.make_order(bom=bom)
        self.assertPosted(self.labor(at(8), at(9), segment=None, order=order))
        self.assertEqual(order.workorder_ids.duration, 60)

    def test_which_operation(self):
        self.assertParked(self.labor(at(8), at(9), segment=None), "unknown-segment")
        bom = self.make_bom(
            self.make_product("Z"), [(self.board, 1, False)], operations=()
        )
        order = self.make_order(bom=bom)
        none = self.labor(at(8), at(9), segment=None, order=order)
        self.assertParked(none, "unknown-segment")

    # -- the same time twice ---------------------------------------------------------

    def test_resent_counts_once(self):
        data = {
            "jobOrderId": self.order.mfg_job_order_id,
            "operationsSegmentId": "Cut",
            "startTime": at(8),
            "endTime": at(9),
        }
        event = self.event(LABOR, data)
        self.accept(event)
        self.accept(event)
        self.drain()
        self.assertEqual(len(self.cut.time_ids), 1)

    def test_midnight_and_summer_time(self):
        self.assertPosted(
            self.labor(
                "2026-03-28T22:00:00+01:00", "2026-03-29T06:00:00+02:00"
            ),  # the night of seven hours
            self.labor(
                "2025-10-25T22:00:00+02:00", "2025-10-26T06:00:00+01:00"
            ),  # the one of nine
        )
        durations = self.cut.time_ids.sorted("date_start").mapped("duration")
        self.assertEqual(durations, [540, 420])
        self.assertEqual(self.spans(self.cut)[1][0], datetime(2026, 3, 28, 21))

    def test_impossible_times(self):
        soon = fields.Datetime.now() + timedelta(days=2)
        future = soon.strftime("%Y-%m-%dT%H:%M:%SZ")
        for code, pointer, data in (
            ("time-invalid", "/data/endTime", {"start": at(9), "end": at(8)}),
            ("time-invalid", "/data/endTime", {"start": at(9), "end": at(9)}),
            ("time-invalid", "/data/endTime", {"start": at(8), "end": at(9, day=11)}),
            ("time-invalid", "/data/duration", {"duration": amount(25, "HUR")}),
            ("time-invalid", "/data/duration", {"duration": amount("9" * 30, "DAY")}),
            ("time-invalid", "/data/duration", {"duration": amount("0.1", "SEC")}),
            (
                "time-invalid",
                "/data/duration",
                {"end": future, "duration": amount(1, "HUR")},
            ),
            (
                "time-invalid",
                "/data/duration",
                {"start": "9999-12-31T23:30:00Z", "duration": amount(1, "HUR")},
            ),
            (
                "quantity-invalid",
                "/data/duration/value",
                {"duration": amount(-1, "HUR")},
            ),
        ):
            message = self.labor(**data)
            self.assertParked(message, code)
            self.assertEqual(message._failure().errors[0].pointer, pointer)
        self.assertFalse(self.cut.time_ids)

    def test_the_door_wants_one_way_to_say_a_time(self):
        errors = self.env["mfg.contract"]._errors
        common = {"jobOrderId": "MO1"}
        hour = {"duration": amount(1, "HUR")}
        span = {"startTime": at(8), "endTime": at(9)}
        for good in (span, hour, {**hour, "endTime": at(9)}, {"labor": [span, hour]}):
            self.assertFalse(errors(LABOR, {**common, **good}), good)
        for bad in (
            {},
            {"startTime": at(8)},
            {**span, **hour},
            {"labor": []},
            {"labor": [span], **hour},
            {"labor": [{**span, **hour}]},
            {"labor": [{"startTime": at(8)}]},
        ):
            self.assertTrue(errors(LABOR, {**common, **bad}), bad)

    def test_closed_books(self):
        company = self.order.company_id
        if "fiscalyear_lock_date" not in company._fields:
            self.skipTest("accounting is not installed")
        company.fiscalyear_lock_date = moment(0, day=10).date()
        self.assertParked(self.labor(at(8), at(9)), "period-closed")
        self.assertPosted(self.labor(at(22), at(2, day=11)))

    # -- late ----------------------------------------------------------------------

    def test_operation_that_is_over(self):
        job = {"operationsSegmentId": "Cut", "personId": "A1"}
        self.tell(STARTED, self.order, time=at(8), **job)
        self.tell(COMPLETED, self.order, time=at(9), **job)
        self.assertPosted(self.labor(at(7), at(7, 45)))
        self.assertEqual((self.cut.state, self.cut.duration), ("done", 105))
        self.assertEqual(self.cut.date_start, moment(8))

    def test_order_that_the_plant_has_ended(self):
        self.report(self.order, 10, final=True)
        self.assertEqual(self.order.state, "done")
        self.assertFalse(self.cut.time_ids)
        self.assertPosted(self.labor(at(8), at(9)))
        self.assertEqual((self.cut.duration, self.cut.state), (60, "done"))
        self.assertEqual(self.order.state, "done")
        self.assertEqual(self.on_hand(self.table), 10)

    def test_time_that_odoo_made_up_gives_way(self):
        self.finish()
        self.assertEqual((self.cut.duration, self.glueing.duration), (60, 60))
        self.assertPosted(self.labor(at(8), at(8, 45)))
        self.assertEqual((self.cut.duration, self.glueing.duration), (45, 60))
        self.assertPosted(self.labor(at(9), at(9, 15), personId="B1"))
        self.assertEqual(self.cut.duration, 60)
        self.assertEqual(len(self.spans(self.cut)), 2)

    def test_time_made_up_for_one_operation(self):
        self.cut.action_mark_as_done()
        self.assertEqual((self.cut.state, self.cut.duration), ("done", 60))
        self.assertPosted(self.labor(at(8), at(8, 45)))
        self.assertEqual(self.cut.duration, 45)

    def test_time_that_a_person_logged_stays(self):
        self.cut.duration = 20
        self.finish()
        self.assertPosted(self.labor(at(8), at(8, 45)))
        self.assertEqual(self.cut.duration, 65)

    def test_cost_of_late_time_is_odoos_own(self):
        """Odoo costs late time at the operation, at the rate of its end; the goods
        and the journal entry of the closing stay as they are."""
        if not hasattr(self.cut, "_cal_cost"):
            self.skipTest("accounting is not installed")
        self.table.categ_id = self.env["product.category"].create(
            {"name": "AVCO", "property_cost_method": "average"}
        )
        twin = self.make_order()
        for order in (self.order, twin):
            self.finish(order)
        self.saw.costs_hour = 90
        goods = self.order.move_finished_ids
        before = goods.value
        self.assertGreater(before, 0)
        self.labor(at(8), at(8, 45))
        by_hand = twin.workorder_ids[0].time_ids
        by_hand.write({"date_start": moment(8), "date_end": moment(8, 45)})
        self.assertAlmostEqual(self.cut._cal_cost(), 45)
        self.assertEqual(self.cut._cal_cost(), twin.workorder_ids[0]._cal_cost())
        self.assertEqual(goods.value, before)
        self.assertEqual(goods.value, twin.move_finished_ids.value)

    def test_labour_before_the_goods_is_in_their_value(self):
        if not hasattr(self.cut, "_cal_cost"):
            self.skipTest("accounting is not installed")
        self.table.categ_id = self.env["product.category"].create(
            {"name": "AVCO", "property_cost_method": "average"}
        )
        (self.board | self.glue).standard_price = 0
        self.labor(at(8), at(9))
        self.report(self.order, 10, final=True)
        self.assertAlmostEqual(self.order.move_finished_ids.value, 60)

    # -- whose order ---------------------------------------------------------------

    def test_orders_that_take_no_labour(self):
        draft = self.make_order(confirm=False)
        self.assertParked(self.labor(at(8), at(9), order=draft.name), "unknown-order")
        self.order.action_cancel()
        self.assertParked(self.labor(at(8), at(9)), "order-not-open")

    def test_another_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_endpoint("FOREIGN", company)
        data = {
            "jobOrderId": self.order.mfg_job_order_id,
            "operationsSegmentId": "Cut",
            "startTime": at(8),
            "endTime": at(9),
        }
        message = self.post(LABOR, data, endpoint=foreign)
        self.assertParked(message, "unknown-order")
        self.assertFalse(self.cut.time_ids)

    def test_unknown_codes_heal(self):
        machine = self.labor(at(8), at(9), equipmentId="M99")
        self.assertParked(machine, "unknown-equipment")
        self.env["mfg.workcenter.crosswalk"].create(
            {
                "endpoint_id": self.endpoint.id,
                "code": "M99",
                "workcenter_id": self.bench.id,
            }
        )
        self.drain()
        self.assertPosted(machine)
        self.assertEqual(self.cut.time_ids.workcenter_id, self.bench)
        paint = self.labor(at(9), at(10), segment="Paint")
        self.assertParked(paint, "unknown-segment")
        self.assertEqual(paint.wanted, "operation:Paint")

    def test_planned_order_stays_planned(self):
        self.order.button_plan()
        dates = self.glueing.date_start, self.glueing.date_finished
        self.assertPosted(self.labor(at(8), at(9)))
        self.assertEqual((self.glueing.date_start, self.glueing.date_finished), dates)
        self.assertTrue(self.order.is_planned)
