# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import models
from odoo.exceptions import AccessError

from .mfg_reconciler import exact

ALWAYS = ("state", "messages")  # no quantity is posted


class MfgReconciliationLine(models.Model):
    """Up to what an operator may correct: by what is posted, of all lots together."""

    _inherit = "mfg.reconciliation.line"

    def _check_limit(self):
        """:raise AccessError: beyond the limit, and the person is no manager"""
        beyond = self._beyond_limit()
        if beyond and not self.env["mfg.reconciliation"]._is_manager():
            raise AccessError(
                self.env._(
                    "%s is beyond what an operator may correct: ask a manager of plant "
                    "integration.",
                    beyond[0].figure,
                )
            )

    def _beyond_limit(self):
        """Those that take a manager, as the interface says."""
        beyond = self.browse()
        for lines in self.grouped(lambda x: x._limited_with()).values():
            if lines._is_beyond_limit():
                beyond |= lines
        return beyond

    def _limited_with(self):
        """Lots and serial numbers of a product are one figure of its order."""
        return self.order_id, self.endpoint_id, self.what, self.product_id, self.segment

    def _is_beyond_limit(self):
        if self[0].what in ALWAYS:
            return False
        rule = self.env["mfg.interface"]._reconciling(self.endpoint_id)
        all_lines = self | self._corrected_beside()
        posted = sum((line._posts() for line in all_lines), Decimal())
        plant = sum((exact(line.plant_value) for line in all_lines), Decimal())
        return not rule or rule._is_beyond("reconcile_limit", posted, plant)

    def _corrected_beside(self):
        """What operators corrected of the same figure, lot by lot; not what is decided
        on now, nor what a manager approved of."""
        manager = "mfg_integration_base.group_mfg_manager"
        return (self.reconciliation_id.line_ids - self).filtered(
            lambda x: (
                x.state in ("posting", "corrected")
                and x._limited_with() == self[0]._limited_with()
                and not x.decided_by_id.has_group(manager)
            )
        )

    def _posts(self):
        """How much is moved to put it right: what is taken back and what is posted may
        be far more than the difference that both make."""
        taken = exact((self.plan or {}).get("taken") or 0)
        return max(abs(exact(self.difference)), abs(exact(self.correctable)), taken)
