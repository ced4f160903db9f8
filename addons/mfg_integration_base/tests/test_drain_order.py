# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..engine.failure import Failure
from ..models import mfg_drain, mfg_drain_key
from .test_drain import FaultyCase


@tagged("post_install", "-at_install")
class TestOrder(FaultyCase):
    def test_by_sequence_whatever_the_arrival(self):
        for sequence in (3, 1, 2):
            self.send_text(str(sequence), sequence=str(sequence))
        self.drain()
        self.assertEqual(self.posted, ["1", "2", "3"])

    def test_gap_waits_and_closes(self):
        for sequence in (1, 2, 4):
            last = self.send_text(str(sequence), sequence=str(sequence))
        self.drain()
        self.assertEqual((self.posted, last.state), (["1", "2"], "waiting"))
        self.assertWokenAt(last)
        self.send_text("3", sequence="3")
        self.drain()
        self.assertEqual(self.posted, ["1", "2", "3", "4"])

    def test_gap_that_stays_is_parked_and_heals_when_it_closes(self):
        last = [self.send_text(s, sequence=s) for s in ("1", "3")][-1]
        self.drain()
        self.later(last, 40)
        self.drain()
        self.assertParked(last, "sequence-gap")
        self.send_text("2", sequence="2")
        self.drain()
        self.assertEqual(self.posted, ["1", "2", "3"])

    def test_gap_policy_continue_goes_on_with_an_issue(self):
        self.interface().gap_policy = "continue"
        last = [self.send_text(s, sequence=s) for s in ("1", "3")][-1]
        self.drain()
        self.later(last, 40)
        self.drain()
        self.assertEqual(last.state, "posted")
        issue = self.env["mfg.issue"].search([("code", "=", "sequence-gap")])
        self.assertEqual((issue.state, issue.cause), ("open", "order-1"))
        late = self.send_text("2", sequence="2")
        self.drain()
        self.assertParked(late, "overtaken")

    def test_overtaken_holds_nobody_and_goes_on_a_persons_word(self):
        self.test_gap_policy_continue_goes_on_with_an_issue()
        late = self.env["mfg.message"].search([("error_code", "=", "overtaken")])
        self.send_text("4", sequence="4")
        self.drain()
        self.assertEqual(self.posted[-1], "4")
        late._retry("The plant confirmed it by phone.")
        self.drain()
        self.assertEqual((late.state, self.posted[-1]), ("posted", "2"))

    def test_skip_lets_followers_go_and_is_recorded(self):
        self.faults["bad"] = Failure("order-not-open", "Done.")
        bad, follower = self.send_text("bad"), self.send_text("a")
        self.drain()
        bad._skip("Not needed for the rest.")
        self.drain()
        self.assertEqual((bad.state, follower.state), ("parked", "posted"))
        decision = bad.decision_ids
        self.assertEqual(
            (decision.action, decision.user_id, decision.before),
            ("skip", self.env.user, "parked"),
        )

    def test_cancel_lets_followers_go(self):
        self.faults["bad"] = Failure("order-not-open", "Done.")
        bad, follower = self.send_text("bad"), self.send_text("a")
        self.drain()
        bad._cancel("Reported twice.")
        self.drain()
        self.assertEqual((bad.state, follower.state), ("cancelled", "posted"))

    def test_key_order_holds_across_lanes(self):
        self.faults["bad"] = Failure("order-not-open", "Done.")
        bad = self.send_text("bad")
        self.drain()
        self.interface().lane = "batch"
        follower = self.send_text("a")
        self.assertEqual((bad.lane, follower.lane), ("realtime", "batch"))
        self.drain()
        self.assertEqual(follower.state, "waiting")

    def test_retry_time_is_swept_up(self):
        self.faults["busy"] = Failure("unavailable", "Busy.")
        message = self.send_text("busy")
        self.drain()
        due_slots = self.env["mfg.drain"]._due_slots
        self.assertNotIn((message.lane, message.shard), due_slots())
        self.later(message, timedelta(hours=1).total_seconds())
        self.assertIn((message.lane, message.shard), due_slots())


@tagged("post_install", "-at_install")
class TestManyOfOneKey(FaultyCase):
    """More messages of one key than a decision reads."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(mfg_drain_key, "ITEMS_PER_KEY", 3))
        self.startPatcher(patch.object(mfg_drain, "DRAIN_SECONDS", 2.0))

    def assertRests(self, messages):
        """All wait, and a drain has nothing to look at until their time comes."""
        self.assertEqual({m.state for m in messages}, {"waiting"})
        slot = (messages[0].lane, messages[0].shard)
        self.assertNotIn(slot, self.env["mfg.drain"]._due_slots())
        drain = self.env["mfg.drain"].with_context(mfg_in_transaction=True)
        message = messages[0]
        self.assertFalse(
            drain._drain_key_alone(message.endpoint_id.id, message.key, float("inf"))
        )

    def test_all_wait_behind_one_that_is_retried(self):
        self.faults["busy"] = Failure("unavailable", "Busy.")
        head = self.send_text("busy")
        followers = [self.send_text(str(number)) for number in range(6)]
        self.drain()
        self.assertEqual(head.state, "retrying")
        self.assertRests(followers)
        self.faults.clear()
        self.later(head, 60)
        self.drain()
        self.assertEqual(self.posted, ["busy", *"012345"])

    def test_all_wait_for_a_missing_number(self):
        messages = [self.send_text(str(n), sequence=str(n)) for n in range(2, 9)]
        self.drain()
        self.assertRests(messages)
        first = messages[0]
        written = first.write_date
        self.send_text("9", sequence="9")
        self.drain()
        self.assertEqual(first.write_date, written)
        self.send_text("1", sequence="1")
        self.drain()
        self.assertEqual(self.posted, list("123456789"))

    def test_all_wait_behind_a_parked_one(self):
        self.faults["bad"] = Failure("order-not-open", "Done.")
        bad = self.send_text("bad")
        followers = [self.send_text(str(number)) for number in range(6)]
        self.drain()
        self.assertRests(followers)
        bad._cancel("Reported twice.")
        self.drain()
        self.assertEqual(self.posted, list("012345"))

    def test_a_reversal_behind_all_of_them_ends_the_wait(self):
        self.faults["bad"] = Failure("order-not-open", "Done.")
        bad = self.send_text("bad")
        for number in range(6):
            self.send_text(str(number))
        self.drain()
        data = {"eventId": bad.event_id, "reason": "Sent by mistake"}
        self.send("mfg.event.reversed.v1", data, subject="order-1")
        self.drain()
        self.assertEqual((self.posted, bad.state), (list("012345"), "cancelled"))

    def test_one_whose_number_came_before_waits_without_a_time(self):
        third = self.send_text("3", sequence="3")
        self.drain()
        self.assertTrue(third.next_try_at)
        second = self.send_text("2", sequence="2")
        self.drain()
        self.assertTrue(second.next_try_at)
        self.assertFalse(third.next_try_at)

    def test_parked_ones_that_hold_nobody_leave_room(self):
        self.interface().order_policy = "continue"
        self.faults["bad"] = Failure("order-not-open", "Done.")
        for _number in range(4):
            self.assertParked(
                self.post(data={"text": "bad"}, subject="k"), "order-not-open"
            )
        good = self.post(data={"text": "good"}, subject="k")
        self.assertEqual(good.state, "posted")

    def test_skipped_ones_leave_room(self):
        self.faults["bad"] = Failure("order-not-open", "Done.")
        for _number in range(4):
            self.send_text("bad")
            self.drain()
            parked = self.env["mfg.message"].search(
                [("state", "=", "parked"), ("out_of_turn", "=", False)]
            )
            parked._skip("Not needed for the rest.")
        self.send_text("good")
        self.drain()
        self.assertEqual(self.posted, ["good"])

    def test_many_numbered_ones_that_are_parked_close_no_way(self):
        self.interface().order_policy = "continue"
        self.faults["bad"] = Failure("order-not-open", "Done.")
        for number in range(1, 6):
            self.send_text("bad", sequence=str(number))
            self.drain()
        self.send_text("good", sequence="6")
        self.drain()
        self.assertEqual(self.posted, ["good"])
