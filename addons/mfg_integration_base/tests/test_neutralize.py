# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A neutralized copy and the plants of the original leave each other alone."""

from odoo import fields
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import new_test_user, tagged

from ..models.ir_http import METRICS_TOKEN_PARAMETER
from .http_common import DoorCase
from .push_common import HERE, OUT, PushCase

MODELS = ("mfg.drain", "mfg.push", "mfg.publisher")


class NeutralizeMixin:
    def neutralize(self):
        """What Odoo does to this addon in a copy, in the test's transaction."""
        queries = list(get_neutralization_queries(["mfg_integration_base"]))
        self.assertTrue(queries, "The addon has nothing to neutralize")
        self.env.flush_all()
        for query in queries:
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()

    def start(self):
        """What a server does when it starts on the database."""
        self.env["mfg.drain"]._sweep_at_start()

    def jobs(self, *models):
        """Wake-ups that a job runner would still perform."""
        return self.env["queue.job"].search(
            [
                ("model_name", "in", models or MODELS),
                ("state", "not in", ("done", "cancelled", "failed")),
            ]
        )

    def resume(self):
        self.endpoint.action_resume()
        self.endpoint.action_push_resume()


@tagged("post_install", "-at_install")
class TestNeutralizedPush(NeutralizeMixin, PushCase):
    def test_nothing_is_pushed(self):
        message = self.emit()
        inbound = self.send()
        self.env["mfg.push"]._wake()
        self.assertTrue(self.jobs())
        self.neutralize()
        self.assertFalse(self.jobs())
        self.start()
        self.assertFalse(self.jobs("mfg.drain", "mfg.push"))
        self.push()
        self.drain()
        self.assertFalse(self.receiver.requests)
        self.assertEqual((message.state, message.error_code), ("cancelled", False))
        self.assertIn("neutralized copy", message.sentence)
        self.assertEqual(inbound.state, "queued", "What came stays as it came")

    def test_nothing_is_left_to_push_with(self):
        self.endpoint._rotate_push_secret(overlap_hours=24)
        self.neutralize()
        endpoint = self.endpoint
        self.assertEqual((endpoint.state, endpoint.push_state), ("paused", "paused"))
        self.assertFalse(endpoint.push_url)
        self.assertFalse(endpoint.push_networks)
        self.assertFalse(endpoint.push_secret_at)
        self.assertFalse(endpoint.push_secret_old_until)
        self.assertFalse(self.env["mfg.push.secret"].search([]))
        self.assertEqual(endpoint.delivery, "push")
        self.resume()
        self.emit()
        self.push()
        self.assertFalse(self.receiver.requests)

    def test_a_test_plant_gets_only_what_is_of_the_copy(self):
        retrying = self.deliver(500, subject="older")
        old = self.emit("old")
        self.assertEqual((retrying.state, old.state), ("retrying", "queued"))
        self.receiver.requests.clear()
        self.neutralize()
        self.endpoint.write({"push_url": self.receiver.url, "push_networks": HERE})
        secret = self.endpoint._rotate_push_secret()
        self.resume()
        new = self.emit("new")
        self.push()
        [request] = self.receiver.requests
        self.assertEqual(request.id, new.event_id)
        self.assertTrue(request.verify(secret))
        self.assertEqual((old + retrying).mapped("state"), ["cancelled"] * 2)
        self.assertFalse(retrying.next_try_at)


@tagged("post_install", "-at_install")
class TestNeutralizedDoor(NeutralizeMixin, DoorCase):
    def emit(self):
        data = {"eventId": "e", "source": "s", "type": "t", "records": []}
        company = self.endpoint.company_id
        outbox = self.env["mfg.outbox"]
        return outbox.emit(OUT, "order-1", data, company, endpoint=self.endpoint)

    def test_no_key_opens_it(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(METRICS_TOKEN_PARAMETER, "monitoring-token")
        self.endpoint.signature_secret = "a secret of the plant"
        self.assertEqual(self.post_event().status_code, 202)
        self.assertEqual(self.call("/metrics", key="monitoring-token").status_code, 200)
        self.neutralize()
        self.assertEqual(self.post_event().status_code, 401)
        self.assertEqual(self.call("/outbox").status_code, 401)
        self.assertEqual(self.call("/metrics", key="monitoring-token").status_code, 401)
        self.assertFalse(self.endpoint.signature_secret)
        self.assertFalse(self.endpoint.has_key)

    def test_keys_of_people_are_not_ours_to_take(self):
        expires = fields.Datetime.add(fields.Datetime.now(), days=1)
        person = new_test_user(self.env, "with-a-key")
        keys = self.env["res.users.apikeys"].with_user(person).sudo()
        key = keys._generate("rpc", "A person's", expires)
        self.neutralize()
        self.assertEqual(keys._check_credentials(scope="rpc", key=key), person.id)

    def test_nothing_is_handed_out(self):
        self.emit()
        handed = self.emit()
        self.call("/outbox?limit=1")
        self.neutralize()
        self.key = self.endpoint._rotate_key()
        self.assertEqual(self.call("/outbox").json()["deliveries"], [])
        self.endpoint.action_resume()
        self.assertEqual(self.call("/outbox").json()["deliveries"], [])
        self.assertEqual(handed.state, "cancelled")
        new = self.emit()
        [delivery] = self.call("/outbox").json()["deliveries"]
        self.assertEqual(delivery["deliveryId"], str(new.id))
