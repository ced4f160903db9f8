# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

WAITING = ("blocked", "ready")


class MrpWorkorder(models.Model):
    """What Odoo had planned before the plant's times took its place."""

    _inherit = "mrp.workorder"

    mfg_planned_start = fields.Datetime(readonly=True, copy=False)
    mfg_planned_finish = fields.Datetime(readonly=True, copy=False)

    def _mfg_write(self, **values):
        order = self.production_id
        order._mfg_keep_plan()
        begun = order.mfg_started_at and order.date_start
        if self.state in WAITING and values.get("state") in ("progress", "done"):
            self.write(
                {
                    "mfg_planned_start": self.date_start,
                    "mfg_planned_finish": self.date_finished,
                }
            )
        result = super()._mfg_write(**values)
        if begun and order.date_start > begun:
            # Odoo starts an order with its first operation, whatever began before
            with order._mfg_keeping_dates():
                order.with_context(force_date=True).date_start = begun
        return result

    def _mfg_stand(self, values):
        """Stand as before: state and dates of an earlier moment."""
        if values["date_start"] and values["date_finished"]:
            self._mfg_write(**values)
        else:
            # sudo: planning made the place in the calendar for every user alike
            self.sudo().leave_id.unlink()
            self._mfg_write(**{**values, "date_start": False, "date_finished": False})
        if self.state in WAITING:
            self._compute_state()

    def _mfg_settle_start(self, times):
        """The operation began with the earliest of these reports, or not at all."""
        begun = self.date_start and self.state == "progress"
        if times and begun and self.date_start < min(times):
            self._mfg_write(date_start=min(times))
        elif not times and begun and not (self.time_ids or self.qty_produced):
            self._mfg_stand(
                {
                    "state": "ready",
                    "date_start": self.mfg_planned_start,
                    "date_finished": self.mfg_planned_finish,
                }
            )
