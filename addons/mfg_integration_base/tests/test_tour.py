# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ..models.mfg_drain_wake import MfgDrainWake
from .common import drain_now
from .test_screens import ScreenCase


@tagged("post_install", "-at_install")
class TestTour(HttpCase, ScreenCase):
    """What a person does in the browser, from the log to the posted message."""

    def setUp(self):
        super().setUp()

        def drain_at_once(drain, slots):
            # a job runner would wake a moment later; here there is none
            drain_now(drain.env)

        self.startPatcher(
            patch.object(MfgDrainWake, "_wake_after_commit", drain_at_once)
        )

    def test_parked_message_is_healed_by_its_mapping(self):
        message = self.parked("STEEL-BAR")
        self.people["operator"].group_ids += self.env.ref("stock.group_stock_user")
        login = self.people["operator"].login
        self.start_tour("/odoo/plant-inbox", "mfg_heal_by_mapping", login=login)
        self.env.invalidate_all()
        self.assertEqual(message.state, "posted")
        self.assertEqual(message.link_ids.res_id, self.product.id)

    def test_skip_with_a_reason(self):
        message = self.parked("STEEL-BAR")
        login = self.people["operator"].login
        self.start_tour("/odoo/plant-todo", "mfg_cancel_with_reason", login=login)
        self.env.invalidate_all()
        self.assertEqual(message.state, "cancelled")
        self.assertEqual(message.decision_ids.reason, "Reported twice")

    def test_set_up_an_endpoint(self):
        login = self.people["manager"].login
        self.start_tour("/odoo/plant-endpoints", "mfg_set_up_endpoint", login=login)
        endpoint = self.env["mfg.endpoint"].search([("code", "=", "mes-lyon")])
        self.assertTrue(endpoint.user_id)
        self.assertTrue(endpoint.has_key)
