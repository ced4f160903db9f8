# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class MrpWorkorder(models.Model):
    """Odoo's button to end an operation, on an order the plant reports.

    The button takes the operation's components for the whole order, also for goods
    that are posted with theirs.
    """

    _inherit = "mrp.workorder"

    def button_finish(self):
        for order in self.production_id.filtered("mfg_plant_open"):
            order._mfg_pick_rest(self & order.workorder_ids)
        return super().button_finish()


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    def _mfg_pick_rest(self, operations):
        """Prepare what operations still need, for the button leaves alone what is.

        What waits for stock was used before: for it there is nothing to prepare.
        """
        ended = operations.filtered(lambda w: w.state not in ("done", "cancel"))
        wanted = self.qty_producing or self.product_qty
        rest = max(wanted - self.qty_produced, 0)
        byproducts = self.move_byproduct_ids.filtered(
            lambda m: m.operation_id and m.operation_id in ended.operation_id
        )
        for move in ended.move_raw_ids | byproducts:
            if move.state not in ("done", "cancel") and not move.picked:
                quantity = 0 if move.mfg_waiting else rest * move.unit_factor
                move._set_quantity_done(move.product_uom.round(quantity))
                move.picked = True
