# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class MfgMapping(models.Model):
    """The codes of production: machines, operations, orders; persons are employees."""

    _inherit = "mfg.mapping"

    kind = fields.Selection(
        selection_add=[
            ("equipment", "Machine or work center"),
            ("operation", "Operation"),
            ("order", "Production order"),
        ],
        ondelete={
            "equipment": "cascade",
            "operation": "cascade",
            "order": "cascade",
        },
    )

    @api.model
    def _kind_models(self):
        return {
            **super()._kind_models(),
            "equipment": "mrp.workcenter",
            "operation": "mrp.routing.workcenter",
            "order": "mrp.production",
            "person": "hr.employee",
        }
