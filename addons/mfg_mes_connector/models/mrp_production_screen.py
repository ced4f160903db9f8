# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class MrpProduction(models.Model):
    """The plant's messages, seen from the order."""

    _inherit = "mrp.production"

    mfg_message_count = fields.Integer(
        compute="_compute_mfg_message_count",
        groups="mfg_integration_base.group_mfg_auditor",
    )
    mfg_parked_count = fields.Integer(
        compute="_compute_mfg_message_count",
        groups="mfg_integration_base.group_mfg_auditor",
    )

    def _mfg_message_domain(self):
        """By endpoint and key, which is the index; parked messages have no links."""
        endpoints = self.env["mfg.endpoint"].with_context(active_test=False)
        mine = endpoints.search([("company_id", "in", self.company_id.ids)])
        keys = [key for key in self.mapped("mfg_job_order_id") if key]
        return [("endpoint_id", "in", mine.ids), ("key", "in", keys)]

    def _compute_mfg_message_count(self):
        rows = self.env["mfg.message"]._read_group(
            self._mfg_message_domain(), ["company_id", "key", "state"], ["__count"]
        )
        for order in self:
            mine = [
                (state, number)
                for company, key, state, number in rows
                if (company, key) == (order.company_id, order.mfg_job_order_id)
            ]
            order.mfg_message_count = sum(number for _state, number in mine)
            order.mfg_parked_count = sum(n for state, n in mine if state == "parked")

    def action_mfg_messages(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plant Messages"),
            "res_model": "mfg.message",
            "view_mode": "list,form",
            "domain": self._mfg_message_domain(),
            "context": {"search_default_inbound": 1},
        }
