# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Delivery by push, against a real HTTP server that fails in every way."""

import hashlib
import hmac
import json
import time
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..engine import delivery
from ..tools.push_http import Limits
from . import push_common as ways
from .push_common import PushCase
from .version_common import NEXT, VersionMixin


@tagged("post_install", "-at_install")
class TestPush(VersionMixin, PushCase):
    def test_delivered_signed_and_acknowledged(self):
        message = self.deliver(200)
        [request] = self.receiver.requests
        self.assertEqual(request.path, "/hook")
        self.assertEqual(request.id, message.event_id)
        self.assertEqual(request.id, request.event["id"])
        content_type = request.headers["content-type"]
        self.assertEqual(content_type, "application/cloudevents+json")
        self.assertEqual(request.verify(self.secret), json.loads(message.payload))
        self.assertEqual(message.state, "acknowledged")
        self.assertTrue(message.posted_at)
        self.assertIn("took it", message.sentence)
        attempt = message.attempt_ids
        self.assertEqual((attempt.number, attempt.outcome), (1, "acknowledged"))
        self.assertEqual(attempt.http_status, 200)
        self.assertEqual(attempt.answer, "told you <b>so</b>")
        health = self.health()
        self.assertEqual((health.delivered, health.breaker), (1, "closed"))
        self.push()
        self.assertEqual(len(self.receiver.requests), 1)

    def test_a_version_that_ends_says_so(self):
        self.deprecate()
        self.env["mfg.outbox"]._emit_test(self.endpoint)
        self.push()
        [request] = self.receiver.requests
        self.assertEqual(request.headers["sunset"], "Thu, 01 Jan 2099 00:00:00 GMT")
        there = f"<{self.env['mfg.contract'].get_base_url()}/mfg/v1/schemas/{NEXT}>"
        self.assertIn(there, request.headers["link"])

    def test_body_only_profile(self):
        self.endpoint.push_profile = "body_hex"
        secret = self.endpoint._rotate_push_secret("a secret of the plant's own")
        self.deliver()
        [request] = self.receiver.requests
        expected = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
        self.assertEqual(request.headers["x-signature"], expected)

    def test_retried_by_the_schedule_under_one_id_until_parked(self):
        self.receiver.always = 500
        message = self.emit()
        self.push()
        for attempt in range(1, delivery.ATTEMPTS):
            self.assertEqual(message.state, "retrying")
            self.assertEqual(message.error_code, "push-failed")
            wait = (message.next_try_at - fields.Datetime.now()).total_seconds()
            planned = delivery.PAUSES[attempt - 1]
            self.assertAlmostEqual(wait, planned, delta=0.1 * planned + 3)
            self.push()
            self.assertEqual(len(self.receiver.requests), attempt)
            self.after(seconds=wait + 60)
        self.assertParked(message, "push-failed")
        self.assertEqual(message.attempts, delivery.ATTEMPTS)
        self.assertEqual(set(self.receiver.ids), {message.event_id})
        self.assertEqual(len(message.attempt_ids), delivery.ATTEMPTS)
        self.assertEqual(message.attempt_ids[0].outcome, "parked")
        self.assertTrue(message.issue_id)
        self.assertIn("told you", message.sentence)
        self.receiver.always = 204
        message._retry("The plant is back")
        self.env["mfg.push.health"].search([])._let_try()
        self.push()
        self.assertEqual(message.state, "acknowledged")

    def assert_retrying(self, message, code, text=""):
        self.assertEqual((message.state, message.error_code), ("retrying", code))
        self.assertIn(text, message.error_detail)
        self.assertEqual(message.attempt_ids.outcome, "retrying")

    def test_a_plant_that_does_not_answer(self):
        begun = time.monotonic()
        self.assert_retrying(self.deliver(ways.hang), "push-unreachable", "in time")
        self.assertLess(time.monotonic() - begun, 4)

    def test_a_header_without_end_is_cut(self):
        begun = time.monotonic()
        message = self.deliver(ways.slow_headers)
        self.assert_retrying(message, "push-unreachable", "in time")
        self.assertLess(time.monotonic() - begun, 5)

    def test_a_broken_connection(self):
        self.assert_retrying(self.deliver(ways.reset), "push-unreachable", "closed")

    def test_what_is_no_http(self):
        self.assert_retrying(self.deliver(ways.no_http), "push-unreachable")

    def test_nobody_listens(self):
        dead = ways.Receiver()
        dead.close()
        self.endpoint.push_url = dead.url
        self.assert_retrying(self.deliver(), "push-unreachable", "refused")

    def test_a_name_nobody_knows(self):
        self.endpoint.push_url = "https://plant.invalid/"
        self.assert_retrying(self.deliver(), "push-unreachable", "not known")

    def test_the_status_counts_whatever_the_body_does(self):
        """And it does not take longer, however the connection is to end."""
        impatient = Limits(connect=1.0, read=1.0, total=0.7)
        for way in ways.WAYS_OF_A_BODY:
            for status, state in ((200, "acknowledged"), (500, "retrying")):
                with self.subTest(way=way.__name__, status=status):
                    self.receiver.plan[:] = [way(status)]
                    message = self.emit(f"{way.__name__}-{status}")
                    begun = time.monotonic()
                    self.push(impatient)
                    self.assertLess(time.monotonic() - begun, 3)
                    self.assertEqual(message.state, state)
                    self.assertEqual(message.attempt_ids.http_status, status)
                    self.assertLess(len(message.attempt_ids.answer or ""), 1001)

    def test_redirects_are_not_followed(self):
        inside = ways.Receiver()
        self.addCleanup(inside.close)
        for status in (301, 302, 303, 307, 308):
            with self.subTest(status=status):
                to = (status, {"location": inside.url})
                message = self.deliver(to, subject=f"order-{status}")
                self.assert_retrying(message, "push-redirected")
        self.assertFalse(inside.requests)

    def test_no_address_inside_without_an_administrators_word(self):
        self.endpoint.push_networks = False
        self.assert_retrying(self.deliver(), "push-address", "127.0.0.1")
        self.endpoint.push_url = self.receiver.url.replace("http:", "https:")
        message = self.deliver(subject="order-2")
        self.assert_retrying(message, "push-address", "127.0.0.1")
        self.assertFalse(self.receiver.requests)

    def test_what_answers_is_no_tls(self):
        """TLS is tried; nothing is sent in clear instead."""
        self.endpoint.push_url = self.receiver.url.replace("http:", "https:")
        self.assert_retrying(self.deliver(), "push-unreachable")
        self.assertFalse(self.receiver.requests)

    def test_order_per_key_and_keys_are_independent(self):
        first, second = self.emit("order-1"), self.emit("order-1")
        other = self.emit("order-2")
        self.receiver.plan[:] = [500]
        self.endpoint.push_rate = 0
        self.push()
        states = {m.id: m.state for m in (first, second, other)}
        failed = next(id_ for id_, state in states.items() if state == "retrying")
        self.assertIn(failed, (first.id, other.id))
        if failed == first.id:
            self.assertEqual((second.state, other.state), ("queued", "acknowledged"))
            self.assertIn("Goes out after", second.sentence)
        self.after(seconds=10)
        order = [id_ for id_ in self.receiver.ids if id_ != other.event_id]
        self.assertEqual(order[-2:], [first.event_id, second.event_id])

    def parked(self):
        """A message after its last attempt."""
        message = self.deliver(500)
        message.tries = delivery.ATTEMPTS - 1
        self.receiver.plan[:] = [500]
        self.after(seconds=10)
        return message

    def test_head_of_a_key_blocks_only_its_key(self):
        head = self.parked()
        followers = self.emit() | self.emit()
        other = self.emit("order-2")
        self.push()
        self.assertParked(head, "push-failed")
        self.assertEqual(followers.mapped("state"), ["queued"] * 2)
        self.assertEqual(other.state, "acknowledged")
        head._skip("It may come later")
        self.push()
        self.assertEqual(followers.mapped("state"), ["acknowledged"] * 2)
        self.assertEqual(head.state, "parked")
        self.assertEqual(
            self.receiver.ids[-2:], followers.sorted("id").mapped("event_id")
        )

    def test_an_interface_may_let_the_others_go_on(self):
        self.interface(ways.OUT).order_policy = "continue"
        head = self.parked()
        follower = self.emit()
        self.push()
        self.assertEqual((head.state, follower.state), ("parked", "acknowledged"))

    def test_cancelled_before_it_went_out(self):
        message = self.deliver(503)
        message._cancel("The order is gone")
        follower = self.emit()
        self.after(seconds=60)
        self.assertEqual(message.state, "cancelled")
        self.assertEqual(follower.state, "acknowledged")
        self.assertEqual(self.receiver.ids.count(message.event_id), 1)

    def test_pause_and_resume(self):
        message = self.emit()
        self.endpoint.action_push_pause()
        self.push()
        self.assertFalse(self.receiver.requests)
        self.assertIn("paused", message.sentence)
        self.endpoint.action_push_resume()
        self.endpoint.action_pause()
        self.push()
        self.assertFalse(self.receiver.requests)
        self.endpoint.action_resume()
        self.push()
        self.assertEqual(message.state, "acknowledged")

    def test_rate(self):
        self.endpoint.push_rate = 60
        messages = [self.emit(f"order-{number}") for number in range(3)]
        for expected in (1, 1, 2, 3):
            if expected > 1:
                self.health().paced_until -= 1.1
            self.push()
            self.assertEqual(len(self.receiver.requests), expected)
        self.assertEqual({m.state for m in messages}, {"acknowledged"})

    def test_without_a_secret_nothing_goes_out(self):
        endpoint = self.make_endpoint(
            "New",
            self.env.company,
            delivery="push",
            push_url=self.receiver.url,
            push_networks=ways.HERE,
        )
        message = self.emit(endpoint=endpoint)
        self.push()
        self.assertFalse(self.receiver.requests)
        self.assertIn("no secret yet", endpoint.push_sentence)
        secret = endpoint._rotate_push_secret()
        self.push()
        self.assertEqual(message.state, "acknowledged")
        self.assertTrue(self.receiver.requests[0].verify(secret))

    def test_a_test_event_shows_up_in_the_log(self):
        action = self.endpoint.action_push_test()
        message = self.env["mfg.message"].browse(action["res_id"])
        self.push()
        self.assertEqual(message.state, "acknowledged")
        event = self.receiver.requests[0].event
        self.assertEqual(event["type"], "mfg.connection.tested.v1")
        self.assertEqual(event["data"], {"text": "Hello from Odoo"})

    def test_pushed_messages_are_not_fetched_as_well(self):
        self.emit()
        outbox = self.env["mfg.outbox"]
        self.assertEqual(outbox.pull(self.endpoint, 10), ([], False))
        self.assertFalse(outbox.has_pending(self.endpoint))
        self.endpoint.delivery = "pull"
        self.assertEqual(len(outbox.pull(self.endpoint, 10)[0]), 1)
        self.endpoint.delivery = "push"
        self.push()
        self.assertEqual(len(self.receiver.requests), 1)

    def test_another_addon_may_render_it(self):
        rendered = ("application/xml", "<Job/>")
        self.patch(type(self.env["mfg.outbox"]), "_rendered", lambda *_args: rendered)
        message = self.deliver()
        [request] = self.receiver.requests
        self.assertEqual(request.body, b"<Job/>")
        self.assertEqual(request.headers["content-type"], "application/xml")
        self.assertEqual(request.headers["ce-id"], message.event_id)
        self.assertEqual(request.headers["ce-type"], message.type)
        self.assertEqual(request.headers["ce-specversion"], "1.0")
        self.assertNotIn("ce-data", request.headers)

    def test_try_now(self):
        message = self.deliver(500)
        self.assertGreater(message.next_try_at - fields.Datetime.now(), timedelta(0))
        self.endpoint.action_push_now()
        self.push()
        self.assertEqual(message.state, "acknowledged")
