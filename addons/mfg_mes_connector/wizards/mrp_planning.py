# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from ..models.mrp_production import SPLIT


class ChangeProductionQty(models.TransientModel):
    """A new quantity is one change, though Odoo writes it line by line."""

    _inherit = "change.production.qty"

    def change_prod_qty(self):
        with self.mo_id._mfg_planning():
            return super().change_prod_qty()

    @api.model
    def _update_finished_moves(self, production, new_qty, old_qty):
        """Of what is posted in part, as of components, the whole line is multiplied."""
        lines = []
        if production.mfg_plant_open:
            moves = production.move_finished_ids
            lines = production._mfg_multiplied(moves, new_qty / old_qty)
        result = super()._update_finished_moves(production, new_qty, old_qty)
        for line, quantity in lines:
            production._mfg_ask(line, quantity)
        return result


class MrpProductionSplit(models.TransientModel):
    """A planner's split, unlike a backorder, makes orders of their own; released once
    they have their dates."""

    _inherit = "mrp.production.split"

    def action_split(self):
        splitting = self.with_context(**{SPLIT: True})
        with self.production_id._mfg_planning():
            action = super(MrpProductionSplit, splitting).action_split()
        self.production_id.production_group_id.production_ids._mfg_release()
        return action
