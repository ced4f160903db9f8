# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import api, fields, models


class MfgUomCrosswalk(models.Model):
    """Plant unit code -> Odoo unit, with a factor.

    Rows without endpoint are the standard: UN/ECE Recommendation 20 codes. A row of
    the endpoint wins, for plants that write KG or PCS, or count in boxes.
    """

    _name = "mfg.uom.crosswalk"
    _description = "Plant Unit Crosswalk"
    _inherit = ["mfg.healing", "mail.thread"]
    _order = "endpoint_id, code"
    _rec_name = "code"

    endpoint_id = fields.Many2one(
        "mfg.endpoint",
        ondelete="cascade",
        index=True,
        tracking=True,
        help="Empty: valid for all endpoints.",
    )
    company_id = fields.Many2one(
        related="endpoint_id.company_id", store=True, index=True
    )
    code = fields.Char(string="Plant Unit", required=True, tracking=True)
    uom_id = fields.Many2one(
        "uom.uom", string="Odoo Unit", required=True, tracking=True
    )
    factor = fields.Float(
        default=1.0,
        required=True,
        digits=(16, 8),
        tracking=True,
        help="How many Odoo units one plant unit is: a box of 12 has 12.",
    )
    preferred = fields.Boolean(
        help="Written in messages to the plant when several codes mean this unit."
    )

    _code_unique = models.UniqueIndex(
        "(COALESCE(endpoint_id, 0), code)", "This unit code is defined already."
    )
    _factor_positive = models.Constraint(
        "CHECK(factor > 0)", "The factor of a unit must be greater than zero."
    )

    def _heals(self):
        return "unit"

    @api.model
    def _find(self, endpoint, code):
        """The row that gives this code its meaning at this endpoint, or none."""
        rows = self.search(
            [("code", "=", code), ("endpoint_id", "in", (endpoint.id, False))]
        )
        return rows.filtered("endpoint_id") or rows

    @api.model
    def _meaning(self, endpoint, code):
        """The Odoo unit of a code and how many of it one is (Decimal), or None.

        The endpoint's own row, else Rec 20, else the name of an Odoo unit: what
        `mfg.resolver` writes where there is no code.
        """
        row = self._find(endpoint, code)
        if row:
            return row.uom_id, Decimal(repr(row.factor))
        named = self.env["uom.uom"].with_context(lang=None)
        uom = named.search([("name", "=", code)], limit=2).with_env(self.env)
        return (uom, Decimal(1)) if len(uom) == 1 else None

    @api.model
    def _name_of(self, endpoint, code):
        """A plant's unit in Odoo's words, for people: C62 is "Units", a box may be
        "12 Units". None where both say the same, or Odoo does not know it."""
        uom, factor = self._meaning(endpoint, code) or (None, 1)
        if not uom or (uom.name, factor) == (code, 1):
            return None
        return uom.name if factor == 1 else f"{factor.normalize():f} {uom.name}"
