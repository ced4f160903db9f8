# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged

from ..models.mfg_inbox import MfgInbox
from .http_common import BATCH, DoorCase


@tagged("post_install", "-at_install")
class TestBatch(DoorCase):
    def statuses(self, answer):
        return [result["status"] for result in answer.json()["results"]]

    def test_500_with_3_bad(self):
        events = [self.event(subject=f"order-{n % 20}") for n in range(500)]
        events[10]["data"] = {"text": 1}
        events[250]["type"] = "mfg.nothing.v1"
        del events[499]["source"]
        answer = self.post_batch(events)
        self.assertEqual(answer.status_code, 207)
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        results = answer.json()["results"]
        self.assertEqual([r["id"] for r in results], [e["id"] for e in events])
        bad = {i: r for i, r in enumerate(results) if r["status"] != "accepted"}
        self.assertEqual(
            {i: [e["pointer"] for e in r["error"]["errors"]] for i, r in bad.items()},
            {10: ["/data/text"], 250: ["/type"], 499: ["/source"]},
        )
        messages = self.messages()
        states = messages.grouped("state")
        self.assertEqual(len(states["queued"]), 497)
        self.assertEqual(len(states["rejected"]), 3)
        refs = [int(r["href"].rpartition("/")[2]) for r in results]
        self.assertEqual(refs, sorted(refs), "arrival order is the order of the batch")
        for event, ref in zip(events, refs, strict=True):
            message = self.env["mfg.message"].browse(ref)
            self.assertEqual(message.event_id, event["id"])
            self.assertEqual(json.loads(message.payload), event)

    def test_all_good_or_known_is_202(self):
        events = [self.event(), self.event()]
        self.assertEqual(self.post_batch(events).status_code, 202)
        answer = self.post_batch([*events, self.event()])
        self.assertEqual(answer.status_code, 202)
        self.assertEqual(self.statuses(answer), ["duplicate", "duplicate", "accepted"])
        self.assertEqual(self.post_batch([]).json(), {"results": []})

    def test_repeats_inside_one_batch(self):
        event = self.event()
        other = {**event, "data": {"text": "other"}}
        wrong = {**event, "data": {}}
        answer = self.post_batch([wrong, event, event, other, wrong])
        self.assertEqual(answer.status_code, 207)
        self.assertEqual(
            self.statuses(answer),
            ["rejected", "accepted", "duplicate", "conflict", "rejected"],
        )
        hrefs = [r["href"] for r in answer.json()["results"]]
        self.assertEqual(len({*hrefs[1:4]}), 1)
        self.assertEqual(len({hrefs[0], hrefs[1], hrefs[4]}), 3)
        for result in answer.json()["results"]:
            self.message_of(result)

    def test_bad_json_in_one_event_spares_the_others(self):
        good = json.dumps(self.event())
        id_ = '"id": "n1", "source": "urn:x"'
        not_a_number = "{" + id_ + ', "data": {"a": NaN}}'
        bodies = ("1", "[]", not_a_number, "{" + id_ + ", " + id_ + "}")
        answer = self.call("/events", f"[{good}, {', '.join(bodies)}]", BATCH)
        self.assertEqual(answer.status_code, 207, answer.text)
        results = answer.json()["results"]
        self.assertEqual(
            [r["status"] for r in results], ["accepted"] + ["rejected"] * 4
        )
        self.assertEqual([r["id"] for r in results[1:]], [None, None, "n1", "n1"])
        self.assertEqual(results[3]["error"]["errors"][0]["pointer"], "/data/a")

    def test_no_batch_at_all(self):
        for body in (b"{}", b"[1", b"", b"null"):
            answer = self.call("/events", body, BATCH, method="POST")
            self.assertProblem(answer, 400, "bad-request", "")

    def test_1000_events_and_no_more(self):
        events = [self.event() for _number in range(1000)]
        self.assertEqual(self.post_batch(events).status_code, 202)
        answer = self.post_batch([*events, self.event()])
        self.assertProblem(answer, 413, "payload-too-large")
        self.assertEqual(len(self.messages()), 1000)

    def test_batch_beyond_the_rate_passes_once(self):
        self.endpoint.rate_limit = 5
        events = [self.event() for _number in range(8)]
        self.assertEqual(self.post_batch(events).status_code, 202)
        self.assertProblem(self.post_event(), 429, "too-many-requests")

    def test_few_statements_however_many_events(self):
        """Beyond authentication: insert; find repeats; keep what contradicts."""
        known, other = self.event(), self.event()
        self.post_event(known)
        self.post_event(other)
        new = [self.event() for _number in range(300)]
        self.assertEqual(len(self._statements(new, 202)), 1)
        refused = [self.event(data={})]
        self.assertEqual(len(self._statements([known, *refused, self.event()], 207)), 2)
        changed = {**other, "data": {"text": "other"}}
        self.assertEqual(len(self._statements([known, changed, self.event()], 207)), 3)

    def _statements(self, events, status):
        """What storing a batch asks of the database."""
        statements = []
        execute = Cursor.execute

        def counting(cr, query, *args, **kwargs):
            statements.append(query)
            return execute(cr, query, *args, **kwargs)

        accept = MfgInbox.accept

        def watched(inbox, endpoint, received):
            with patch.object(Cursor, "execute", counting):
                return accept(inbox, endpoint, received)

        with patch.object(MfgInbox, "accept", watched):
            self.assertEqual(self.post_batch(events).status_code, status)
        return [str(statement)[:60] for statement in statements]
