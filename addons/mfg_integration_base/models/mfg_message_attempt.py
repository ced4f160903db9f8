# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class MfgMessageAttempt(models.Model):
    """One try at posting or delivering a message, and how it ended."""

    _name = "mfg.message.attempt"
    _inherit = "mfg.lean"
    _description = "Plant Message Attempt"
    _order = "id desc"
    _rec_name = "outcome"

    message_id = fields.Many2one(
        "mfg.message", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="message_id.company_id", store=True)
    number = fields.Integer(readonly=True, aggregator=None)
    started_at = fields.Datetime(readonly=True)
    duration_ms = fields.Integer(string="Duration (ms)", readonly=True)
    outcome = fields.Selection(
        [
            ("posted", "Posted"),
            ("sent", "Sent"),
            ("retrying", "Will retry"),
            ("parked", "Parked"),
            ("cancelled", "Explained only"),
            ("ended", "Ended without effect"),
        ],
        required=True,
        readonly=True,
    )
    error_code = fields.Char(readonly=True)
    error_detail = fields.Text(readonly=True)
    trace = fields.Text(readonly=True, groups="mfg_integration_base.group_mfg_manager")
