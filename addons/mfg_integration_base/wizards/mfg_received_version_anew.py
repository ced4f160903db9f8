# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from ..engine import states


class MfgReceivedVersionAnew(models.TransientModel):
    """Let the versions of one kind begin anew, with a reason that is kept."""

    _name = "mfg.received.version.anew"
    _description = "Begin Anew"

    endpoint_id = fields.Many2one("mfg.endpoint", required=True)
    kind = fields.Selection(
        selection=lambda self: self.env["mfg.handler.owned"]._selection_kind(),
        string="Master Data",
        required=True,
    )
    reason = fields.Text(help="Kept on the endpoint, with your name and the time.")
    record_count = fields.Integer(compute="_compute_counts")
    open_count = fields.Integer(compute="_compute_counts")

    @api.depends("endpoint_id", "kind")
    def _compute_counts(self):
        versions, messages = self.env["mfg.received.version"], self.env["mfg.message"]
        for wizard in self:
            endpoint, kind = wizard.endpoint_id, wizard.kind
            wizard.record_count = versions.search_count(
                versions._anew_domain(endpoint, kind)
            )
            wizard.open_count = messages.search_count(
                [
                    ("endpoint_id", "in", endpoint.ids),
                    ("direction", "=", "in"),
                    ("type", "=like", f"mfg.master.{kind}.v%"),
                    ("state", "in", states.UNSETTLED),
                ]
            )

    def action_apply(self):
        self.ensure_one()
        versions = self.env["mfg.received.version"]
        versions._begin_anew(self.endpoint_id, self.kind, self.reason)
        return {"type": "ir.actions.act_window_close"}
