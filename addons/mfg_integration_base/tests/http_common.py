# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json

from odoo.tests import HttpCase

from ..hooks import post_load
from ..models import ir_http
from .common import TESTED, PlantCase

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
PROBLEM = "application/problem+json"
CE = {"ce-specversion": "1.0", "ce-source": "urn:test:mes", "ce-type": TESTED}


class DoorCase(PlantCase, HttpCase):
    """A plant in front of the real HTTP server, with a real key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.endpoint._rotate_key()
        # pytest imports the addon itself, and Odoo then leaves its post_load out
        post_load()

    def setUp(self):
        super().setUp()
        for throttle in (ir_http._failures, ir_http._events):
            throttle.clear()
            self.addCleanup(throttle.clear)

    def call(
        self, path, body=None, content_type=None, key=None, method=None, **headers
    ):
        """One request; `body` may be bytes, text or something to be written as JSON."""
        if body is not None and not isinstance(body, bytes | str):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not False:
            headers["Authorization"] = f"Bearer {key or self.key}"
        if content_type:
            headers["Content-Type"] = content_type
        self.env.flush_all()
        answer = self.url_open(
            f"/mfg/v1{path}", data=body, headers=headers, method=method, timeout=60
        )
        self.env.invalidate_all()
        self.assertNotIn("Set-Cookie", answer.headers)
        nosniff = answer.headers.get("X-Content-Type-Options")
        self.assertEqual(nosniff, "nosniff", answer.text[:300])
        return answer

    def post_event(self, event=None, path="/events", **options):
        event = self.event() if event is None else event
        return self.call(path, event, STRUCTURED, **options)

    def post_batch(self, events, path="/events", **options):
        return self.call(path, events, BATCH, **options)

    def message_of(self, answer):
        """The message that an answer object points to."""
        answer = answer if isinstance(answer, dict) else answer.json()
        self.assertTrue(answer["href"].startswith("/mfg/v1/events/"))
        message = self.env["mfg.message"].browse(int(answer["href"].rpartition("/")[2]))
        self.assertTrue(message.exists())
        return message

    def assertProblem(self, answer, status, code, *pointers):
        """A problem answer with these pointers; returns its body."""
        self.assertEqual(answer.status_code, status, answer.text[:500])
        self.assertEqual(answer.headers["Content-Type"], PROBLEM)
        body = answer.json()
        self.assertEqual(body["code"], code)
        for member in ("type", "title", "detail", "status"):
            self.assertTrue(body[member])
        self.assertEqual({e["pointer"] for e in body["errors"]}, set(pointers))
        self.assertNotIn("Traceback", answer.text)
        return body

    def messages(self):
        """What the log holds of the endpoint, newest first."""
        return self.env["mfg.message"].search([("endpoint_id", "=", self.endpoint.id)])
