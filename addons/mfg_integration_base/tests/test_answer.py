# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from odoo.tests import tagged

from ..engine.failure import Failure
from .http_common import DoorCase

POSTED = "mfg.event.posted.v1"
PARKED = "mfg.event.parked.v1"
MANY = 1200


@tagged("post_install", "-at_install")
class TestAnswer(DoorCase):
    """What Odoo answers follows the schema it publishes, whatever came of an event."""

    def answer_to(self, effect):
        """The data of the answer to an event of that effect."""
        handler = type(self.env["mfg.handler.connection.tested"])
        with patch.object(handler, "_post_one", effect):
            self.message = self.post()
        message = self.outgoing(POSTED) | self.outgoing(PARKED)
        data = message._event_data()
        self.assertFalse(self.env["mfg.contract"]._errors(message.type, data))
        return data

    def test_few_records_are_all_listed(self):
        companies = self.env.company

        def effect(_handler, message, _facts):
            message._link(companies)

        data = self.answer_to(effect)
        self.assertEqual(data["recordCount"], 1)
        self.assertEqual(
            [(r["model"], r["id"]) for r in data["records"]],
            [("res.company", companies.id)],
        )

    def test_more_records_than_an_answer_may_list(self):
        """As by a report of 1,200 serial numbers, which links its order last."""
        many = self.env["ir.model.fields"].search([], limit=MANY)
        self.assertEqual(len(many), MANY)

        def effect(_handler, message, _facts):
            message._link(many)
            message._link(self.env.company, "changed")

        data = self.answer_to(effect)
        self.assertEqual((len(data["records"]), data["recordCount"]), (1000, MANY + 1))
        self.assertEqual(data["records"][-1]["model"], "res.company")
        self.assertEqual([r["id"] for r in data["records"][:-1]], many[:999].ids)
        seen = self.call(f"/events/{self.message.id}").json()
        self.assertEqual(len(seen["records"]), MANY + 1)

    def test_a_record_with_a_long_name_or_none(self):
        names = self.env["res.partner"].create(
            [{"name": "Ann " * 200}, {"type": "delivery"}]
        )

        def effect(_handler, message, _facts):
            message._link(names)

        data = self.answer_to(effect)
        self.assertEqual([len(r["name"]) for r in data["records"]], [500, 11])

    def test_a_long_story(self):
        def effect(_handler, _message, _facts):
            raise Failure("not-permitted", "No. " * 2000)

        self.assertEqual(len(self.answer_to(effect)["error"]["detail"]), 4000)
