# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ..engine.failure import Failure
from .common import TESTED
from .http_common import DoorCase
from .test_security import RoleCase
from .version_common import NEXT, VersionMixin

GOOD = {"text": "hello", "system": "MES 7"}
ANSWER, NEXT_ANSWER = "mfg.event.posted.v1", "mfg.event.posted.v2"


class ApprovalCase(VersionMixin, RoleCase):
    def setUp(self):
        super().setUp()
        self.release_next()
        self.manager = self.people["manager"]

    def review(self, interface, user=None):
        """What the button on the interface opens."""
        action = interface.with_user(user or self.manager).action_review()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.manager)
            .browse(action["res_id"])
        )

    def refusing(self, code="unknown-unit"):
        """The handler refuses everything, as with a mapping that is missing."""
        handler = type(self.env["mfg.handler.connection.tested"])
        failure = Failure(code, "XYZ is not known.")
        return patch.object(handler, "_check", side_effect=failure)


@tagged("post_install", "-at_install")
class TestProposed(ApprovalCase):
    def test_a_version_after_one_that_is_live_is_proposed(self):
        interface = self.propose()
        self.assertEqual(interface.stage, "proposed")
        self.assertEqual(interface.earlier_id, self.interface())
        self.assertIn("version 2", interface.display_name)
        self.assertEqual(self.interface().stage, "live")
        self.assertIn("waits for approval", self.endpoint.advice)

    def test_without_one_before_there_is_nothing_to_change_over_from(self):
        fresh = self.make_endpoint("Fresh", self.env.company, types=[NEXT])
        self.assertEqual(fresh.interface_ids.stage, "live")
        self.interface().unlink()  # never used
        self.assertEqual(self.propose().stage, "live")

    def test_what_was_archived_is_followed_too(self):
        earlier = self.interface()
        earlier.with_user(self.manager).active = False
        interface = self.propose()
        self.assertEqual((interface.stage, interface.earlier_id), ("proposed", earlier))
        found = self.review(interface).difference_ids.mapped("path")
        self.assertEqual(found, ["system", "shift"])
        message = self.post(NEXT, GOOD)
        self.assertEqual(message.error_code, "rehearsed")

    def test_what_was_deleted_is_followed_once_it_was_used(self):
        self.post()
        self.interface().with_user(self.manager).unlink()
        self.assertEqual(self.propose().stage, "proposed")

    def test_a_new_plant_starts_with_the_latest(self):
        setup = self.env["mfg.endpoint.setup"].create(
            {"name": "New", "code": "new", "source": "urn:test:new"}
        )
        ticked = setup.line_ids.filtered("selected").mapped("type")
        self.assertIn(NEXT, ticked)
        self.assertNotIn(TESTED, ticked)
        titles = setup.line_ids.filtered(lambda line: line.type == NEXT).mapped("title")
        self.assertEqual(titles, ["Connection tested, version 2"])
        setup.action_create()
        endpoint = self.env["mfg.endpoint"].search([("code", "=", "new")])
        self.assertEqual(self.interface(NEXT, endpoint).stage, "live")

    def test_nobody_goes_round_the_approval(self):
        values = {"endpoint_id": self.endpoint.id, "type": NEXT, "stage": "live"}
        interface = self.env["mfg.interface"].create(values)
        self.assertEqual(interface.stage, "proposed")
        with self.assertRaises(UserError):
            interface.with_user(self.manager).write({"stage": "live"})
        self.assertEqual(self.interface().stage, "live")

    def test_an_interface_does_not_become_another_one(self):
        """By RPC or import; the screen does not offer it."""
        other = self.make_endpoint("Two", self.env.company, types=[NEXT])
        interface = self.interface()
        for values in (
            {"type": NEXT},
            {"type": "mfg.event.reversed.v1"},
            {"direction": "out"},
            {"endpoint_id": other.id},
        ):
            with self.subTest(values), self.assertRaises(UserError) as caught:
                interface.with_user(self.manager).write(values)
            self.assertIn("goes live by approval", str(caught.exception))
        interface.with_user(self.manager).write(
            {"type": TESTED, "endpoint_id": self.endpoint.id, "sla_minutes": 30}
        )
        self.assertEqual((interface.type, interface.sla_minutes), (TESTED, 30))

    def test_its_messages_are_rehearsed(self):
        self.propose()
        message = self.post(NEXT, GOOD)
        self.assertEqual(
            (message.state, message.error_code), ("cancelled", "rehearsed")
        )
        self.assertFalse(message.link_ids)
        self.assertIn(self.endpoint.name, message.sentence)
        self.assertFalse(self.outgoing(ANSWER))
        self.assertEqual(self.post().state, "posted")  # the version before goes on

    def test_what_would_be_parked_holds_nobody_back(self):
        self.propose()
        with self.refusing():
            message = self.post(NEXT, GOOD, subject="order-1")
        self.assertEqual(message.state, "cancelled")
        self.assertEqual(message.error_code, "unknown-unit")
        self.assertIn("XYZ is not known", message.sentence)
        self.assertEqual(message.attempt_ids.error_code, "unknown-unit")
        self.assertFalse(self.env["mfg.issue"].search([("code", "=", "unknown-unit")]))
        self.assertFalse(self.outgoing("mfg.event.parked.v1"))
        follower = self.post(TESTED, subject="order-1")
        self.assertEqual(follower.state, "posted")

    def test_who_is_in_the_way_just_now_makes_it_wait(self):
        self.propose()
        with self.refusing("locked"):
            message = self.post(NEXT, GOOD)
        self.assertEqual(message.state, "retrying")

    def test_an_outgoing_version_is_not_sent(self):
        handlers = dict(self.env["mfg.handler"]._registry())
        handlers[NEXT_ANSWER] = handlers[ANSWER]
        self._look_there("mfg.handler", "_registry", handlers)
        interface = self.env["mfg.interface"].create(
            {"endpoint_id": self.endpoint.id, "type": NEXT_ANSWER}
        )
        self.assertEqual((interface.stage, interface.direction), ("proposed", "out"))

        def emit():
            return self.env["mfg.outbox"].emit(
                NEXT_ANSWER, "order-1", {"eventId": "1"}, self.env.company
            )

        self.assertFalse(emit())
        interface.with_user(self.manager)._approve("agreed with the plant")
        self.assertEqual(len(emit()), 1)


@tagged("post_install", "-at_install")
class TestApproval(ApprovalCase):
    def test_a_manager_approves_and_says_why(self):
        interface = self.propose()
        for role in ("auditor", "operator"):
            with self.assertRaises(AccessError):
                interface.with_user(self.people[role])._approve("tried")
        with self.assertRaises(AccessError):
            interface.with_user(self.strangers["manager"])._approve("tried")
        with self.assertRaises(UserError):
            interface.with_user(self.manager)._approve(" ")
        self.assertEqual(interface.stage, "proposed")
        review = self.review(interface)
        review.reason = "tried with line 1"
        review.action_approve()
        self.assertEqual(interface.stage, "live")
        self.assertEqual(interface.approved_by_id, self.manager)
        self.assertTrue(interface.approved_at)
        self.assertEqual(interface.approval_reason, "tried with line 1")
        self.assertIn("tried with line 1", interface.message_ids[0].body)
        self.assertEqual(self.post(NEXT, GOOD).state, "posted")
        self.assertEqual(self.post().state, "posted")  # until it ends
        with self.assertRaises(UserError):
            interface.with_user(self.manager)._approve("again")

    def test_the_review_tells_what_differs(self):
        review = self.review(self.propose())
        found = {line.path: line.change for line in review.difference_ids}
        self.assertEqual(found, {"system": "new-required", "shift": "new"})
        self.assertIn("sent nothing in this version", review.trial_words)
        self.assertFalse(review.earlier_words)

    def test_the_review_tells_how_the_trial_went(self):
        interface = self.propose()
        good = self.post(NEXT, GOOD)
        with self.refusing():
            bad = self.post(NEXT, GOOD, subject="order-1")
        given_up = self.send(NEXT, GOOD)
        given_up.with_user(self.manager)._cancel("sent by mistake")
        review = self.review(interface)
        found = {line.message_id: line.verdict for line in review.trial_ids}
        self.assertEqual(found, {good: "good", bad: "bad"})
        self.assertIn("Of the last 2 messages", review.trial_words)
        self.assertIn(", 1 would not have been posted", review.trial_words)
        review.action_rehearse()  # what was missing is there by now
        self.assertEqual(set(review.trial_ids.mapped("verdict")), {"good"})
        self.assertIn(self.endpoint.name, review.trial_ids[0].detail)
        self.assertEqual(bad.state, "cancelled")
        self.assertFalse((good | bad).link_ids)
        self.assertIn("would all have been posted", review.trial_words)

    def test_the_review_tells_whether_the_version_before_would_do(self):
        for _number in range(3):
            self.post()
        words = self.review(self.propose()).earlier_words
        self.assertIn("Of the last 3 messages", words)
        self.assertIn(", 0 follow", words)
        self.assertIn("/data/system", words)
        self.assertIn("(3)", words)

    def test_another_plants_version_is_not_shown(self):
        interface = self.propose()
        with self.assertRaises(AccessError):
            self.review(interface, self.strangers["manager"])
        with self.assertRaises(AccessError):
            self.review(interface, self.people["operator"])


@tagged("post_install", "-at_install")
class TestApprovalTour(ApprovalCase, HttpCase):
    def test_review_and_approve(self):
        interface = self.propose()
        self.post(NEXT, GOOD)
        login = self.manager.login
        self.start_tour("/odoo/plant-interfaces", "mfg_approve_version", login=login)
        self.env.invalidate_all()
        self.assertEqual(interface.stage, "live")
        self.assertEqual(interface.approved_by_id, self.manager)


@tagged("post_install", "-at_install")
class TestTrialByHttp(VersionMixin, DoorCase):
    def test_the_sender_hears_that_it_was_a_rehearsal(self):
        self.release_next()
        self.propose()
        answer = self.post_event(self.event(NEXT, GOOD))
        self.assertEqual(answer.status_code, 202)
        self.drain()
        state = self.call(answer.json()["href"].removeprefix("/mfg/v1")).json()
        self.assertEqual(state["state"], "cancelled")
        self.assertEqual(state["error"]["code"], "rehearsed")
        self.assertTrue(state["error"]["nextAction"])
        self.assertEqual(state["records"], [])
