# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class MfgMapping(models.Model):
    """What the screens need to offer only records a code of this kind can mean."""

    _inherit = "mfg.mapping"

    record_model = fields.Char(compute="_compute_record_choice")
    record_domain = fields.Char(compute="_compute_record_choice")

    @api.depends("kind", "company_id")
    def _compute_record_choice(self):
        kinds = self._kind_models()
        for mapping in self:
            mapping.record_model = kinds.get(mapping.kind, False)
            mapping.record_domain = str(mapping._record_domain())

    def _record_domain(self):
        """Records of the endpoint's company or of all; connectors may narrow it."""
        model = self.env.get(self.record_model or "")
        if model is None or "company_id" not in model._fields:
            return []
        return [("company_id", "in", [self.endpoint_id.company_id.id, False])]

    @api.onchange("kind")
    def _onchange_kind(self):
        """A record of another model is no candidate any more."""
        if self.record and self.record._name != self.record_model:
            self.record = False
