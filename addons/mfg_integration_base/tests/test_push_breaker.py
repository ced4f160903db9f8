# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The circuit breaker, secrets and what else an endpoint's delivery keeps."""

import logging
import time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..engine import signature
from . import push_common as ways
from .push_common import PushCase, Receiver


@tagged("post_install", "-at_install")
class TestBreaker(PushCase):
    def break_down(self, count=10):
        self.receiver.always = 500
        messages = [self.emit(f"order-{number}") for number in range(count)]
        self.push()
        return messages

    def issue(self):
        return self.env["mfg.issue"].search(
            [("endpoint_id", "=", self.endpoint.id), ("cause", "=", "push")]
        )

    def test_opens_tells_and_comes_back(self):
        owner = new_test_user(self.env, "plant-owner", "base.group_user")
        self.interface(ways.OUT).owner_id = owner
        self.break_down()
        self.assertEqual(self.health().breaker, "open")
        self.assertEqual(self.endpoint.push_breaker, "open")
        self.assertIn("HTTP 500", self.endpoint.push_sentence)
        self.assertEqual(self.issue().state, "open")
        self.assertEqual(self.issue().owner_id, owner)
        self.assertEqual(self.issue().activity_ids.user_id, owner)
        self.assertIn("HTTP 500", self.issue().message_ids[0].body)
        late = self.emit("late")
        self.push()
        self.assertEqual(len(self.receiver.requests), 10)  # nothing while it is open
        self.assertEqual(late.state, "queued")
        self.after(seconds=31)
        self.assertEqual(
            len(self.receiver.requests), 11
        )  # one finds out: it still fails
        self.assertEqual(self.health().breaker, "open")
        self.receiver.always = 204
        self.after(seconds=31)
        self.assertEqual(self.health().breaker, "closed")
        self.assertEqual(self.issue().state, "resolved")
        self.assertFalse(self.issue().activity_ids)
        self.after(seconds=31)
        self.assertEqual(late.state, "acknowledged")
        self.assertFalse(self.endpoint.push_sentence)

    def test_a_person_need_not_wait_for_it(self):
        messages = self.break_down()
        self.receiver.always = 204
        self.endpoint.action_push_now()
        self.assertEqual(self.health().breaker, "half_open")
        self.push()
        self.assertEqual({m.state for m in messages}, {"acknowledged"})

    def test_refusals_are_no_failures_of_the_plant(self):
        self.receiver.always = 422
        for number in range(12):
            self.emit(f"order-{number}")
        self.push()
        self.assertEqual(self.health().breaker, "closed")

    def test_others_are_not_slowed_by_one_that_is_dead(self):
        alive = Receiver()
        self.addCleanup(alive.close)
        other, _secret = self.pushed("Alive", alive.url)
        self.receiver.always = ways.hang
        slow = [self.emit(f"order-{number}") for number in range(4)]
        quick = [self.emit(f"order-{n}", endpoint=other) for n in range(40)]
        begun = time.monotonic()
        self.push()
        took = max(request.at for request in alive.requests) - begun
        self.assertEqual({m.state for m in quick}, {"acknowledged"})
        self.assertEqual({m.state for m in slow}, {"retrying"})
        self.assertLess(took, 1.0)  # the dead one was waited for much longer
        self.assertGreater(time.monotonic() - begun, 1.0)

    def test_metrics(self):
        self.break_down()
        waiting = self.emit("late")
        self.env.flush_all()
        families = self.env["mfg.metrics"]._families(self.endpoint)
        by_name = {family.name: family.samples for family in families}
        code = self.endpoint.code
        states = {
            sample.labels["state"]: sample.value
            for sample in by_name["mfg_push_breaker"]
            if sample.labels["endpoint"] == code
        }
        self.assertEqual(states, {"closed": 0, "half_open": 0, "open": 1})
        ends = {
            s.labels["outcome"]: s.value for s in by_name["mfg_push_attempts_total"]
        }
        self.assertEqual(ends, {"delivered": 0, "failed": 10})
        [age] = by_name["mfg_push_oldest_undelivered_seconds"]
        self.assertEqual(age.labels, {"endpoint": code})
        self.assertGreaterEqual(age.value, 0)
        self.assertTrue(waiting)
        self.endpoint.active = False
        self.env.flush_all()
        families = self.env["mfg.metrics"]._families(self.endpoint)
        self.assertFalse([f for f in families if "undelivered" in f.name and f.samples])
        mine = self.env["mfg.metrics"]._families(
            self.make_endpoint("X", self.env.company)
        )
        self.assertNotIn(code, str(mine))


@tagged("post_install", "-at_install")
class TestSettings(PushCase):
    def manager(self):
        groups = (
            "base.group_user,base.group_allow_export,"
            "mfg_integration_base.group_mfg_manager"
        )
        return new_test_user(self.env, "push-manager", groups)

    def test_addresses_that_cannot_be_saved(self):
        for url in ("", "mes.example", "https://user:secret@mes.example/", "ftp://x"):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.endpoint.push_url = url
        with self.assertRaises(ValidationError):
            self.endpoint.push_networks = "10.0.0.0/99"
        with self.assertRaises(ValidationError):
            self.endpoint.push_rate = -1

    def test_only_an_administrator_opens_networks(self):
        endpoint = self.endpoint.with_user(self.manager())
        endpoint.push_url = "https://mes.example/"
        with self.assertRaises(AccessError):
            endpoint.write({"push_networks": "0.0.0.0/0"})
        self.assertNotIn("push_networks", endpoint.fields_get())

    def test_nobody_reads_a_secret(self):
        secret = self.endpoint._rotate_push_secret()
        admin = self.env.ref("base.user_admin")
        rows = self.env["mfg.push.secret"].with_user(admin)
        with self.assertRaises(AccessError):
            rows.search([])
        endpoint = self.endpoint.with_user(self.manager())
        names = [*endpoint.fields_get()]
        self.assertNotIn(secret, str(endpoint.read(names)))
        self.assertNotIn(secret, str(endpoint.export_data(["name", "push_url"])))
        self.assertNotIn(secret, str(self.endpoint.message_ids.mapped("body")))
        tracked = self.endpoint.message_ids.tracking_value_ids
        self.assertNotIn(secret, str(tracked.mapped("new_value_char")))
        jobs = self.env["queue.job"].search([])
        self.assertNotIn(secret, str(jobs.mapped("kwargs")))

    def test_a_secret_is_in_no_log(self):
        """Of our own loggers; SQL at DEBUG shows what is stored, as everywhere."""
        with self.assertLogs("odoo.addons", "DEBUG") as logs:
            self.deliver(500)
            self.endpoint._rotate_push_secret()
            self.deliver(ways.reset, subject="order-2")
            logging.getLogger("odoo.addons").debug("so that there is one")
        self.assertNotIn("whsec_", "\n".join(logs.output))

    def test_rotation_with_overlap(self):
        self.deliver()
        new = self.endpoint._rotate_push_secret(overlap_hours=24)
        self.deliver(subject="order-2")
        for secret in (self.secret, new):  # whichever the plant holds by now
            self.assertTrue(self.receiver.requests[-1].verify(secret))
        self.assertTrue(self.endpoint.push_secret_old_until)
        old = self.env["mfg.push.secret"].search([("expires_at", "!=", False)])
        old.expires_at = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        self.deliver(subject="order-3")
        self.assertTrue(self.receiver.requests[-1].verify(new))
        with self.assertRaises(Exception):  # noqa: B017 the library's own kind
            self.receiver.requests[-1].verify(self.secret)
        self.env["mfg.push.secret"]._gc_secrets()
        self.assertFalse(old.exists())

    def test_rotation_by_the_dialog_shows_it_once(self):
        env = self.env(user=self.manager())
        action = self.endpoint.with_env(env).action_push_secret()
        wizard = env["mfg.push.rotate"].with_context(**action["context"]).create({})
        self.assertEqual(wizard.overlap_hours, 24)
        wizard.own_secret = "whsec_too-short"
        with self.assertRaises(UserError), self.env.cr.savepoint():
            wizard.action_rotate()
        wizard.own_secret = False
        shown = wizard.action_rotate()
        self.assertFalse(wizard.exists())
        secret = shown["context"]["default_secret"]
        self.deliver()
        self.assertTrue(self.receiver.requests[-1].verify(secret))
        self.assertTrue(self.receiver.requests[-1].verify(self.secret))

    def test_body_only_has_the_newest_alone_in_its_header(self):
        """A receiver compares the whole header; the older one has one of its own."""
        self.endpoint.push_profile = "body_hex"
        wizard = self.env["mfg.push.rotate"].create({"endpoint_id": self.endpoint.id})
        self.assertEqual(wizard.overlap_hours, 0)
        first = self.endpoint._rotate_push_secret("a secret of the plant's own")
        second = self.endpoint._rotate_push_secret(overlap_hours=1)
        self.deliver()
        [request] = self.receiver.requests
        signed = [signature.sign_body_hex(one, request.body) for one in (second, first)]
        self.assertEqual(request.headers["x-signature"], signed[0])
        self.assertEqual(request.headers["x-signature-previous"], signed[1])

    def test_a_profile_that_the_secret_cannot_be_used_with(self):
        self.endpoint.push_profile = "body_hex"
        self.endpoint._rotate_push_secret("a secret of the plant's own")
        with self.assertRaisesRegex(ValidationError, "Change the secret first"):
            self.endpoint.push_profile = "standard"
        secret = self.endpoint._rotate_push_secret()
        self.endpoint.push_profile = "standard"
        self.deliver()
        self.assertTrue(self.receiver.requests[0].verify(secret))

    def test_only_managers_touch_delivery(self):
        groups = "base.group_user,mfg_integration_base.group_mfg_operator"
        operator = new_test_user(self.env, "push-operator", groups)
        endpoint = self.endpoint.with_user(operator)
        for action in ("pause", "resume", "now", "test"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(endpoint, f"action_push_{action}")()
        with self.assertRaises(AccessError):
            endpoint._rotate_push_secret()

    def test_set_up_by_the_wizard(self):
        wizard = self.env["mfg.endpoint.setup"].create(
            {
                "name": "MES by push",
                "code": "mes-by-push",
                "source": "urn:plant:mes-by-push",
                "delivery": "push",
                "push_url": f" {self.receiver.url} ",
            }
        )
        shown = wizard.action_create()["context"]
        endpoint = self.env["mfg.endpoint"].browse(shown["default_endpoint_id"])
        self.assertEqual(endpoint.push_url, self.receiver.url)
        endpoint.push_networks = ways.HERE
        self.emit(endpoint=endpoint)
        self.push()
        secret = shown["default_push_secret"]
        self.assertTrue(self.receiver.requests[-1].verify(secret))
