# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class StockScrap(models.Model):
    """Scraps of one transaction keep a quantity each."""

    _inherit = "stock.scrap"

    def _compute_scrap_qty(self):
        """One by one: of several, Odoo (mrp) computes the first and leaves 1 to all
        others."""
        for scrap in self:
            super(StockScrap, scrap)._compute_scrap_qty()
        return None
