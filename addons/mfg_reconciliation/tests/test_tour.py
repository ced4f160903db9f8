# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.mfg_integration_base.models.mfg_drain_wake import MfgDrainWake
from odoo.addons.mfg_integration_base.tests.common import drain_now

from .common import ReconcileCase

MANAGER = "mfg_integration_base.group_mfg_manager"


@tagged("post_install", "-at_install")
class TestReconciliationTour(HttpCase, ReconcileCase):
    """What a person does in the browser with an order that differs."""

    def test_from_the_difference_to_its_correction(self):
        new_test_user(self.env, "max", groups=MANAGER, name="Max")
        self.makes(4)
        doubled = self.again()
        self.uses(self.glue, 2, lost=True)
        self.counts(4, consumed=[self.used(self.glue, 2)], listed=True)
        self.draining = False

        def drain_at_once(drain, slots):
            # here is no job runner, and a posting that wakes is not drained within
            if not self.draining:
                self.draining = True
                drain_now(drain.env)
                self.draining = False

        with patch.object(MfgDrainWake, "_wake_after_commit", drain_at_once):
            self.start_tour("/odoo/plant-reconciliation", "mfg_reconcile", login="max")
        self.env.invalidate_all()
        self.assertEqual((self.made(), self.consumed(self.glue)), (4, 2))
        self.assertEqual(self.found.state, "corrected")
        self.assertTrue(doubled.reversed_by_id)

    def test_a_single_figure_is_accepted(self):
        new_test_user(self.env, "max", groups=MANAGER, name="Max")
        self.makes(4)
        self.again()
        self.uses(self.glue, 2, lost=True)
        self.counts(4, consumed=[self.used(self.glue, 2)], listed=True)
        url = "/odoo/plant-reconciliation"
        self.start_tour(url, "mfg_reconcile_differences", login="max")
        self.env.invalidate_all()
        line = self.line("consumed", self.glue)
        self.assertEqual(
            (line.state, line.decided_by_id.login, self.found.state),
            ("accepted", "max", "differs"),
        )
