# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class MfgMessageDecision(models.Model):
    """What a person did to a message, and why. Append-only: this is the audit."""

    _name = "mfg.message.decision"
    _description = "Plant Message Decision"
    _order = "id desc"
    _rec_name = "action"

    message_id = fields.Many2one(
        "mfg.message", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="message_id.company_id", store=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True)
    action = fields.Selection(
        [
            ("retry", "Retried"),
            ("approve", "Approved"),
            ("skip", "Skipped"),
            ("cancel", "Cancelled"),
            ("edit", "Edited"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True, readonly=True)
    before = fields.Text(readonly=True)
    after = fields.Text(readonly=True)
