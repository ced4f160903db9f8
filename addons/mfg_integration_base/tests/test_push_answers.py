# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What a plant answers to a delivery, and what becomes of it."""

import time
from datetime import timedelta
from email.utils import formatdate

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..engine import delivery, signature
from .push_common import PushCase


@tagged("post_install", "-at_install")
class TestAnswers(PushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,mfg_integration_base.group_mfg_operator"
        cls.owner = new_test_user(cls.env, "push-owner", groups)
        cls.endpoint.interface_ids.owner_id = cls.owner

    def issue(self, code):
        issues = self.env["mfg.issue"]
        return issues.search(
            [("endpoint_id", "=", self.endpoint.id), ("code", "=", code)]
        )

    def assert_retrying(self, message, code, seconds):
        self.assertEqual((message.state, message.error_code), ("retrying", code))
        wait = message.next_try_at - fields.Datetime.now()
        self.assertAlmostEqual(wait.total_seconds(), seconds, delta=4 + seconds / 10)

    # -- refused, misdirected, gone ----------------------------------------------------

    def test_refused(self):
        message = self.deliver(422)
        self.assertEqual(
            (message.state, message.error_code), ("refused", "push-refused")
        )
        self.assertIn("told you", message.error_detail)
        self.assertIn("both clocks", message.next_action)
        issue = self.issue("push-refused")
        self.assertEqual(message.issue_id, issue)
        self.assertEqual((issue.state, issue.parked_count), ("open", 1))
        self.assertEqual(issue.owner_id, self.owner)
        self.assertEqual(issue.parked_message_ids, message)
        follower = self.emit()
        self.push()
        self.assertEqual(follower.state, "acknowledged")
        message._retry("The plant knows the product now")
        self.assertEqual(issue.state, "resolved")
        self.push()
        self.assertEqual(message.state, "acknowledged")

    def test_an_address_that_is_not_known_is_tried_again_and_told_at_once(self):
        """A proxy says so while what is behind it is being replaced."""
        for status in (401, 403, 404, 405, 407, 421):
            with self.subTest(status=status):
                message = self.deliver(status, subject=f"order-{status}")
                self.assert_retrying(message, "push-misdirected", 5)
                self.assertIn("Check the address", message.next_action)
                issue = self.issue("push-misdirected")
                self.assertEqual((issue.state, issue.owner_id), ("open", self.owner))
                self.assertEqual(issue.activity_ids.user_id, self.owner)
                self.assertEqual(len(issue.activity_ids), 1)
                said = f"HTTP {status}"
                [told] = [m for m in issue.message_ids if said in (m.body or "")]
                self.assertIn(self.owner.partner_id, told.notified_partner_ids)
                time.sleep(1.1)  # the health knows seconds
                self.after(seconds=10)
                self.assertEqual(message.state, "acknowledged")
                self.assertEqual(issue.state, "resolved")
                self.assertFalse(issue.activity_ids)

    def test_it_is_parked_after_the_last_attempt(self):
        message = self.deliver(404)
        message.tries = delivery.ATTEMPTS - 1
        self.receiver.always = 404
        self.after(seconds=10)
        self.assertParked(message, "push-misdirected")
        self.assertTrue(message.issue_id)

    def test_who_finds_out_for_an_open_breaker_is_not_parked(self):
        self.receiver.always = 404
        messages = [self.emit(f"order-{number}") for number in range(12)]
        self.push()
        self.assertEqual(self.health().breaker, "open")
        for _probe in range(3):
            self.after(seconds=31)
        states = {message.state for message in messages}
        self.assertEqual(states - {"queued"}, {"retrying"})

    def checking(self, secret, seconds=0):
        """A plant that answers 400 to what it does not believe, by its own clock."""

        def check(handler):
            request = self.receiver.requests[-1]
            now = time.time() + seconds
            good = signature.verify_standard(secret, request.headers, request.body, now)
            self.receiver.act(handler, 204 if good else 400)

        return check

    def test_a_plant_that_believes_nothing_is_no_plant_that_works(self):
        """400 to everything: a wrong secret, or a clock that is off."""
        for name, plant in (
            ("secret", self.checking(signature.new_secret())),
            ("clock", self.checking(self.secret, 400)),
        ):
            with self.subTest(name):
                self.health().unlink()
                self.receiver.always = plant
                self.endpoint.push_rate = 1200  # one after another, as they are read
                messages = [self.emit(f"{name}-{number}") for number in range(14)]
                for _time in messages:
                    self.health().paced_until = 0
                    self.push()
                self.assertEqual(self.health().breaker, "open")
                self.assertEqual(self.issue("push-failed").state, "open")
                self.assertEqual(self.issue("push-refused").parked_count, 10)
                states = [message.state for message in messages]
                self.assertEqual(states, ["refused"] * 10 + ["queued"] * 4)
                self.receiver.always = self.checking(self.secret)
                for message in messages[:10]:
                    message._retry("It believes us now")
                self.endpoint.push_rate = 0
                self.endpoint.action_push_now()
                self.push()
                self.assertEqual({m.state for m in messages}, {"acknowledged"})
                self.assertEqual(self.issue("push-refused").state, "resolved")

    def test_410_ends_delivery_and_people_are_told(self):
        message = self.deliver(410)
        self.assertEqual(self.endpoint.push_state, "gone")
        self.env.flush_all()
        told = self.endpoint.message_ids.mapped("body")
        self.assertIn("answered 410", "".join(told))
        issue = self.issue("push-gone")
        self.assertEqual(issue.state, "open")
        self.assertEqual(issue.activity_ids.user_id, self.owner)
        self.assertEqual(issue.cause_text, "Delivery by push")
        other = self.emit("order-2")
        self.push()
        self.assertEqual(len(self.receiver.requests), 1)
        self.assertIn("ended", other.sentence)
        self.endpoint.action_push_resume()
        self.assertEqual(issue.state, "resolved")
        self.assertFalse(issue.activity_ids)
        self.push()
        self.assertEqual((message | other).mapped("state"), ["acknowledged"] * 2)

    # -- a plant that asks for time ----------------------------------------------------

    def test_retry_after(self):
        soon = formatdate(time.time() + 600, usegmt=True)
        for status in (429, 503):
            for header, seconds in (("40", 40), (soon, 600), ("9" * 30, 3600)):
                with self.subTest(status=status, header=header):
                    self.health().rests_until = False
                    told = (status, {"retry-after": header})
                    message = self.deliver(told, subject=f"{status}-{header}")
                    self.assert_retrying(message, "push-busy", seconds)
                    rest = self.health().rests_until - fields.Datetime.now()
                    self.assertAlmostEqual(rest.total_seconds(), seconds, delta=5)

    def test_the_whole_endpoint_rests_when_asked_to(self):
        self.deliver((429, {"retry-after": "30"}))
        other = self.emit("order-2")
        self.push()
        self.assertEqual(len(self.receiver.requests), 1)
        self.assertEqual(other.state, "queued")
        self.assertIn("asked for a pause", self.endpoint.push_sentence)
        self.after(seconds=31)
        self.assertEqual(other.state, "acknowledged")

    def test_429_again_and_again_is_no_failed_attempt(self):
        """It waits as long as it is asked to, and keeps its ten attempts."""
        message = self.emit()
        for number in range(1, 5):
            self.receiver.plan[:] = [(429, {"retry-after": "2"})]
            self.after(seconds=3)
            self.assert_retrying(message, "push-busy", 2)
            self.assertEqual((message.attempts, message.tries), (number, 0))
        self.after(seconds=3)
        self.assertEqual(message.state, "acknowledged")
        self.assertEqual(len(message.attempt_ids), 5)

    def test_429_without_an_end(self):
        message = self.deliver((429, {"retry-after": "2"}))
        message.attempts = delivery.PUT_OFF
        self.receiver.plan[:] = [(429, {"retry-after": "2"})] * 2
        self.after(seconds=3)
        self.assert_retrying(message, "push-busy", 5)
        self.after(seconds=8)
        self.assert_retrying(message, "push-busy", 300)
        self.assertEqual(message.tries, 2)

    def test_429_without_a_time_gives_a_rest_to_the_whole_endpoint(self):
        self.receiver.always = 429
        messages = [self.emit(f"order-{number}") for number in range(40)]
        self.push()
        asked = len(self.receiver.requests)
        self.assertLessEqual(asked, 8)  # four were under way, and four behind them
        self.push()
        self.assertEqual(len(self.receiver.requests), asked)
        rest = self.health().rests_until - fields.Datetime.now()
        self.assertAlmostEqual(rest.total_seconds(), delivery.REST, delta=3)
        self.receiver.always = 204
        self.after(seconds=delivery.REST + 1)
        self.assertEqual({m.state for m in messages}, {"acknowledged"})

    def test_429_to_the_one_that_finds_out_for_an_open_breaker(self):
        self.receiver.always = 500
        messages = [self.emit(f"order-{number}") for number in range(14)]
        self.push()
        self.assertEqual(self.health().breaker, "open")
        known = len(self.receiver.requests)
        self.receiver.always = 429
        self.after(seconds=31)
        self.push()
        self.assertEqual(len(self.receiver.requests), known + 1)
        self.assertEqual(self.health().breaker, "half_open")
        rest = self.health().rests_until - fields.Datetime.now()
        self.assertGreater(rest, timedelta(seconds=10))
        self.receiver.always = 204
        self.after(seconds=600)
        self.assertEqual(self.health().breaker, "closed")
        self.after(seconds=600)
        self.assertEqual({m.state for m in messages}, {"acknowledged"})

    # -- what it says ------------------------------------------------------------------

    def test_strange_answers_are_stored_as_text(self):
        def strange(handler):
            body = b"\x00\xff\x1b[31m<script>alert(1)</script>\r\n" + b"z" * 5000
            handler.send_response(400)
            handler.send_header("content-length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        message = self.deliver(strange)
        answer = message.attempt_ids.answer
        self.assertNotIn("\x00", answer)
        self.assertNotIn("\x1b", answer)
        self.assertIn("<script>", answer)  # as text: no field renders it as HTML
        self.assertEqual(len(answer), 1000)
