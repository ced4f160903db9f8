# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from odoo.addons.mfg_integration_base.tools.posting import for_client, is_posting

from .mrp_production import CANCELLED, OPEN_STATES, SPLIT


class MrpProduction(models.Model):
    """What Odoo's own buttons do because something happened is no change of plan.

    Backorders keep the job order, and with it the plan; a planner's split and a merge
    make job orders of their own.
    """

    _inherit = "mrp.production"

    def button_mark_done(self):
        orders = self._mfg_as_posting()
        running = orders.filtered(
            lambda o: o.mfg_job_order_id and o.state in OPEN_STATES
        )
        result = super(MrpProduction, orders).button_mark_done()
        if not is_posting(self.env):
            running._mfg_announce_closed()
        return for_client(result)

    def _mfg_announce_closed(self):
        """A person ended what plants would go on with; their final report did not."""
        reason = self.env._("Closed in Odoo by %(user)s", user=self.env.user.name)
        closed = self.filtered(lambda o: o.state == "done")
        for orders in closed.grouped(lambda o: o._mfg_key()).values():
            if orders[0]._mfg_subscribed(CANCELLED):
                orders[0]._mfg_announce_end(reason)

    def action_start(self):
        orders = self._mfg_as_posting()
        return for_client(super(MrpProduction, orders).action_start())

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
