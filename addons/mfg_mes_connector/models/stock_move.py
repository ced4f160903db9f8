# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class StockMove(models.Model):
    """A component whose use the plant reports itself is not backflushed as well."""

    _inherit = "stock.move"

    mfg_explicit = fields.Boolean(
        string="Reported by Plant",
        readonly=True,
        help="The plant reports the use of this component; it is not derived from "
        "the quantity produced.",
    )
