# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.failure import Failure
from ..models import mfg_drain, mfg_drain_key, mfg_drain_post
from .common import PlantCase

DRAIN_LOG = "odoo.addons.mfg_integration_base.models.mfg_drain_post"


class FaultyCase(PlantCase):
    """Faults are put into the one handler of the base, by the text of the event."""

    def setUp(self):
        super().setUp()
        self.faults = {}
        self.posted = []
        self.handler = type(self.env["mfg.handler.connection.tested"])
        original = self.handler._post_one
        case = self

        def post_one(handler, message, facts):
            text = message._event_data()["text"]
            original(handler, message, facts)  # the fault strikes half-way
            if text in case.faults:
                raise case.faults[text]
            case.posted.append(text)

        self.startPatcher(patch.object(self.handler, "_post_one", post_one))

    def send_text(self, text, **attributes):
        attributes.setdefault("subject", "order-1")
        return self.send(data={"text": text}, **attributes)

    def assertWokenAt(self, message):
        """A job will look at the message when its time has come."""
        jobs = self.env["queue.job"].search([("model_name", "=", "mfg.drain")])
        moments = [eta.replace(microsecond=0) for eta in jobs.mapped("eta") if eta]
        self.assertIn(message.next_try_at.replace(microsecond=0), moments)

    def later(self, message, seconds):
        """Let time pass for a message instead of waiting."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mfg_message SET next_try_at = next_try_at - %s::interval,"
            " received_at = received_at - %s::interval WHERE id = %s",
            (f"{seconds} seconds", f"{seconds} seconds", message.id),
        )
        message.invalidate_recordset()


@tagged("post_install", "-at_install")
class TestDrain(FaultyCase):
    def test_posts_with_attempt_and_link(self):
        message = self.post()
        self.assertEqual(message.state, "posted")
        self.assertEqual(message.attempts, 1)
        self.assertEqual(message.attempt_ids.outcome, "posted")
        self.assertEqual(message.link_ids.res_model, "mfg.endpoint")
        self.assertTrue(message.posted_at)

    def test_posted_once_however_often_drained(self):
        self.send_text("a")
        self.drain()
        self.drain()
        self.assertEqual(self.posted, ["a"])

    def test_failure_leaves_nothing_half_posted(self):
        self.faults["bad"] = Failure("over-tolerance", "Too many.")
        message = self.send_text("bad")
        self.drain()
        self.assertParked(message, "over-tolerance")
        self.assertFalse(message.link_ids)
        self.assertEqual(message.attempt_ids.mapped("outcome"), ["parked"])

    def test_bug_is_parked_with_its_trace(self):
        self.faults["bug"] = ZeroDivisionError("oops")
        message = self.send_text("bug")
        with mute_logger(DRAIN_LOG):
            self.drain()
        self.assertParked(message, "internal")
        self.assertIn("ZeroDivisionError", message.attempt_ids.trace)
        self.assertNotIn("Traceback", message.error_detail)

    def test_odoo_refusals_have_codes(self):
        self.faults["access"] = AccessError("Not yours.")
        self.faults["user"] = UserError("Not like this.")
        access = self.send_text("access", subject="a")
        user = self.send_text("user", subject="b")
        self.drain()
        self.assertParked(access, "not-permitted")
        self.assertParked(user, "internal")
        self.assertIn("Not like this.", user.error_detail)

    def test_bad_one_of_a_run_does_not_undo_the_good_ones(self):
        self.faults["bad"] = Failure("order-not-open", "Done.")
        messages = [self.send_text(text) for text in ("a", "b", "bad", "c")]
        self.drain()
        self.assertEqual(
            [m.state for m in messages], ["posted", "posted", "parked", "waiting"]
        )
        self.assertEqual([m.attempts for m in messages], [1, 1, 1, 0])

    def test_what_does_not_fit_into_a_run_is_posted_by_the_next(self):
        self.startPatcher(patch.object(mfg_drain_post, "RUN_SECONDS", -1.0))
        self.interface().join = False
        messages = [self.send_text(text) for text in "abc"]
        self.drain()
        self.assertEqual(self.posted, ["a", "b", "c"])
        self.assertEqual([m.state for m in messages], ["posted"] * 3)
        self.assertEqual([m.attempts for m in messages], [1, 1, 1])
        self.assertEqual([len(m.attempt_ids) for m in messages], [1, 1, 1])

    def test_parked_holds_back_only_its_own_key(self):
        self.faults["bad"] = Failure("order-not-open", "Done.")
        self.send_text("bad", subject="one")
        follower = self.send_text("a", subject="one")
        other = self.send_text("b", subject="two")
        self.drain()
        self.assertEqual((follower.state, other.state), ("waiting", "posted"))

    def test_interface_may_let_followers_go_on(self):
        self.interface().order_policy = "continue"
        self.faults["bad"] = Failure("order-not-open", "Done.")
        self.send_text("bad")
        follower = self.send_text("a")
        self.drain()
        self.assertEqual(follower.state, "posted")

    def test_interface_that_lets_followers_go_on_lets_those_go_that_wait(self):
        self.faults["bad"] = Failure("order-not-open", "Done.")
        bad, follower = self.send_text("bad"), self.send_text("a")
        other = self.send_text("b", subject="order-2")
        self.drain()
        self.assertEqual((follower.state, other.state), ("waiting", "posted"))
        self.interface().order_policy = "continue"
        self.drain()
        self.assertEqual((bad.state, follower.state), ("parked", "posted"))

    def test_interface_that_still_holds_back_lets_nobody_go(self):
        self.faults["bad"] = Failure("order-not-open", "Done.")
        self.send_text("bad")
        follower = self.send_text("a")
        self.drain()
        self.interface().write({"order_policy": "hold", "sla_minutes": 5})
        self.assertEqual(follower.state, "waiting")

    def test_passing_failure_is_retried_with_a_pause_and_then_parked(self):
        self.interface().max_attempts = 2
        self.faults["busy"] = Failure("unavailable", "Busy.")
        message = self.send_text("busy")
        follower = self.send_text("a")
        self.drain()
        self.assertEqual((message.state, follower.state), ("retrying", "waiting"))
        self.assertGreater(message.next_try_at, fields.Datetime.now())
        self.assertWokenAt(message)
        self.drain()
        self.assertEqual(message.attempts, 1, "not before its time")
        self.later(message, 60)
        self.drain()
        self.assertParked(message, "unavailable")
        self.assertEqual(message.attempts, 2)

    def test_a_wake_up_comes_a_fraction_of_a_second_after_its_time(self):
        """And is not lost: the next one may be the sweep's."""
        self.faults["busy"] = Failure("unavailable", "Busy.")
        message = self.send_text("busy")
        self.drain()
        self.faults.clear()
        self.env.cr.execute(
            "UPDATE mfg_message SET next_try_at = clock_timestamp() AT TIME ZONE 'utc'"
            " WHERE id = %s",
            (message.id,),
        )
        message.invalidate_recordset()
        self.drain()
        self.assertEqual(message.state, "posted")

    def test_passing_failure_that_passes(self):
        self.faults["busy"] = Failure("unavailable", "Busy.")
        message = self.send_text("busy")
        follower = self.send_text("a")
        self.drain()
        self.faults.clear()
        self.later(message, 60)
        self.drain()
        self.assertEqual((message.state, follower.state), ("posted", "posted"))
        self.assertFalse(message.error_code)
        self.assertEqual(self.posted, ["busy", "a"])

    def begun(self, message, tries):
        """The server stopped so often while it posted a message."""
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO mfg_message_claim (message_id, tries) VALUES (%s, %s)",
            (message.id, tries),
        )
        message.invalidate_recordset()

    def test_message_that_stops_its_worker_is_quarantined(self):
        self.interface().max_attempts = 3
        message = self.send_text("killer")
        neighbour = self.send_text("a", subject="other")
        self.begun(message, 3)
        self.drain()
        self.assertParked(message, "server-stopped")
        self.assertEqual((neighbour.state, self.posted), ("posted", ["a"]))

    def test_what_was_in_hand_when_the_server_stopped_is_posted_at_once(self):
        message = self.send_text("a")
        self.begun(message, 1)
        self.drain()
        self.assertEqual((message.state, message.attempts), ("posted", 2))

    def test_the_next_time_it_waits_longer_and_longer(self):
        message = self.send_text("a")
        pauses = []
        for tries in range(2, 5):
            self.begun(message, 2 if tries == 2 else 1)
            self.drain()
            self.assertEqual(message.state, "retrying")
            self.assertEqual(message.error_code, "server-stopped")
            self.assertEqual(message.attempts, tries)
            pauses.append(message.next_try_at - fields.Datetime.now())
            self.later(message, 900)
            message.flush_recordset()
        self.assertLess(pauses[0], pauses[-1])
        self.drain()
        self.assertEqual((message.state, self.posted), ("posted", ["a"]))

    def test_what_waits_behind_it_does_not_wait_longer_for_that(self):
        """Of what was in hand together only the first one is under suspicion."""
        first, second, third = (self.send_text(text) for text in "abc")
        self.begun(first, 2)
        self.begun(second, 1)
        self.begun(third, 1)
        self.drain()
        self.assertEqual((first.state, second.state), ("retrying", "waiting"))
        self.begun(second, 1)  # the server stops again, in the run that comes after
        self.begun(third, 1)
        self.later(first, 900)
        self.drain()
        self.assertEqual(self.posted, ["a", "b", "c"])

    def test_a_server_that_stops_between_two_runs_leaves_nobody_waiting(self):
        """Followers wait out of the drain's sight; what they waited for is over."""
        self.faults["busy"] = Failure("unavailable", "Busy.")
        head, *followers = (self.send_text(text) for text in ("busy", "a", "b"))
        self.drain()
        self.faults.clear()
        self.later(head, 60)
        drains = type(self.env["mfg.drain"])
        post_run = drains._post_run

        def stopping(drain, run):
            post_run(drain, run[:1])
            raise KeyboardInterrupt

        # not assertRaises: that would undo what was posted
        with patch.object(drains, "_post_run", stopping), suppress(KeyboardInterrupt):
            self.drain()
        self.assertEqual(head.state, "posted")
        self.drain()
        self.assertEqual([m.state for m in followers], ["posted"] * 2)

    def test_pauses_after_stops_are_short(self):
        """Work shall go on within a minute of the last stop."""
        message = self.send_text("a")
        self.begun(message, 7)
        self.drain()
        pause = message.next_try_at - fields.Datetime.now()
        self.assertLessEqual(pause.total_seconds(), 30)
        self.assertGreater(pause.total_seconds(), 10)

    def test_paused_endpoint_keeps_and_posts_later(self):
        self.endpoint.action_pause()
        message = self.send_text("a")
        self.drain()
        self.assertEqual(message.state, "queued")
        self.endpoint.action_resume()
        self.drain()
        self.assertEqual(message.state, "posted")

    def test_shadow_changes_nothing_and_says_what_it_would(self):
        self.interface().shadow = True
        message = self.post()
        self.assertEqual(message.state, "cancelled")
        self.assertFalse(message.link_ids)
        self.assertIn(self.endpoint.name, message.error_detail)

    def test_expired_is_parked(self):
        message = self.post(expirytime="2020-01-01T00:00:00Z")
        self.assertParked(message, "expired")

    def test_runs_as_the_service_user(self):
        users = []
        original = self.handler._check

        def check(handler, message):
            users.append((handler.env.user, handler.env.su, handler.env.company))
            original(handler, message)

        with patch.object(self.handler, "_check", check):
            self.post()
        self.assertEqual(
            users, [(self.endpoint.user_id, False, self.endpoint.company_id)]
        )

    def test_state_is_written_by_transitions_only(self):
        message = self.post()
        with self.assertRaises(AccessError):
            message.write({"state": "queued"})
        with self.assertRaises(UserError):
            message._transition("posted")


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
