# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextlib import suppress
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.failure import Failure
from ..models import mfg_drain_post
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
