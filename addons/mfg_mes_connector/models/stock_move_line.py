# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class StockMoveLine(models.Model):
    """Lines that the plant's reports made, apart from those Odoo's buttons prepare."""

    _inherit = "stock.move.line"

    mfg_plant = fields.Boolean(string="From the Plant", readonly=True, copy=False)
