# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import at, moment
from .labor_common import LaborCase


@tagged("post_install", "-at_install")
class TestLaborReversed(LaborCase):
    def undo(self, message):
        data = {"eventId": message.event_id, "reason": "wrong card"}
        return self.post("mfg.event.reversed.v1", data, subject=message.subject)

    def test_as_if_it_had_never_come(self):
        message = self.labor(at(8), at(9))
        self.assertPosted(self.undo(message))
        self.assertFalse(self.cut.time_ids)
        self.assertEqual((self.cut.state, self.cut.duration), ("ready", 0))
        self.assertEqual(self.order.state, "confirmed")
        self.assertFalse(self.order.mfg_started_at)
        self.assertPosted(self.labor(at(8), at(9)))

    def test_other_reports_stay(self):
        first = self.labor(at(7), at(8))
        self.labor(at(9), at(10))
        self.assertPosted(self.undo(first))
        self.assertEqual(self.spans(self.cut), [(moment(9), moment(10))])
        self.assertEqual(self.cut.date_start, moment(9))
        self.assertEqual(self.order.mfg_started_at, moment(9))

    def test_batch(self):
        lines = [
            {"startTime": at(6), "endTime": at(7)},
            {"startTime": at(7), "endTime": at(8), "operationsSegmentId": "Glue"},
        ]
        before = self.order.workorder_ids.mapped("state")
        self.assertPosted(self.undo(self.labor(labor=lines)))
        self.assertFalse(self.order.workorder_ids.time_ids)
        self.assertEqual(self.order.workorder_ids.mapped("state"), before)

    def test_made_up_time_comes_back(self):
        self.finish()
        first = self.labor(at(8), at(8, 45))
        second = self.labor(at(9), at(9, 15))
        self.assertPosted(self.undo(first))
        self.assertEqual(self.cut.duration, 15)
        self.assertPosted(self.undo(second))
        self.assertEqual((self.cut.duration, self.cut.state), (60, "done"))
        self.assertEqual(self.order.state, "done")
        self.assertEqual(self.on_hand(self.table), 10)
        self.assertPosted(self.labor(at(8), at(8, 30)))
        self.assertEqual(self.cut.duration, 30)

    def test_labour_in_the_cost_of_an_ended_order(self):
        message = self.labor(at(8), at(9))
        self.report(self.order, 10, final=True)
        self.assertParked(self.undo(message), "not-reversible")
        late = self.labor(at(9), at(10))
        self.assertPosted(self.undo(late))
        self.assertEqual(self.cut.duration, 60)

    def test_changed_in_odoo(self):
        message = self.labor(at(8), at(9))
        self.cut.time_ids.date_end = moment(10)
        self.assertParked(self.undo(message), "not-reversible")
        self.assertEqual(self.cut.duration, 120)
