# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
from pathlib import Path

from odoo.tests import new_test_user, tagged

from ..engine import envelope
from ..engine.failure import Failure
from .common import TESTED
from .http_common import STRUCTURED, DoorCase
from .test_drain import FaultyCase

REVERSED = "mfg.event.reversed.v1"
PAYLOADS = Path(__file__).parent.parent / "demo" / "payloads"


@tagged("post_install", "-at_install")
class TestEventReversed(FaultyCase):
    def reverse(self, original, drain=True, reason="Sent by mistake", **attributes):
        """The plant takes an event back: given as message, event or id."""
        event_id = getattr(original, "event_id", original)
        attributes.setdefault("subject", "order-1")
        data = {"eventId": event_id, "reason": reason}
        if "of_source" in attributes:
            data["source"] = attributes.pop("of_source")
        message = self.send(REVERSED, data, **attributes)
        if drain:
            self.drain()
        return message

    def assertReversed(self, original, reversal, state="posted"):
        self.assertEqual((original.state, reversal.state), (state, "posted"))
        self.assertEqual(original.reversed_by_id, reversal)
        self.assertEqual(reversal.reverses_id, original)

    def test_posted_is_taken_back_and_linked_both_ways(self):
        original = self.send_text("a")
        reversal = self.reverse(original)
        self.assertReversed(original, reversal)
        self.assertIn("Sent by mistake", original.sentence)
        self.assertIn("Connection tested", reversal.sentence)
        self.assertEqual(reversal.link_ids.res_model, "mfg.endpoint")

    def test_a_second_reversal_is_refused_and_holds_nobody(self):
        original = self.send_text("a")
        first = self.reverse(original)
        second = self.reverse(original)
        self.assertParked(second, "already-reversed")
        self.assertIn(first.event_id, second.error_detail)
        self.assertIn("/data/eventId", second.error_fields)
        follower = self.send_text("b")
        self.drain()
        self.assertEqual(follower.state, "posted")
        self.assertReversed(original, first)

    def test_the_reversed_id_stays_a_duplicate_and_the_fact_comes_anew(self):
        event = self.event(data={"text": "a"}, subject="order-1")
        [answer] = self.accept(event)
        original = self.env["mfg.message"].browse(int(answer["href"].split("/")[-1]))
        self.reverse(original)
        [again] = self.accept(event)
        self.drain()
        self.assertEqual(again["status"], "duplicate")
        anew = self.send_text("a")
        self.drain()
        self.assertEqual((anew.state, self.posted), ("posted", ["a", "a"]))

    def test_a_resent_reversal_is_a_duplicate(self):
        original = self.send_text("a")
        data = {"eventId": original.event_id, "reason": "Twice"}
        event = self.event(REVERSED, data, subject="order-1")
        answers = self.accept(event) + self.accept(event)
        self.drain()
        self.assertEqual([a["status"] for a in answers], ["accepted", "duplicate"])
        self.assertEqual(original.reversed_by_id.event_id, event["id"])

    def test_in_one_run_with_its_original(self):
        """The reversal waits for the outcome, whatever is queued beside."""
        original = self.send_text("a")
        reversal = self.reverse(original, drain=False)
        follower = self.send_text("b")
        self.drain()
        self.assertReversed(original, reversal)
        self.assertEqual((follower.state, self.posted), ("posted", ["a", "b"]))

    # -- an original that has not taken effect ---------------------------------------

    def test_a_parked_original_is_cancelled_and_lets_its_followers_go(self):
        self.faults["bad"] = Failure("over-tolerance", "Too many.")
        original = self.send_text("bad")
        follower = self.send_text("b")
        self.drain()
        self.assertEqual((original.state, follower.state), ("parked", "waiting"))
        reversal = self.reverse(original)
        self.assertReversed(original, reversal, "cancelled")
        self.assertEqual((follower.state, self.posted), ("posted", ["b"]))
        self.assertIn("before it took effect", original.sentence)
        self.assertEqual(original.issue_id.state, "resolved")

    def test_with_numbers_nobody_is_overtaken(self):
        self.faults["bad"] = Failure("over-tolerance", "Too many.")
        original = self.send_text("bad", sequence="1")
        follower = self.send_text("b", sequence="2")
        self.drain()
        reversal = self.reverse(original, sequence="3")
        last = self.send_text("c", sequence="4")
        self.drain()
        self.assertReversed(original, reversal, "cancelled")
        self.assertEqual((follower.state, last.state), ("posted", "posted"))

    def test_another_parked_one_still_holds(self):
        self.faults["bad"] = Failure("over-tolerance", "Too many.")
        first = self.send_text("bad")
        self.drain()
        original = self.send_text("b")
        reversal = self.reverse(original)
        self.assertEqual((original.state, reversal.state), ("waiting", "waiting"))
        self.assertEqual(reversal.held_by_id, first)

    def test_a_retrying_original_is_waited_for(self):
        self.faults["busy"] = Failure("locked", "Someone else.")
        original = self.send_text("busy")
        self.drain()
        reversal = self.reverse(original)
        self.assertEqual((original.state, reversal.state), ("retrying", "waiting"))
        del self.faults["busy"]
        self.later(original, 3600)
        self.drain()
        self.assertReversed(original, reversal)

    def test_a_parked_original_of_another_key(self):
        self.faults["bad"] = Failure("over-tolerance", "Too many.")
        original = self.send_text("bad", subject="order-7")
        self.drain()
        reversal = self.reverse(original, subject=None)
        self.assertReversed(original, reversal, "cancelled")

    def test_a_cancelled_original_is_only_linked(self):
        self.interface().shadow = True
        original = self.send_text("a")
        self.drain()
        self.assertEqual(original.state, "cancelled")
        self.assertReversed(original, self.reverse(original), "cancelled")

    # -- out of order ----------------------------------------------------------------

    def test_before_its_original_it_is_parked_and_heals(self):
        event = self.event(data={"text": "a"}, subject="order-1")
        reversal = self.reverse(event["id"])
        self.assertParked(reversal, "original-missing")
        follower = self.send_text("b")
        self.drain()
        self.assertEqual(follower.state, "posted", "it holds nobody back")
        [answer] = self.accept(event)
        self.drain()
        original = self.env["mfg.message"].browse(int(answer["href"].split("/")[-1]))
        self.assertReversed(original, reversal)

    def test_before_an_original_that_parks(self):
        self.faults["bad"] = Failure("over-tolerance", "Too many.")
        event = self.event(data={"text": "bad"}, subject="order-1")
        reversal = self.reverse(event["id"])
        [answer] = self.accept(event)
        self.drain()
        original = self.env["mfg.message"].browse(int(answer["href"].split("/")[-1]))
        self.assertReversed(original, reversal, "cancelled")

    def test_before_its_original_of_another_key(self):
        event = self.event(data={"text": "a"}, subject="order-2")
        reversal = self.reverse(event["id"], subject="elsewhere")
        self.assertParked(reversal, "original-missing")
        self.accept(event)
        self.drain()
        self.drain()  # the reversal's lane is another one, and was looked at before
        self.assertEqual(reversal.state, "posted")

    def test_old_ones_that_are_sent_again_are_one_issue(self):
        lost = [self.reverse(f"lost-{number}") for number in range(3)]
        for reversal in lost:
            self.assertParked(reversal, "original-missing")
        issue = self.env["mfg.issue"].search([("code", "=", "original-missing")])
        self.assertEqual((issue.cause, issue.parked_count), (REVERSED, 3))
        self.assertEqual(issue.cause_text, "Event reversed")
        self.accept(self.event(data={"text": "a"}, subject="order-1", id="lost-0"))
        self.drain()
        self.assertEqual((issue.state, issue.parked_count), ("open", 2))
        for reversal in lost[1:]:
            reversal._cancel("Those were before our time.")
        self.assertEqual(issue.state, "resolved")

    def test_numbered_before_its_original_waits_for_the_gap(self):
        self.send_text("a", sequence="1")
        event = self.event(data={"text": "b"}, subject="order-1", sequence="2")
        reversal = self.reverse(event["id"], sequence="3")
        self.assertEqual(reversal.state, "waiting")
        self.accept(event)
        self.drain()
        self.assertEqual(reversal.state, "posted")
        self.assertTrue(reversal.reverses_id.reversed_by_id)

    # -- refused ---------------------------------------------------------------------

    def test_a_reversal_cannot_be_reversed(self):
        original = self.send_text("a")
        reversal = self.reverse(original)
        again = self.reverse(reversal)
        self.assertParked(again, "not-reversible")
        self.assertReversed(original, reversal)
        self.assertFalse(reversal.reversed_by_id)

    def test_another_source_is_another_event(self):
        original = self.send_text("a")
        self.assertParked(
            self.reverse(original, of_source="urn:other"), "original-missing"
        )
        self.assertReversed(
            original, self.reverse(original, of_source=self.endpoint.source)
        )

    def test_another_endpoints_event_is_unknown(self):
        foreign = self.make_endpoint("OTHER", self.env.company, [TESTED, REVERSED])
        original = self.send_text("a")
        self.drain()
        reversal = self.reverse(original, endpoint=foreign, of_source=original.source)
        self.assertParked(reversal, "original-missing")
        self.assertEqual(original.state, "posted")

    def test_what_was_rejected_never_was(self):
        event = self.event(data={"text": ""}, subject="order-1")
        [answer] = self.accept(event)
        self.assertEqual(answer["status"], "rejected")
        self.assertParked(self.reverse(event["id"]), "original-missing")

    # -- dry run, screens, contract --------------------------------------------------

    def test_dry_run_changes_nothing(self):
        original = self.send_text("a")
        self.drain()
        self.interface(REVERSED).shadow = True
        reversal = self.reverse(original)
        self.assertEqual(reversal.state, "cancelled")
        self.assertIn(self.endpoint.name, reversal.error_detail)
        original.invalidate_recordset()
        self.assertEqual(original.state, "posted")
        self.assertFalse(original.reversed_by_id)

    def test_screens(self):
        original = self.send_text("a")
        reversal = self.reverse(original)
        auditor = new_test_user(
            self.env, "reverse-auditor", groups="mfg_integration_base.group_mfg_auditor"
        )
        mine = original.with_user(auditor)
        self.assertEqual(mine.action_reversed_by()["res_id"], reversal.id)
        back = reversal.with_user(auditor).action_reverses()
        self.assertEqual(back["res_id"], original.id)
        found = mine.search([("reversed_by_id", "!=", False)])
        self.assertEqual(found, original)

    def test_demo_payload_is_an_event(self):
        for path in PAYLOADS.glob("*.json"):
            event = envelope.from_dict(json.loads(path.read_text()))
            self.assertEqual(event.type, path.stem)
            errors = self.env["mfg.contract"]._errors(event.type, event.data)
            self.assertFalse(errors, path.name)


@tagged("post_install", "-at_install")
class TestReversedOverHttp(DoorCase):
    def test_both_know_each_other(self):
        event = self.event(subject="order-1")
        first = self.post_event(event).json()
        data = {"eventId": event["id"], "reason": "Sent by mistake"}
        second = self.post_event(self.event(REVERSED, data, subject="order-1")).json()
        self.drain()
        original, reversal = (
            self.call(answer["href"].removeprefix("/mfg/v1")).json()
            for answer in (first, second)
        )
        reference = original["reversedBy"]
        self.assertEqual(
            (reference["id"], reference["href"]), (second["id"], second["href"])
        )
        self.assertEqual(reversal["reverses"]["href"], first["href"])
        self.assertNotIn("reverses", original)

    def test_dry_run_refuses_as_posting_would(self):
        data = {"eventId": "never-sent", "reason": "Sent by mistake"}
        event = self.event(REVERSED, data, subject="order-1")
        answer = self.call("/events?dryRun=1", json.dumps(event), STRUCTURED)
        self.assertEqual(answer.json()["result"]["error"]["code"], "original-missing")
