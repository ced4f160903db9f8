# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

# ISA-95 part 1, equipment hierarchy
LEVELS = [
    ("WorkCenter", "Work center"),
    ("WorkUnit", "Work unit (machine)"),
]


class MfgWorkcenterCrosswalk(models.Model):
    """Plant equipment id -> Odoo work centre, with its level in the plant.

    A table beside the general mappings, because a plant lists all its machines in one
    go, several of them may be one work centre in Odoo, and the code to publish for a
    work centre has to be chosen.
    """

    _name = "mfg.workcenter.crosswalk"
    _description = "Plant Work Center Crosswalk"
    _inherit = ["mfg.healing", "mail.thread"]
    _order = "endpoint_id, code"
    _rec_name = "code"

    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, ondelete="cascade", index=True, tracking=True
    )
    company_id = fields.Many2one(
        related="endpoint_id.company_id", store=True, index=True
    )
    code = fields.Char(
        string="Plant Equipment",
        required=True,
        tracking=True,
        help="As the plant sends it.",
    )
    workcenter_id = fields.Many2one(
        "mrp.workcenter",
        string="Work Center",
        required=True,
        ondelete="cascade",
        check_company=True,
        tracking=True,
    )
    active = fields.Boolean(default=True, tracking=True)
    level = fields.Selection(LEVELS, default="WorkUnit", required=True, tracking=True)

    _code_unique = models.UniqueIndex(
        "(endpoint_id, code)", "This equipment is in the crosswalk already."
    )

    def _heals(self):
        return "equipment" if self.active else None
