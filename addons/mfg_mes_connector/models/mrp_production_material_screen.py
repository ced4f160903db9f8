# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class MrpProduction(models.Model):
    """What the plant used and Odoo could not post yet, seen from the order."""

    _inherit = "mrp.production"

    mfg_waiting_for = fields.Text(
        string="Waits for Stock", compute="_compute_mfg_waiting_for"
    )

    def _compute_mfg_waiting_for(self):
        # sudo: the order's planner need not read the log; only the shortages are told
        messages = self.env["mfg.message"].sudo()
        for order in self:
            domain = (
                order.sudo()._mfg_message_domain() if order.mfg_job_order_id else []
            )
            waiting = [("rest_of_id", "!=", False), ("state", "=", "parked")]
            rests = domain and messages.search([*domain, *waiting], order="id")
            order.mfg_waiting_for = (
                "\n".join(rest.error_detail or "" for rest in rests) or False
            )
