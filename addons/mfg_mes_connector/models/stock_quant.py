# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class StockQuant(models.Model):
    """Where every arrival of stock passes: receipts, transfers, counts, production."""

    _inherit = "stock.quant"

    @api.model
    def _update_available_quantity(
        self, product_id, location_id, quantity=False, *args, **kwargs
    ):
        result = super()._update_available_quantity(
            product_id, location_id, quantity, *args, **kwargs
        )
        if quantity and quantity > 0:
            self.env["mfg.message"]._note_arrival(product_id, location_id)
        return result
