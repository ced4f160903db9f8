# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from odoo.addons.mfg_integration_base.tools.posting import for_client

PLANNED = {
    "blocked_by_workorder_ids",
    "date_finished",
    "date_start",
    "duration_expected",
    "name",
    "sequence",
    "workcenter_id",
}


class MrpWorkorder(models.Model):
    """An operation of a released order that somebody plans anew.

    In the list, in the Gantt chart or by any other code; what says that work began,
    stopped or ended is no planning.
    """

    _inherit = "mrp.workorder"

    @api.model_create_multi
    def create(self, vals_list):
        ids = {values.get("production_id") for values in vals_list}
        orders = self.env["mrp.production"].browse(filter(None, ids))
        with orders._mfg_planning():
            return super().create(vals_list)

    def write(self, vals):
        if PLANNED.isdisjoint(vals) and vals.get("state") != "cancel":
            return super().write(vals)
        with self.production_id._mfg_planning():
            return super().write(vals)

    def unlink(self):
        with self.production_id._mfg_planning():
            return super().unlink()

    def _mfg_as_posting(self):
        return self.with_env(self.production_id._mfg_as_posting().env)

    def button_start(self, *args, **kwargs):
        workorders = self._mfg_as_posting()
        result = super(MrpWorkorder, workorders).button_start(*args, **kwargs)
        return for_client(result)

    def button_pending(self):
        workorders = self._mfg_as_posting()
        result = super(MrpWorkorder, workorders).button_pending()
        return for_client(result)

    def button_finish(self):
        workorders = self._mfg_as_posting()
        workorders._mfg_expect_what_is_made()
        result = super(MrpWorkorder, workorders).button_finish()
        return for_client(result)

    def action_mark_as_done(self):
        workorders = self._mfg_as_posting()
        result = super(MrpWorkorder, workorders).action_mark_as_done()
        return for_client(result)
