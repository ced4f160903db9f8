# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class MfgMessageLink(models.Model):
    """The kind of a linked record as people call it: "Production Order", no model."""

    _inherit = "mfg.message.link"

    model_title = fields.Char(string="Kind", compute="_compute_model_title")

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_model_title(self):
        for link in self:
            # sudo: the name of a model is no secret, its description is not readable
            model = self.env["ir.model"].sudo()._get(link.res_model)
            link.model_title = model.name or link.res_model
