# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import UserError


class MfgReconciliation(models.Model):
    """Nothing is corrected by what was found earlier, nor twice by two comparisons.

    A lost message may have come in the meantime, or what a person changed be found by
    the plant's count and by the books.
    """

    _inherit = "mfg.reconciliation"

    def _check_alone(self):
        """Of one order one comparison is corrected at a time: of two at once the second
        starts over, and is told.

        :raise UserError: another one is at it, or was since this was compared
        """
        rows = self.search([("order_id", "=", self.order_id.id)])
        self.env["mfg.drain"]._touch(rows)
        for line in (rows - self).line_ids:
            if line.state == "posting":
                raise UserError(
                    self.env._(
                        "%(order)s: a correction of another comparison, of "
                        "“%(figure)s”, is being posted. Wait for it, press Compare "
                        "Again, then decide on what is left.",
                        order=self.job_order_id,
                        figure=line.figure,
                    )
                )
            if line.state == "corrected" and line.decided_at > self.compared_at:
                raise UserError(
                    self.env._(
                        "%(order)s: “%(figure)s” was corrected by another comparison "
                        "since. Press Compare Again, then decide on what is left.",
                        order=self.job_order_id,
                        figure=line.figure,
                    )
                )

    def _findings_now(self):
        """What the comparison would find at this moment."""
        reconciler = self._reconciler(self.company_id)
        reconciler.env.flush_all()
        snapshot = self.snapshot_id if self.kind == "snapshot" else None
        case = self._case_of(reconciler, self.endpoint_id, self.order_id, snapshot)
        return reconciler._differences(case)[0]

    def _is_current(self):
        """Whether the plant has not counted anew."""
        return self.kind == "books" or self.snapshot_id.state == "current"


class MfgReconciliationLine(models.Model):
    _inherit = "mfg.reconciliation.line"

    def _check_fresh(self):
        """What was found must still be so.

        :raise UserError: it is not
        """
        row = self.reconciliation_id
        with row._refusals_told():
            found = row._findings_now() if row._is_current() else []
        seen = {self._sight_of(self._values(finding)) for finding in found}
        for line in self:
            if line._sight() not in seen:
                raise UserError(
                    self.env._(
                        "%(order)s: “%(figure)s” is not what it was when it was "
                        "compared. Press Compare Again, then decide on what is left.",
                        order=row.job_order_id,
                        figure=line.figure,
                    )
                )

    def _sight(self):
        """What a person saw and decides on."""
        return self._sight_of(self._seen_values())

    def _sight_of(self, values):
        plan = values["plan"] or {}
        return (
            self._mark_of(values),
            values["plant_text"] or "",
            values["odoo_text"] or "",
            round(values["correctable"], 4),
            bool(plan.get("follows")),
            tuple(sorted(plan.get("doubled") or ())),
        )
