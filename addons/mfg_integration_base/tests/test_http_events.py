# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
from unittest.mock import patch

from odoo.tests import tagged

from ..controllers import waiting
from ..engine import strict_json
from .common import drain_now
from .http_common import BATCH, CE, STRUCTURED, DoorCase


@tagged("post_install", "-at_install")
class TestOneEvent(DoorCase):
    def test_structured(self):
        event = self.event(
            subject="order-1",
            time="2026-01-31T06:00:00+01:00",
            sequence="7",
            partitionkey="key-1",
            correlationid="c1",
            data={"text": "\u00e4 1.50"},
        )
        text = json.dumps(event, indent=2)
        answer = self.call("/events", text, f"{STRUCTURED}; charset=UTF-8")
        self.assertEqual(answer.status_code, 202)
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertNotIn("Access-Control-Allow-Origin", answer.headers)
        body = answer.json()
        self.assertEqual(set(body), {"id", "source", "status", "href"})
        self.assertEqual(body["status"], "accepted")
        self.assertEqual(answer.headers["Location"], body["href"])
        message = self.message_of(body)
        self.assertEqual(message.payload, text, "the original is kept as it came")
        self.assertEqual(message.state, "queued")
        self.assertEqual(message.key, "key-1")
        self.assertEqual(message.subject, "order-1")
        self.assertEqual(message.sequence, 7)
        self.assertEqual(str(message.event_time), "2026-01-31 05:00:00")
        self.assertEqual(message.correlation_id, "c1")
        self.assertEqual(message.interface_id, self.interface())
        self.assertEqual(message.lane, "realtime")
        self.assertEqual(message.company_id, self.endpoint.company_id)
        self.assertEqual(message.create_uid, self.endpoint.user_id)
        self.assertEqual(
            message.shard, self.env["mfg.outbox"]._shard(self.endpoint, "key-1")
        )

    def test_binary(self):
        headers = {**CE, "ce-id": "b1", "ce-subject": "caf%C3%A9"}
        body = '{"text": "binary"}'
        answer = self.call("/events", body, "application/json", **headers)
        self.assertEqual(answer.status_code, 202, answer.text)
        message = self.message_of(answer)
        self.assertEqual((message.event_id, message.subject), ("b1", "caf\u00e9"))
        self.assertEqual(message._event_data(), {"text": "binary"})
        del headers["ce-source"]
        answer = self.call("/events", body, "application/json", **headers)
        body = self.assertProblem(answer, 422, "schema", "/source")
        self.assertEqual((body["id"], body["source"]), ("b1", None))

    def test_posted_by_the_drain(self):
        answer = self.post_event()
        self.drain()
        body = self.call(answer.json()["href"].removeprefix("/mfg/v1")).json()
        self.assertEqual(body["state"], "posted")
        self.assertEqual(body["attempts"], 1)
        self.assertTrue(body["receivedAt"].endswith("Z"))
        self.assertTrue(body["postedAt"].endswith("Z"))
        self.assertEqual(
            body["records"],
            [
                {
                    "model": "mfg.endpoint",
                    "id": self.endpoint.id,
                    "name": self.endpoint.name,
                }
            ],
        )
        self.assertNotIn("error", body)

    def test_duplicate_and_conflict(self):
        event = self.event(data={"text": "one"}, subject="s")
        first = self.post_event(event).json()
        again = {name: event[name] for name in reversed(event)}
        answer = self.post_event(again)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json(), {**first, "status": "duplicate"})
        answer = self.post_event({**event, "data": {"text": "two"}})
        body = self.assertProblem(answer, 409, "conflict", "/id")
        self.assertEqual(body["status"], "conflict")
        self.assertEqual(body["href"], first["href"])
        self.assertEqual(body["error"]["code"], "conflict")
        self.assertEqual(self.messages().mapped("state"), ["rejected", "queued"])
        self.assertEqual(self.messages()[0].error_code, "conflict")
        self.assertEqual(self.post_event(event).status_code, 200)

    def test_same_id_from_another_source_or_endpoint(self):
        event = self.event()
        other = self.make_endpoint("Other", self.env.company)
        self.assertEqual(self.post_event(event).status_code, 202)
        moved = {**event, "source": "urn:test:other"}
        self.assertEqual(self.post_event(moved).status_code, 202)
        answer = self.post_event(event, key=other._rotate_key())
        self.assertEqual(answer.status_code, 202)

    def test_refused_and_sent_again_corrected(self):
        event = self.event(data={"text": "", "extra": 1})
        answer = self.post_event(event)
        body = self.assertProblem(answer, 422, "schema", "/data/text", "/data/extra")
        self.assertEqual(body["status"], "rejected")
        self.assertEqual((body["id"], body["source"]), (event["id"], event["source"]))
        self.assertEqual(
            set(body["error"]), {"code", "title", "detail", "nextAction", "errors"}
        )
        refused = self.message_of(body)
        self.assertEqual((refused.state, refused.error_code), ("rejected", "schema"))
        self.assertEqual(json.loads(refused.payload), event)
        state = self.call(body["href"].removeprefix("/mfg/v1")).json()
        self.assertEqual(state["state"], "rejected")
        self.assertEqual(state["error"]["code"], "schema")
        self.assertEqual(self.post_event(event).status_code, 422)
        answer = self.post_event({**event, "data": {"text": "right"}})
        self.assertEqual(answer.status_code, 202)

    def test_unknown_type_and_type_without_interface(self):
        answer = self.post_event(self.event("mfg.nothing.v1"))
        self.assertProblem(answer, 422, "schema", "/type")
        answer = self.post_event(self.event("mfg.event.posted.v1"))
        self.assertProblem(answer, 422, "not-permitted", "/type")
        self.interface().active = False
        answer = self.post_event()
        self.assertProblem(answer, 422, "not-permitted", "/type")

    def test_paused_endpoint_still_takes_events_in(self):
        self.endpoint.action_pause()
        self.assertEqual(self.post_event().status_code, 202)

    def test_wakes_its_drain_after_the_commit(self):
        woken = []
        drain = type(self.env["mfg.drain"])
        with patch.object(drain, "_wake_after_commit", lambda self, s: woken.append(s)):
            message = self.message_of(self.post_event())
            self.post_event(self.event(data={}))
        self.assertEqual(woken, [{(message.lane, message.shard)}, set()])


@tagged("post_install", "-at_install")
class TestNoEvent(DoorCase):
    def test_not_an_event(self):
        for body in (
            b"",
            b"nonsense",
            b"[]",
            b"1",
            b"null",
            b'"x"',
            b"\xff\xfe{}",
            b"{",
        ):
            with self.subTest(body):
                answer = self.call("/events", body, STRUCTURED, method="POST")
                problem = answer.json()
                self.assertProblem(answer, 400, "bad-request", "")
                self.assertEqual(problem["status"], "rejected")
                self.assertEqual(self.message_of(problem).state, "rejected")

    def test_strict_json_is_refused_with_its_place(self):
        event = json.dumps(self.event())
        base = event.removesuffix('{"text": "hello"}}')
        deep = "[" * 40 + "]" * 40
        cases = {
            '{"text": "a", "text": "b"}': "/data/text",
            '{"text": NaN}': "/data/text",
            '{"text": 1e400}': "/data/text",
            '{"text": "\\u0000"}': "/data/text",
            '{"text": "\\ud800"}': "/data/text",
            "{" + f'"text": {"9" * 40}' + "}": "/data/text",
        }
        for data, pointer in cases.items():
            with self.subTest(data):
                answer = self.call("/events", base + data + "}", STRUCTURED)
                body = self.assertProblem(answer, 422, "schema", pointer)
                self.assertEqual(body["source"], self.endpoint.source)
                self.assertEqual(self.message_of(body).error_code, "schema")
        answer = self.call("/events", base + '{"text": ' + deep + "}}", STRUCTURED)
        self.assertEqual(answer.status_code, 422)

    def test_kept_text_is_bounded(self):
        answer = self.call("/events", b"\x00x" * 100_000, STRUCTURED)
        message = self.message_of(self.assertProblem(answer, 400, "bad-request", ""))
        self.assertEqual(len(message.payload), 64 * 1024)

    def test_content_types(self):
        for content_type in ("text/plain", "application/xml", "multipart/form-data"):
            answer = self.call("/events", b"{}", content_type)
            self.assertProblem(answer, 415, "unsupported-media-type")
        answer = self.call("/events", b"a=1", "application/x-www-form-urlencoded")
        self.assertProblem(answer, 415, "unsupported-media-type")
        answer = self.call("/events", b"{}", f"{STRUCTURED}; charset=utf-16")
        self.assertProblem(answer, 415, "unsupported-media-type")
        answer = self.call("/events", b"{}", STRUCTURED, Content_Encoding="gzip")
        self.assertProblem(answer, 415, "unsupported-media-type")
        answer = self.call("/events", b"{}", "application/json")
        self.assertProblem(answer, 400, "bad-request")

    def test_size_is_checked_before_parsing(self):
        mib = 1024 * 1024
        limits = ((STRUCTURED, mib), ("application/json", mib), (BATCH, 8 * mib))
        for content_type, limit in limits:
            with (
                self.subTest(content_type),
                patch.object(strict_json, "_parse") as parse,
            ):
                answer = self.call("/events", b" " * (limit + 1), content_type, **CE)
                self.assertFalse(parse.called)
            self.assertProblem(answer, 413, "payload-too-large")
            chunks = (b" " * 65536 for _chunk in range(limit // 65536 + 1))
            answer = self.url_open(
                "/mfg/v1/events",
                data=chunks,
                headers={
                    "Authorization": f"Bearer {self.key}",
                    "Content-Type": content_type,
                    **CE,
                },
                timeout=60,
            )
            self.assertIn(answer.status_code, (413, 400))
        self.assertFalse(self.messages().filtered(lambda m: m.state != "rejected"))

    def test_rate_limit(self):
        self.endpoint.rate_limit = 2
        self.assertEqual(self.post_event().status_code, 202)
        self.assertEqual(self.post_event().status_code, 202)
        answer = self.post_event()
        self.assertProblem(answer, 429, "too-many-requests")
        self.assertIn(int(answer.headers["Retry-After"]), range(1, 61))
        self.assertEqual(len(self.messages()), 2)
        self.assertEqual(self.call("/outbox").status_code, 200)


@tagged("post_install", "-at_install")
class TestEventState(DoorCase):
    def test_other_endpoints_and_nonsense_are_not_found(self):
        other = self.make_endpoint("Other", self.env.company)
        href = self.post_event(key=other._rotate_key()).json()["href"]
        path = href.removeprefix("/mfg/v1")
        self.assertProblem(self.call(path), 404, "not-found")
        for ref in ("0", "999999999", "99999999999", "abc", "-1", "\u0661", "1.5"):
            self.assertProblem(self.call(f"/events/{ref}"), 404, "not-found")

    def test_outgoing_message_is_no_event_of_the_plant(self):
        self.post()
        out = self.outgoing("mfg.event.posted.v1")
        self.assertTrue(out)
        self.assertProblem(self.call(f"/events/{out.id}"), 404, "not-found")

    def test_prefer_wait_carries_the_result(self):
        def drain_meanwhile(_seconds):
            cr = self.registry.cursor()
            with cr:
                drain_now(self.env(cr=cr))

        with patch.object(waiting, "pause", drain_meanwhile):
            answer = self.post_event(Prefer="respond-async, wait=5")
        self.assertEqual(answer.status_code, 202)
        self.assertEqual(answer.headers["Preference-Applied"], "wait=5")
        body = answer.json()
        self.assertEqual(body["status"], "accepted")
        self.assertEqual(body["result"]["state"], "posted")
        self.assertEqual(body["result"]["id"], body["id"])

    def test_prefer_wait_ends_in_time(self):
        answer = self.post_event(Prefer="wait=1")
        self.assertEqual(answer.json()["result"]["state"], "queued")
        self.assertLess(answer.elapsed.total_seconds(), 5)
        self.assertEqual(self.message_of(answer).state, "queued")

    def test_prefer_wait_without_a_place_to_wait(self):
        self.env["ir.config_parameter"].set_param(waiting.SLOTS_PARAMETER, "0")
        answer = self.post_event(Prefer="wait=5")
        self.assertEqual(answer.status_code, 202)
        self.assertNotIn("Preference-Applied", answer.headers)
        self.assertEqual(answer.json()["result"]["state"], "queued")
        self.assertLess(answer.elapsed.total_seconds(), 4)

    def test_prefer_wait_is_bounded_and_tolerant(self):
        with patch.object(waiting, "until") as until:
            answer = self.post_event(Prefer="wait=999")
            self.assertEqual(until.call_args.args[2], 10)
            self.assertEqual(answer.headers["Preference-Applied"], "wait=10")
            self.assertEqual(self.post_event(Prefer="wait=x").status_code, 202)
            self.assertEqual(self.post_event(Prefer="return=minimal").status_code, 202)
            self.assertEqual(until.call_count, 1)
