# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class MfgProposalDecide(models.TransientModel):
    """Accept or refuse proposals, one or many, with a reason that is kept."""

    _name = "mfg.proposal.decide"
    _description = "Decide on Proposals"

    action = fields.Selection(
        [("accept", "Accept"), ("refuse", "Refuse")], required=True, default="accept"
    )
    reason = fields.Text(help="Kept with the proposal, with your name and the time.")
    proposal_ids = fields.Many2many(
        "mfg.proposal", default=lambda self: self.env.context.get("active_ids", [])
    )

    def action_apply(self):
        """Decide on all of them, or on none: a sentence says which one hindered it."""
        self.ensure_one()
        getattr(self.proposal_ids, f"_{self.action}")(self.reason)
        return {"type": "ir.actions.act_window_close"}
