# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.failure import Failure
from .common import TESTED
from .race_common import Meeting, RaceCase

REVERSED = "mfg.event.reversed.v1"
LIMIT = Failure("over-tolerance", "Too many.")
NEXT = Failure("under-tolerance", "Too little of something else.")


@tagged("post_install", "-at_install")
class TestApprovalRace(RaceCase):
    def setUp(self):
        super().setUp()
        handler = type(self.env["mfg.handler.connection.tested"])
        post_one = handler._post_one
        self.limits = [LIMIT]

        def insisting(this, message, facts):
            for limit in self.limits:
                message._insist(limit)
            return post_one(this, message, facts)

        self.startPatcher(patch.object(handler, "_post_one", insisting))

    def dialog(self, id_):
        """A person has the dialog open in which they approve."""
        with self.transaction() as env:
            wizard = env["mfg.message.decide"].with_context(active_ids=[id_])
            return wizard.create({"action": "approve", "reason": "I asked."}).id

    def approve(self, wizard_id):
        with self.transaction() as env:
            wizard = env["mfg.message.decide"].browse(wizard_id)
            retrying(wizard.action_apply, env)

    def test_two_approve_one_message(self):
        id_ = self.send("order-1")
        self.drain(id_)
        self.assertEqual(self.seen(id_, "error_code")["error_code"], LIMIT.code)
        dialogs = [self.dialog(id_), self.dialog(id_)]
        message = type(self.env["mfg.message"])
        meeting = Meeting()
        with (
            patch.object(message, "_requeue", meeting.before(message._requeue)),
            mute_logger("odoo.sql_db", "odoo.service.model"),
        ):
            outcomes = self.at_once(
                lambda: self.approve(dialogs[0]), lambda: self.approve(dialogs[1])
            )
        refused = [outcome for outcome in outcomes if outcome]
        self.assertEqual([type(error) for error in refused], [UserError])
        self.drain(id_)
        found = self.seen(id_, "state", "approved", "decision_ids", "link_ids")
        self.assertEqual((found["state"], found["approved"]), ("posted", LIMIT.rules))
        self.assertEqual(len(found["decision_ids"]), 1)
        self.assertEqual(len(found["link_ids"]), 1)

    def test_an_old_dialog_does_not_lift_the_next_limit(self):
        self.limits = [LIMIT, NEXT]
        id_ = self.send("order-1")
        self.drain(id_)
        first, second = self.dialog(id_), self.dialog(id_)
        self.approve(first)
        self.drain(id_)
        with self.assertRaises(UserError):
            self.approve(second)
        found = self.seen(id_, "state", "error_code", "approved")
        self.assertEqual((found["state"], found["error_code"]), ("parked", NEXT.code))
        self.assertEqual(found["approved"], LIMIT.rules)
        self.approve(self.dialog(id_))
        self.drain(id_)
        self.assertEqual(self.seen(id_, "state")["state"], "posted")


@tagged("post_install", "-at_install")
class TestReversalRace(RaceCase):
    types = (TESTED, REVERSED)

    def setUp(self):
        super().setUp()
        self.drains = type(self.env["mfg.drain"])

    def reverse(self, event_id):
        data = {"eventId": event_id, "reason": "Sent by mistake"}
        return self.send("elsewhere", REVERSED, data)

    def assertReversed(self, original, reversal, state):
        first = self.seen(original, "state", "reversed_by_id", "link_ids")
        second = self.seen(reversal, "state", "reverses_id", "error_detail")
        self.assertEqual(second["state"], "posted", second["error_detail"])
        self.assertEqual((first["state"], first["reversed_by_id"]), (state, reversal))
        self.assertEqual(second["reverses_id"], original)
        self.assertEqual(len(first["link_ids"]), int(state == "posted"))

    def race(self, step):
        """An event is at a step of its posting when its reversal, of another key, is
        posted up to there too."""
        original = self.send("order-1", id_="wrong")
        reversal = self.reverse("wrong")
        meeting = Meeting()

        def follow():
            meeting.begun.wait(10)
            self.drain(reversal)

        met = meeting.before(getattr(self.drains, step))
        with (
            patch.object(self.drains, step, met),
            mute_logger("odoo.sql_db", "odoo.addons.mfg_integration_base"),
        ):
            outcomes = self.at_once(lambda: self.drain(original), follow)
        self.assertEqual(outcomes, [None, None])
        return original, reversal

    def test_while_its_original_is_being_posted(self):
        """The reversal has cancelled it when the posting comes to its end."""
        original, reversal = self.race("_note_posted")
        self.assertReversed(original, reversal, "cancelled")

    def test_while_its_original_is_about_to_commit(self):
        """The reversal waits for the row, and then takes back what was posted."""
        original, reversal = self.race("_note_attempts")
        self.assertReversed(original, reversal, "posted")

    def test_its_original_comes_and_ends_while_it_is_being_parked(self):
        reversal = self.reverse("late")
        finish, originals = self.drains._finish_failed, []

        def slowly(drain, *args):
            if not originals:
                originals.append(self.send("order-1", id_="late"))
                self.drain(originals[0])
            return finish(drain, *args)

        with patch.object(self.drains, "_finish_failed", slowly):
            self.drain(reversal)
        self.assertReversed(originals[0], reversal, "posted")


@tagged("post_install", "-at_install")
class TestFollowerRace(RaceCase):
    """A follower is held back while what it waits for is being settled."""

    types = (TESTED, REVERSED)

    def setUp(self):
        super().setUp()
        self.drains = type(self.env["mfg.drain"])
        handler = type(self.env["mfg.handler.connection.tested"])
        post_one = handler._post_one

        def refusing(this, message, facts):
            if message._event_data()["text"] == "bad":
                raise LIMIT
            return post_one(this, message, facts)

        self.startPatcher(patch.object(handler, "_post_one", refusing))
        self.park()

    def park(self):
        self.bad = self.send("order-1", data={"text": "bad"})
        self.drain(self.bad)

    def decide(self, action):
        with self.transaction() as env:
            wizard = env["mfg.message.decide"].with_context(active_ids=[self.bad])
            wizard.create({"action": action, "reason": "I asked."}).action_apply()

    def reverse(self):
        event_id = self.seen(self.bad, "event_id")["event_id"]
        data = {"eventId": event_id, "reason": "Sent by mistake"}
        self.drain(self.send("elsewhere", REVERSED, data))

    def once_before(self, step, meanwhile):
        """Something happens, and is committed, just before a step of the drain."""
        original, done = getattr(self.drains, step), []

        def met(*args, **kwargs):
            if not done:
                done.append(True)
                meanwhile()
            return original(*args, **kwargs)

        return patch.object(self.drains, step, met)

    def follow(self):
        self.follower = self.send("order-1")
        self.drain(self.follower)

    def assertFollows(self):
        self.drain(self.follower)
        self.assertEqual(self.seen(self.follower, "state")["state"], "posted")

    def test_held_back_before_a_decision_is_committed_that_cannot_see_it(self):
        for action in ("cancel", "skip"):
            with self.once_before("_release_followers", self.follow):
                self.decide(action)
            self.assertFollows()
            self.park()

    def test_held_back_before_its_head_is_reversed(self):
        with self.once_before("_release_followers", self.follow):
            self.reverse()
        self.assertFollows()

    def test_parked_and_held_back_before_its_interface_lets_others_go_on(self):
        self.decide("cancel")
        with self.transaction() as env:
            interface = env["mfg.endpoint"].browse(self.ids[0]).interface_ids[0]
            interface.order_policy = "continue"
            env.flush_all()
            self.park()
            self.follow()
        self.assertFollows()

    def test_held_back_after_a_decision_is_committed_that_it_cannot_see(self):
        with self.once_before("_hold", lambda: self.decide("cancel")):
            self.follow()
        self.assertEqual(self.seen(self.follower, "state")["state"], "posted")

    def test_held_back_after_its_head_was_reversed(self):
        with self.once_before("_hold", self.reverse):
            self.follow()
        self.assertEqual(self.seen(self.follower, "state")["state"], "posted")


@tagged("post_install", "-at_install")
class TestHealingRace(RaceCase):
    """A message is parked for a code while the transaction that explains it goes on.

    What is explained while a message is being parked: test_mapping_race.py.
    """

    def setUp(self):
        super().setUp()
        handler = type(self.env["mfg.handler.connection.tested"])
        post_one = handler._post_one

        def resolving(this, message, facts):
            # sudo: a service user of the base alone reads no locations
            resolver, code = (
                this.env["mfg.resolver"].sudo(),
                message._event_data()["text"],
            )
            resolver.resolve(message.endpoint_id, "location", code, "/data/text")
            return post_one(this, message, facts)

        self.startPatcher(patch.object(handler, "_post_one", resolving))

    def explain(self, env):
        location = env["stock.location"].search([("usage", "=", "internal")], limit=1)
        return env["mfg.mapping"].create(
            {
                "endpoint_id": self.ids[0],
                "kind": "location",
                "code": "X1",
                "record": f"stock.location,{location.id}",
            }
        )

    def parked(self):
        id_ = self.send("order-1", data={"text": "X1"})
        self.drain(id_)
        self.assertEqual(self.seen(id_, "error_code")["error_code"], "unknown-location")
        return id_

    def test_parked_before_a_mapping_is_committed_that_cannot_see_it(self):
        with self.transaction() as env:
            self.explain(env)
            id_ = self.parked()
        self.drain(id_)
        self.assertEqual(self.seen(id_, "state")["state"], "posted")

    def test_a_mapping_that_is_gone_again_heals_nothing(self):
        with self.transaction() as env:
            mapping = self.explain(env)
            id_ = self.parked()
            mapping.unlink()
        self.drain(id_)
        self.assertEqual(self.seen(id_, "state", "attempts")["attempts"], 1)
