# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from .mrp_production import SPLIT


class MrpProduction(models.Model):
    """What Odoo's own buttons do because something happened is no change of plan.

    Backorders keep the job order, and with it the plan; a planner's split and a merge
    make job orders of their own.
    """

    _inherit = "mrp.production"

    def button_mark_done(self):
        return super(MrpProduction, self._mfg_as_posting()).button_mark_done()

    def action_start(self):
        return super(MrpProduction, self._mfg_as_posting()).action_start()

    def _split_productions(self, *args, **kwargs):
        if self.env.context.get(SPLIT):
            with self._mfg_planning():
                return super()._split_productions(*args, **kwargs)
        orders = self._mfg_as_posting()
        split = super(MrpProduction, orders)._split_productions(*args, **kwargs)
        return split.with_env(self.env)

    def _mfg_identity_of_rest(self):
        """Of a planner's split each part is a job order of its own."""
        return {} if self.env.context.get(SPLIT) else super()._mfg_identity_of_rest()

    def action_merge(self):
        with self._mfg_planning():
            return super().action_merge()

    def action_update_bom(self):
        with self._mfg_planning():
            return super().action_update_bom()

    def button_plan(self):
        with self._mfg_planning():
            return super().button_plan()

    def button_unplan(self):
        with self._mfg_planning():
            return super().button_unplan()
