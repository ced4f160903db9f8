# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import COMPLETED, PAUSED, RESUMED, STARTED
from .reversal_common import ReversalCase


@tagged("post_install", "-at_install")
class TestReversalOfJobs(ReversalCase):
    def test_started(self):
        self.assertAsIfNever(self.told_job(STARTED, 8, personId="A1"))
        self.assertEqual(self.order.state, "confirmed")

    def test_started_on_a_planned_order(self):
        self.order.button_plan()
        self.assertAsIfNever(self.told_job(STARTED, 8))

    def test_started_beside_another_worker(self):
        self.assertAsIfNever(
            self.told_job(STARTED, 7), after=[self.told_job(STARTED, 8, personId="A1")]
        )

    def test_paused_and_resumed(self):
        started, paused = self.told_job(STARTED, 8), self.told_job(PAUSED, 9)
        self.assertAsIfNever(paused, [started])
        self.assertAsIfNever(
            self.told_job(RESUMED, 10), [started, paused], order=self.make_order()
        )

    def test_completed(self):
        self.assertAsIfNever(
            self.told_job(COMPLETED, 9),
            [self.told_job(STARTED, 8), self.told_job(STARTED, 8, personId="A1")],
        )

    def test_completed_without_a_start(self):
        self.assertAsIfNever(self.told_job(COMPLETED, 9))

    def test_whole_order(self):
        self.assertAsIfNever(self.told_job(STARTED, 8, None))

    def test_the_end_of_the_work_comes_off_first(self):
        start = self.told_job(STARTED, 8)()
        pause = self.told_job(PAUSED, 9)()
        self.assertKept(start, words="take back the event that ended it first")
        self.assertReversed(pause)
        self.assertReversed(start)
        self.assertFalse(self.order.workorder_ids.time_ids)

    def test_a_pause_of_an_operation_that_is_over(self):
        self.told_job(STARTED, 8)()
        pause = self.told_job(PAUSED, 9)()
        self.told_job(COMPLETED, 10)()
        self.assertKept(pause, words="take back its completion first")

    def test_work_of_a_closed_order(self):
        start = self.told_job(STARTED, 8)()
        self.made(10, 16, final=True)()
        self.assertKept(start, words="has ended")
