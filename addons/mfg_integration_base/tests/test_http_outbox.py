# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
import time
from unittest.mock import patch

from odoo.tests import tagged

from ..controllers import waiting
from .http_common import DoorCase

OUT = "mfg.event.posted.v1"


@tagged("post_install", "-at_install")
class TestOutbox(DoorCase):
    def emit(self, number=1, subject="order-1", endpoint=None):
        data = {"eventId": "e", "source": "s", "type": "t", "records": []}
        emitted = self.env["mfg.message"]
        for _number in range(number):
            emitted += self.env["mfg.outbox"].emit(
                OUT,
                subject,
                data,
                self.env.company,
                endpoint=endpoint or self.endpoint,
            )
        return emitted

    def pull(self, query=""):
        answer = self.call(f"/outbox{query}")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        return answer.json()

    def ids(self, body):
        return [delivery["deliveryId"] for delivery in body["deliveries"]]

    def ack(self, body):
        return self.call("/outbox/ack", body, "application/json")

    def test_redelivered_in_order_until_acknowledged(self):
        messages = self.emit(3)
        refs = [str(message.id) for message in messages]
        body = self.pull("?limit=2")
        self.assertEqual((self.ids(body), body["more"]), (refs[:2], True))
        delivery = body["deliveries"][0]
        self.assertEqual(set(delivery), {"deliveryId", "event"})
        self.assertEqual(delivery["event"], json.loads(messages[0].payload))
        self.assertEqual(delivery["event"]["type"], OUT)
        self.assertEqual(messages.mapped("state"), ["sent", "sent", "queued"])
        self.assertEqual(self.ids(self.pull("?limit=2")), refs[:2])
        self.assertEqual(messages.mapped("attempts"), [2, 2, 0])
        answer = self.ack({"acknowledged": refs[:1]})
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(
            answer.json(), {"acknowledged": refs[:1], "refused": [], "unknown": []}
        )
        self.assertEqual(self.ids(self.pull()), refs[1:])
        self.assertEqual(messages.mapped("state"), ["acknowledged", "sent", "sent"])

    def test_refused_keeps_its_reason(self):
        message = self.emit()
        id_ = str(message.id)
        refusal = {"deliveryId": id_, "code": "no-such-line", "detail": "Line 7?"}
        self.assertEqual(self.ack({"refused": [refusal]}).json()["refused"], [id_])
        self.assertEqual(message.state, "refused")
        self.assertEqual(message.error_code, "no-such-line")
        self.assertEqual(message.error_detail, "Line 7?")
        self.assertIn("Line 7?", message.sentence)
        self.assertIn("what the plant names", message.next_action)
        issue = message.issue_id  # by the plant's code, which no catalogue has
        self.assertEqual((issue.state, issue.code), ("open", "push-refused"))
        self.assertEqual(issue.parked_count, 1)
        self.assertEqual(self.pull(), {"deliveries": [], "more": False})

    def test_ack_is_idempotent_and_names_the_unknown(self):
        mine = str(self.emit().id)
        other = self.make_endpoint("Other", self.env.company)
        theirs = self.emit(endpoint=other)
        inbound = str(self.send().id)
        sent = [mine, str(theirs.id), inbound, "0", "nonsense"]
        for _time in range(2):
            answer = self.ack({"acknowledged": sent})
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.json()["acknowledged"], [mine])
            self.assertEqual(set(answer.json()["unknown"]), set(sent) - {mine})
        self.assertEqual(theirs.state, "queued")
        refusal = {"deliveryId": mine, "code": "too-late"}
        self.ack({"refused": [refusal]})
        message = self.env["mfg.message"].browse(int(mine))
        self.assertEqual(message.state, "acknowledged")

    def test_bad_acknowledgements(self):
        for body in ("", "x", "[]", "1"):
            answer = self.call("/outbox/ack", body, "application/json", method="POST")
            self.assertEqual(answer.status_code, 400)
        cases = (
            ({"acknowledged": "1"}, "/acknowledged"),
            ({"acknowledged": [1]}, "/acknowledged/0"),
            ({"refused": [{"deliveryId": "1"}]}, "/refused/0/code"),
            ({"refused": ["1"]}, "/refused/0"),
            ({"refused": [{"code": "c"}]}, "/refused/0/deliveryId"),
            ({"acknowleged": []}, "/acknowleged"),
            (
                {
                    "acknowledged": ["1"],
                    "refused": [{"deliveryId": "1", "code": "c"}],
                },
                "/refused",
            ),
        )
        for body, pointer in cases:
            with self.subTest(body):
                self.assertProblem(self.ack(body), 422, "schema", pointer)
        answer = self.call("/outbox/ack", b"{}", "text/plain")
        self.assertProblem(answer, 415, "unsupported-media-type")
        self.assertEqual(
            self.ack({}).json(), {"acknowledged": [], "refused": [], "unknown": []}
        )

    def test_parameters(self):
        self.emit(3)
        for query in ("?limit=x", "?wait=1.5", "?limit=-1", "?wait="):
            answer = self.call(f"/outbox{query}")
            name = query.partition("=")[0].strip("?")
            self.assertProblem(answer, 400, "bad-request", f"/{name}")
        self.assertEqual(len(self.ids(self.pull("?limit=0"))), 1)
        self.assertEqual(len(self.ids(self.pull("?limit=99999999"))), 3)

    def test_only_its_own_and_nothing_while_paused(self):
        other = self.make_endpoint("Other", self.env.company)
        self.emit(endpoint=other)
        message = self.emit()
        self.assertEqual(self.ids(self.pull()), [str(message.id)])
        self.endpoint.action_pause()
        self.assertEqual(self.pull(), {"deliveries": [], "more": False})

    def test_long_poll_ends_with_its_time(self):
        begun = time.monotonic()
        self.assertEqual(self.pull("?wait=1"), {"deliveries": [], "more": False})
        self.assertGreaterEqual(time.monotonic() - begun, 1)

    def test_long_poll_answers_as_soon_as_there_is_something(self):
        pauses = []

        def something_happens(seconds):
            pauses.append(seconds)
            if len(pauses) == 3:
                with self.registry.cursor() as cr:
                    env = self.env(cr=cr)
                    self.with_env_emit(env)

        with patch.object(waiting, "pause", something_happens):
            body = self.pull("?wait=30")
        self.assertEqual(len(body["deliveries"]), 1)
        self.assertEqual(len(pauses), 3)

    def with_env_emit(self, env):
        endpoint = self.endpoint.with_env(env)
        data = {"eventId": "e", "source": "s", "type": "t", "records": []}
        company = endpoint.company_id
        env["mfg.outbox"].emit(OUT, "order-1", data, company, endpoint=endpoint)


@tagged("post_install", "-at_install")
class TestWaitingPlaces(DoorCase):
    def test_no_place_is_answered_at_once(self):
        self.env["ir.config_parameter"].set_param(waiting.SLOTS_PARAMETER, "0")
        begun = time.monotonic()
        self.assertEqual(self.call("/outbox?wait=30").status_code, 200)
        self.assertLess(time.monotonic() - begun, 5)

    def test_places_are_counted_over_connections_and_given_back(self):
        first, second = (self.registry._db.cursor() for _side in range(2))
        self.addCleanup(first.close)
        self.addCleanup(second.close)
        with waiting.slot(first, 1) as mine:
            self.assertTrue(mine)
            with waiting.slot(second, 1) as theirs:
                self.assertFalse(theirs)
            with waiting.slot(second, 2) as theirs:
                self.assertTrue(theirs)
        with waiting.slot(second, 1) as theirs:
            self.assertTrue(theirs)

    def test_one_worker_is_always_left(self):
        self.env["ir.config_parameter"].set_param(waiting.SLOTS_PARAMETER, "8")
        for workers, places in ((0, 8), (2, 1), (4, 3), (20, 8)):
            with patch.dict(waiting.config.options, {"workers": workers}):
                self.assertEqual(waiting.slots(self.env), places)

    def test_a_long_poll_holds_no_snapshot(self):
        """Between polls the connection is idle: nothing of it holds back VACUUM."""
        cr = self.registry._db.cursor()
        watch = self.registry._db.cursor()
        self.addCleanup(cr.close)
        self.addCleanup(watch.close)
        cr.execute("SELECT pg_backend_pid()")
        [pid] = cr.fetchone()
        states = []

        def look(_seconds):
            watch.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", [pid])
            states.append(watch.fetchone()[0])
            watch.rollback()

        with patch.object(waiting, "pause", look):
            waiting.until(cr, lambda: cr.execute("SELECT 1"), 0.05, 2)
        self.assertEqual(set(states), {"idle"})
