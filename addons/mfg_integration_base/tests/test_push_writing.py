# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A message that cannot be written for its plant holds up nobody but its key."""

from odoo.tests import tagged

from ..engine.failure import Failure
from . import push_common as ways
from .http_common import DoorCase
from .push_common import PushCase

UNWRITABLE = "order-bad"


class FormatMixin:
    """Another addon's format, which one order does not fit into."""

    def setUp(self):
        super().setUp()
        outbox = type(self.env["mfg.outbox"])
        rendered = outbox._rendered

        def fail(outbox, message):
            if message.subject == UNWRITABLE and self.error:
                raise self.error
            return rendered(outbox, message)

        self.patch(outbox, "_rendered", fail)
        self.error = KeyError("no such unit")

    def assert_left_to_people(self, message, text):
        self.assertParked(message, "not-writable")
        self.assertIn(text, message.error_detail)
        self.assertIn("message format", message.next_action)
        attempt = message.attempt_ids
        self.assertEqual((attempt.number, attempt.outcome), (1, "parked"))
        self.assertIn("Traceback", attempt.trace)
        self.assertEqual(message.issue_id.state, "open")


@tagged("post_install", "-at_install")
class TestPushed(FormatMixin, PushCase):
    def test_the_others_go_out(self):
        bad, follower = self.emit(UNWRITABLE), self.emit(UNWRITABLE)
        other_plant, _secret = self.pushed("Other", self.receiver.url)
        others = self.emit("order-1") | self.emit("order-2", other_plant)
        self.push()
        self.assert_left_to_people(bad, "no such unit")
        self.assertEqual(others.mapped("state"), ["acknowledged"] * 2)
        self.assertEqual(follower.state, "queued")
        self.error = None
        bad._retry("The unit is mapped now")
        self.push()
        self.assertEqual((bad | follower).mapped("state"), ["acknowledged"] * 2)
        self.assertEqual(self.receiver.ids[-2:], [bad.event_id, follower.event_id])
        self.assertEqual(bad.issue_id.state, "resolved")

    def test_what_says_why_is_quoted(self):
        self.error = Failure("schema", "The line 7 has no unit.")
        self.assert_left_to_people(self.deliver(subject=UNWRITABLE), "The line 7")

    def test_its_followers_go_on_where_the_interface_says_so(self):
        self.interface(ways.OUT).order_policy = "continue"
        bad = self.emit(UNWRITABLE)
        self.push()
        self.error = None
        follower = self.emit(UNWRITABLE)
        self.push()
        self.assertEqual((bad.state, follower.state), ("parked", "acknowledged"))

    def test_more_than_fit_in_one_look(self):
        for _number in range(60):
            self.emit(UNWRITABLE)
        last = self.emit("order-1")
        self.push()
        self.assertEqual(last.state, "acknowledged")


@tagged("post_install", "-at_install")
class TestFetched(FormatMixin, DoorCase):
    def test_the_others_are_fetched(self):
        data, company = ways.DATA, self.env.company
        outbox = self.env["mfg.outbox"]
        bad, follower, other = (
            outbox.emit(ways.OUT, subject, data, company, endpoint=self.endpoint)
            for subject in (UNWRITABLE, UNWRITABLE, "order-1")
        )
        for _time in range(2):
            answer = self.call("/outbox")
            self.assertEqual(answer.status_code, 200, answer.text)
            [delivery] = answer.json()["deliveries"]
            self.assertEqual(delivery["deliveryId"], str(other.id))
            self.assert_left_to_people(bad, "no such unit")
            self.assertEqual(follower.state, "queued")
        self.error = None
        bad._retry("The unit is mapped now")
        ids = [d["deliveryId"] for d in self.call("/outbox").json()["deliveries"]]
        self.assertEqual(ids, [str(m.id) for m in (bad, follower, other)])
