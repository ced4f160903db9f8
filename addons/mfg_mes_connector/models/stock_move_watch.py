# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

PLANNED = {
    "operation_id",
    "product_id",
    "product_uom",
    "product_uom_qty",
    "production_id",
    "raw_material_production_id",
    "workorder_id",
}


class StockMove(models.Model):
    """A component line of a released order that somebody adds, changes or takes out."""

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        ids = {
            values.get(name)
            for values in vals_list
            for name in ("raw_material_production_id", "production_id")
        }
        orders = self.env["mrp.production"].browse(filter(None, ids))
        if not orders:
            return super().create(vals_list)
        with orders._mfg_planning():
            return super().create(vals_list)

    def write(self, vals):
        if PLANNED.isdisjoint(vals) and vals.get("state") != "cancel":
            return super().write(vals)
        orders = self._mfg_orders()
        if not orders:
            return super().write(vals)
        with orders._mfg_planning():
            return super().write(vals)

    def unlink(self):
        with self._mfg_orders()._mfg_planning():
            return super().unlink()

    def _mfg_orders(self):
        return self.raw_material_production_id | self.production_id
