# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import at, moment
from .equipment_common import EquipmentCase


@tagged("post_install", "-at_install")
class TestEquipmentDowntime(EquipmentCase):
    def test_over_when_it_is_sent(self):
        order = self.make_order()
        message = self.stop(at(23), at(1, day=11), jobOrderId=order.mfg_job_order_id)
        self.assertPosted(message)
        self.assertLosses((moment(23), moment(1, day=11), 120))
        loss = self.losses()
        self.assertEqual((loss.loss_id, loss.mfg_kind), (self.failure, "stop"))
        self.assertEqual(loss.mfg_production_id, order)
        self.assertFalse(loss.workorder_id)
        self.assertFalse(any(order.workorder_ids.mapped("duration")))

    def test_one_stop_told_three_times(self):
        order = self.make_order()
        self.stop(at(8), reason="E2", jobOrderId=order.mfg_job_order_id)
        self.assertEqual(self.saw.working_state, "blocked")
        self.stop(at(8), at(8, 30), reason="E2")
        self.assertEqual(self.saw.working_state, "normal")
        self.stop(at(8), reason="E1")  # the reason was found; it stays over
        self.assertLosses((moment(8), moment(8, 30), 30))
        self.assertEqual(self.losses().loss_id, self.failure)
        self.assertEqual(self.losses().mfg_production_id, order)

    def test_a_late_end_corrects(self):
        self.stop(at(8), at(8, 30))
        self.stop(at(8), at(8, 45))
        self.assertLosses((moment(8), moment(8, 45), 45))

    def test_open_stop_ends_where_the_next_begins(self):
        self.stop(at(8))
        self.stop(at(9), at(9, 10))
        self.assertLosses((moment(8), moment(9), 60), (moment(9), moment(9, 10), 10))
        self.stop(at(8), at(8, 20))
        self.assertEqual(self.losses().mapped("duration"), [20, 10])

    def test_open_stop_ends_where_the_machine_runs(self):
        self.stop(at(8))
        self.say("Execute", at(8, 40))
        self.assertLosses((moment(8), moment(8, 40), 40))
        self.assertEqual(self.saw.working_state, "normal")

    def test_it_ran_before_the_stop_came(self):
        self.say("Execute", at(8, 40))
        self.say("Execute", at(9, 40))
        self.stop(at(8))
        self.assertLosses((moment(8), moment(8, 40), 40))

    def test_state_and_downtime_of_one_stop_count_once(self):
        self.say("Held", at(8))
        self.stop(at(8, 1), at(8, 29), reason="E2")
        self.say("Execute", at(8, 30))
        self.assertEqual(sum(self.losses().mapped("duration")), 30)

    def test_a_stop_within_another(self):
        self.stop(at(8), at(12))
        self.stop(at(9), at(10), reason="E2")
        self.assertEqual(self.losses().mapped("duration"), [240, 0])
        self.stop(at(8), at(9, 30))
        self.assertEqual(self.losses().mapped("duration"), [90, 30])

    def test_a_person_corrects_in_odoo(self):
        self.stop(at(8), at(10))
        self.stop(at(9), at(11), reason="E2")
        self.losses()[0].date_end = moment(9, 30)
        self.assertEqual(self.losses().mapped("duration"), [90, 90])

    def test_what_a_person_blocked_stays_theirs(self):
        manual = self.env["mrp.workcenter.productivity"].create(
            {
                "workcenter_id": self.saw.id,
                "loss_id": self.failure.id,
                "date_start": moment(8),
            }
        )
        self.stop(at(8), at(9))
        self.assertEqual(self.losses().duration, 60)
        self.assertFalse(manual.date_end)
        self.assertEqual(self.saw.working_state, "blocked")

    def test_reason_that_is_no_loss(self):
        self.map_code("loss", "BREAK", self.productive)
        self.assertPosted(self.stop(at(8), at(9), reason="BREAK"))
        self.assertLosses()

    def test_unknown_codes(self):
        reason = self.stop(at(8), at(9), reason="X7")
        self.assertParked(reason, "unknown-reason")
        order = self.stop(at(8), at(9), machine="BENCH", jobOrderId="NONE")
        self.assertParked(order, "unknown-order")
        self.map_code("loss", "X7", self.failure)
        self.drain()
        self.assertPosted(reason)
        self.assertLosses((moment(8), moment(9), 60))

    def test_reversal(self):
        opened = self.stop(at(8), reason="E2")
        closed = self.stop(at(8), at(8, 30), reason="E1")
        self.assertPosted(self.take_back(closed))
        self.assertLosses((moment(8), None, 0))
        self.assertEqual(self.losses().loss_id, self.starved)
        self.assertEqual(self.saw.working_state, "blocked")
        self.assertPosted(self.take_back(opened))
        self.assertLosses()

    def test_reversal_of_the_next_stop_lets_the_first_go_on(self):
        self.stop(at(8))
        second = self.stop(at(9), at(9, 30))
        self.say("Execute", at(10))
        self.assertPosted(self.take_back(second))
        self.assertLosses((moment(8), moment(10), 120))

    def test_end_before_start(self):
        self.assertParked(self.stop(at(8), at(7)), "time-invalid")

    def test_stops_of_long_ago_stay_whatever_is_told_next(self):
        """A plant that catches up on years tells them in any order, over days."""
        self.stop("2012-01-30T08:00:00Z", "2012-01-30T08:30:00Z")
        self.env["mfg.equipment.event"]._gc_records()
        self.stop("2012-01-29T08:00:00Z", "2012-01-29T08:20:00Z")
        self.assertEqual(self.losses().mapped("duration"), [20, 30])
