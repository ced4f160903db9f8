# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class MfgEndpointSetupLine(models.TransientModel):
    """One message type a plant may be connected for."""

    _name = "mfg.endpoint.setup.line"
    _description = "Message Type of a New Endpoint"

    setup_id = fields.Many2one(
        "mfg.endpoint.setup", required=True, ondelete="cascade", index=True
    )
    selected = fields.Boolean(string="Use", default=True)
    type = fields.Char(required=True, readonly=True)
    direction = fields.Selection(
        [("in", "From plant"), ("out", "To plant")], required=True, readonly=True
    )
    title = fields.Char(string="Message", compute="_compute_title")

    @api.depends("type")
    @api.depends_context("lang")
    def _compute_title(self):
        titles = dict(self.env["mfg.interface"]._selection_type())
        for line in self:
            line.title = titles.get(line.type, line.type)
