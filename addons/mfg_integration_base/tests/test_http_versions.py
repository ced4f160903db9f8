# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields
from odoo.tests import tagged

from .common import TESTED
from .http_common import DoorCase
from .publication_common import MATERIAL
from .test_http_master import MasterCase
from .version_common import NEXT, PAST, VersionMixin


@tagged("post_install", "-at_install")
class TestVersions(VersionMixin, DoorCase):
    def test_a_version_that_stays_says_nothing(self):
        self.release_next()
        self.assertSilent(self.post_event())
        self.assertSilent(self.call(f"/schemas/{TESTED}"))
        entries = self.call("/schemas").json()["schemas"]
        entry = next(one for one in entries if one["type"] == TESTED)
        self.assertEqual((entry["version"], "sunsetAt" in entry), (1, False))

    def test_the_answer_to_an_event_tells_when_its_version_ends(self):
        self.deprecate()
        event = self.event()
        answer = self.post_event(event)
        self.assertEqual(answer.status_code, 202)
        self.assertTold(answer)
        self.assertTold(self.post_event(event))  # a duplicate
        self.assertTold(self.post_event(path="/events?dryRun=1"))
        refused = self.post_event(self.event(data={"x": 1}))
        self.assertEqual(refused.status_code, 422)
        self.assertTold(refused)

    def test_what_the_plant_fetches_tells_it(self):
        self.env["mfg.outbox"]._emit_test(self.endpoint)
        self.assertSilent(self.call("/outbox"))
        self.deprecate()
        answer = self.call("/outbox")
        self.assertEqual(len(answer.json()["deliveries"]), 1)
        self.assertTold(answer)

    def test_what_became_of_an_event_tells_it(self):
        good, bad = self.post_event(), self.post_event(self.event("mfg.x.v1"))
        asked = [a.json()["href"].removeprefix("/mfg/v1") for a in (good, bad)]
        self.assertSilent(self.call(asked[0]))
        self.deprecate()
        self.assertTold(self.call(asked[0]))
        self.assertSilent(self.call(asked[1]))  # of a type that there is not

    def test_the_contract_says_which_answers_tell_it(self):
        paths = self.call("/openapi.json").json()["paths"]
        for method, path in (
            ("get", "/events/{ref}"),
            ("get", "/master/{kind}"),
            ("get", "/joborders"),
            ("get", "/joborders/{id}"),
        ):
            found = paths[f"/mfg/v1{path}"][method]["responses"]["200"]
            self.assertIn("Sunset", found["headers"], path)

    def test_a_batch_tells_it_when_one_of_its_events_does(self):
        self.deprecate()
        self.propose()
        good = self.event(NEXT, {"text": "a", "system": "MES"})
        self.assertSilent(self.post_batch([good]))
        good = self.event(NEXT, {"text": "a", "system": "MES"})
        self.assertTold(self.post_batch([good, self.event()]))

    def test_the_contract_tells_it(self):
        self.deprecate()
        self.assertTold(self.call(f"/schemas/{TESTED}"))
        self.assertSilent(self.call(f"/schemas/{NEXT}"))
        entries = {one["type"]: one for one in self.call("/schemas").json()["schemas"]}
        told = {
            name: entries[TESTED][name]
            for name in ("version", "deprecatedAt", "sunsetAt", "successor")
        }
        self.assertEqual(
            told,
            {
                "version": 1,
                "deprecatedAt": "2026-01-01T00:00:00Z",
                "sunsetAt": "2099-01-01T00:00:00Z",
                "successor": NEXT,
            },
        )
        self.assertEqual(entries[NEXT]["version"], 2)
        schemas = self.call("/openapi.json").json()["components"]["schemas"]
        self.assertTrue(schemas[TESTED]["deprecated"])
        messages = self.call("/asyncapi.json").json()["components"]["messages"]
        self.assertEqual(messages[TESTED]["tags"], [{"name": "deprecated"}])
        self.assertEqual(messages[TESTED]["x-successor"], NEXT)
        self.assertNotIn("tags", messages[NEXT])
        page = self.call("/docs").text
        self.assertIn("refused from 2099-01-01", page)
        self.assertIn(f"Change over to {NEXT}", page)

    def test_after_its_end_a_version_is_refused_and_kept(self):
        self.deprecate(sunset=PAST)
        answer = self.post_event()
        body = self.assertProblem(answer, 410, "version-ended", "/type")
        self.assertIn(NEXT, body["detail"])
        self.assertTold(answer, "2026-02-01")
        message = self.message_of(answer)
        self.assertEqual(
            (message.state, message.error_code), ("rejected", body["code"])
        )
        batch = self.post_batch([self.event()])
        self.assertEqual(batch.status_code, 207)
        [result] = batch.json()["results"]
        self.assertEqual(result["error"]["code"], "version-ended")

    def test_a_manager_gives_one_plant_more_time(self):
        self.deprecate(sunset=PAST)
        today = fields.Date.today()
        self.interface().accept_until = today
        self.assertEqual(self.post_event().status_code, 202)
        self.interface().accept_until = fields.Date.subtract(today, days=1)
        self.assertProblem(self.post_event(), 410, "version-ended", "/type")

    def test_the_endpoint_is_advised(self):
        self.assertFalse(self.endpoint.advice)
        self.deprecate()
        self.env.invalidate_all()
        self.assertIn("version 1 ends on 2099-01-01", self.endpoint.advice)
        self.assertIn("Version 2 is there", self.endpoint.advice)
        self.assertEqual(self.interface().ending, self.endpoint.advice)


@tagged("post_install", "-at_install")
class TestVersionsOfRecords(VersionMixin, MasterCase):
    def test_a_page_tells_when_the_version_of_its_items_ends(self):
        self.assertSilent(self.get())
        self.deprecate(first=MATERIAL)
        self.assertTold(self.get(), following=MATERIAL.replace("v1", "v2"))
        self.assertSilent(self.get("unit"))
