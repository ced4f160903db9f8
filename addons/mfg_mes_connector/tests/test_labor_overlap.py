# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import COMPLETED, PAUSED, RESUMED, STARTED, amount, at, moment
from .labor_common import LABOR, LaborCase


@tagged("post_install", "-at_install")
class TestLaborOverlap(LaborCase):
    """The same time told twice, and one person at two operations."""

    def test_same_line_under_another_id(self):
        for data in (
            {"start": at(8), "end": at(9)},
            {"start": at(8), "end": at(9), "personId": "B1"},
            {"duration": amount(2, "HUR"), "time": at(14)},
        ):
            self.assertPosted(self.labor(**data))
            self.assertParked(self.labor(**data), "time-overlap")
        self.assertEqual(len(self.cut.time_ids), 3)

    def test_nobody_named_may_be_several(self):
        crew = [{"startTime": at(6), "endTime": at(14)}] * 2
        data = {"jobOrderId": self.order.mfg_job_order_id, "labor": crew}
        data["operationsSegmentId"] = "Cut"
        self.assertPosted(self.post(LABOR, data))
        self.assertEqual(self.cut.duration, 960)
        self.assertParked(self.post(LABOR, data), "time-overlap")

    def test_overlap_at_one_operation(self):
        self.labor(at(8), at(9))
        overlap = self.labor(at(8, 30), at(10))
        self.assertParked(overlap, "time-overlap")
        self.assertIn("A1", overlap.error_detail)
        self.assertPosted(self.labor(at(9), at(10)), self.labor(at(7), at(8)))
        twice = [{"startTime": at(11), "endTime": at(12)}] * 2
        self.assertParked(self.labor(labor=twice), "time-overlap")
        self.assertEqual(self.cut.duration, 180)

    def test_overlap_with_started_and_completed(self):
        job = {"operationsSegmentId": "Cut", "personId": "A1"}
        self.tell(STARTED, self.order, time=at(8), **job)
        self.assertParked(self.labor(at(8, 30), at(9)), "time-overlap")
        self.assertPosted(self.labor(at(7), at(8)))
        self.tell(COMPLETED, self.order, time=at(10), **job)
        self.assertParked(self.labor(at(9, 59), at(11)), "time-overlap")
        self.assertPosted(self.labor(at(10), at(11)))
        self.assertEqual(self.cut.duration, 240)

    def test_a_person_may_approve_an_overlap(self):
        self.labor(at(8), at(9))
        lines = [
            {"startTime": at(8), "endTime": at(9)},
            {"startTime": at(8, 30), "endTime": at(9, 30)},
        ]
        message = self.labor(labor=lines)
        self.assertParked(message, "time-overlap")
        manager = self.env.ref("mfg_integration_base.group_mfg_manager")
        self.env.user.group_ids += manager
        message._approve("Two Anns")
        self.drain()
        self.assertPosted(message)
        self.assertEqual(self.cut.duration, 180)

    def test_two_operations_at_once_as_the_interface_says(self):
        other = self.make_order()
        self.labor(at(8), at(9))
        self.assertPosted(self.labor(at(8, 30), at(9), segment="Glue"))
        self.interface(LABOR).labor_overlap = "park"
        self.assertParked(self.labor(at(8), at(9), order=other), "time-overlap")
        two = [
            {"startTime": at(10), "endTime": at(11)},
            {"startTime": at(10), "endTime": at(11), "operationsSegmentId": "Glue"},
        ]
        self.assertParked(self.labor(labor=two, order=other), "time-overlap")
        self.assertPosted(
            self.labor(at(9), at(10), order=other),
            self.labor(at(8), at(9), order=other, personId="B1"),
        )

    def job(self, event_type, time, segment="Cut", order=None, **data):
        data = {"operationsSegmentId": segment, "personId": "A1", **data}
        return self.tell(event_type, order or self.order, time=time, **data)

    def park(self):
        self.endpoint.interface_ids.labor_overlap = "park"

    def test_started_twice_as_the_interface_says(self):
        self.assertPosted(self.job(STARTED, at(8)), self.job(STARTED, at(8)))
        self.park()
        message = self.job(STARTED, at(8, 30))
        self.assertParked(message, "time-overlap")
        self.assertIn("A1", message.error_detail)
        self.assertIn("/data/time", message.error_fields)
        self.assertEqual(len(self.cut.time_ids), 2)
        self.assertPosted(self.job(STARTED, at(8), personId="B1"))

    def test_started_within_what_was_reported(self):
        self.park()
        self.labor(at(8), at(9))
        self.assertParked(self.job(STARTED, at(8)), "time-overlap")
        self.assertParked(self.job(RESUMED, at(8, 59)), "time-overlap")
        self.assertPosted(self.job(STARTED, at(9)), self.job(COMPLETED, at(10)))
        self.assertEqual(self.cut.duration, 120)

    def test_started_elsewhere(self):
        self.park()
        other = self.make_order()
        self.assertPosted(self.job(STARTED, at(8)))
        self.assertParked(self.job(STARTED, at(9), "Glue"), "time-overlap")
        self.assertParked(self.job(STARTED, at(9), order=other), "time-overlap")
        self.assertPosted(self.job(PAUSED, at(9)))
        self.assertPosted(self.job(STARTED, at(9), order=other))

    def test_ended_after_what_was_known_before_it_began(self):
        """Its beginning comes late: only its end shows that the times meet."""
        self.park()
        self.labor(at(9), at(10))
        self.assertPosted(self.job(STARTED, at(8)))
        for event_type in (PAUSED, COMPLETED):
            self.assertParked(self.job(event_type, at(9, 30)), "time-overlap")
        self.assertPosted(self.job(COMPLETED, at(9)))
        self.assertEqual(self.cut.duration, 120)

    def test_one_approval_is_enough(self):
        self.park()
        self.labor(at(8), at(9))
        message = self.job(STARTED, at(8))
        self.assertParked(message, "time-overlap")
        manager = self.env.ref("mfg_integration_base.group_mfg_manager")
        self.env.user.group_ids += manager
        message._approve("Two Anns")
        self.drain()
        self.assertPosted(message, self.job(COMPLETED, at(9)))
        self.assertEqual(self.cut.duration, 120)

    def test_lengths_alone_do_not_overlap(self):
        """Whoever reports hours only worked them one after the other."""
        self.labor(duration=amount(2, "HUR"), time=at(12))
        lines = [{"duration": amount(1, "HUR")}, {"duration": amount(2, "HUR")}]
        self.assertPosted(self.labor(labor=lines, time=at(14)))
        expected = [
            (moment(9), moment(10)),
            (moment(10), moment(12)),
            (moment(12), moment(13)),
            (moment(13), moment(14)),
        ]
        self.assertEqual(sum(row.duration for row in self.cut.time_ids), 300)
        starts = [start for start, _end in self.spans(self.cut)]
        self.assertEqual(starts[-1], expected[-1][0])
        for (_s, end), (start, _e) in zip(
            self.spans(self.cut), self.spans(self.cut)[1:], strict=False
        ):
            self.assertLessEqual(end, start)
        if hasattr(self.cut, "_cal_cost"):
            self.assertAlmostEqual(self.cut._cal_cost(), 300)

    # -- times that are none ---------------------------------------------------------
