# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class MfgProposalLine(models.Model):
    """One field of a proposal: what it is, what the plant would have it be."""

    _name = "mfg.proposal.line"
    _description = "Plant Proposal Field"
    _order = "id"

    proposal_id = fields.Many2one(
        "mfg.proposal", required=True, readonly=True, ondelete="cascade", index=True
    )
    member = fields.Char(required=True, readonly=True)
    name = fields.Char(string="Field", required=True, readonly=True)
    kept = fields.Text(readonly=True)
    current = fields.Text(
        string="In Odoo",
        compute="_compute_current",
        help="Now; of a proposal that is decided, as it was then.",
    )
    proposed = fields.Text(readonly=True)

    @api.depends("proposal_id.state", "kept")
    def _compute_current(self):
        for line in self:
            is_open = line.proposal_id.state == "open"
            line.current = line._present() if is_open else line.kept

    def _present(self):
        """The field as it is in Odoo by now, in words."""
        proposal = self.proposal_id
        if not proposal.res_id:
            return False
        # sudo: whoever decides sees what it is about, whatever else he may open
        handler = self.env["mfg.handler.owned"].sudo()._of_kind(proposal.kind)
        handler = handler._in_company(proposal.company_id)  # as what is proposed
        record = handler.env[proposal.res_model].browse(proposal.res_id).exists()
        return handler._present(proposal.endpoint_id, record, self.member)

    def _keep_current(self):
        """Remember what a field was when its proposal was decided."""
        for line in self:
            line.kept = line._present()
