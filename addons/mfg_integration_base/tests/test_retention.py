# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..models import mfg_retention
from .common import PlantCase


@tagged("post_install", "-at_install")
class TestRetention(PlantCase):
    def age(self, message, days):
        message.sudo().write(
            {"received_at": fields.Datetime.now() - timedelta(days=days)}
        )

    def test_only_what_ended_and_is_old_goes(self):
        old, young = self.post(), self.post()
        unsettled = self.send()
        self.age(old, 400)
        self.age(unsettled, 400)
        attempts = old.attempt_ids
        done, more = self.env["mfg.message"]._gc_messages()
        self.assertFalse(old.exists())
        self.assertFalse(attempts.exists())
        self.assertTrue(young.exists() and unsettled.exists())
        self.assertEqual((done, more), (1, False))

    def test_with_what_was_refused_its_issue_ends(self):
        out = self.env["mfg.outbox"]._emit_test(self.endpoint)
        out._transition("refused", error_code="push-refused")
        issue = out.issue_id
        self.assertEqual(issue.state, "open")
        self.age(out, 400)
        self.env["mfg.message"]._gc_messages()
        self.assertFalse(out.exists())
        self.assertEqual(issue.state, "resolved")

    def test_zero_days_keeps_all(self):
        self.env["ir.config_parameter"].set_param(
            "mfg_integration_base.retention_days", "0"
        )
        old = self.post()
        self.age(old, 4000)
        self.env["mfg.message"]._gc_messages()
        self.assertTrue(old.exists())

    def test_what_is_no_number_is_as_good_as_not_set(self):
        old, young = self.post(), self.post()
        self.age(old, 400)
        self.age(young, 300)
        self.env["ir.config_parameter"].set_param(
            "mfg_integration_base.retention_days", "a year"
        )
        with self.assertLogs("odoo.addons.mfg_integration_base", "WARNING"):
            self.env["mfg.message"]._gc_messages()
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())

    def test_in_batches(self):
        self.patch(mfg_retention, "BATCH", 2)
        for message in [self.post() for _i in range(3)]:
            self.age(message, 400)
        self.assertEqual(self.env["mfg.message"]._gc_messages(), (2, True))
        self.assertEqual(self.env["mfg.message"]._gc_messages(), (1, False))
