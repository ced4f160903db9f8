# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from .mrp_production_chain import ENDED


class MrpProduction(models.Model):
    """Another quantity for an order of which a part is posted.

    Odoo multiplies what is open of a line, as if nothing had been posted. Here the
    whole line is multiplied, so that a piece needs as much as before: what was posted,
    or was used and waits for stock, stays, and the open part makes up for it.
    """

    _inherit = "mrp.production"

    def _update_raw_moves(self, factor):
        if not self.mfg_plant_open:
            return super()._update_raw_moves(factor)
        lines = self._mfg_multiplied(self.move_raw_ids, factor)
        super()._update_raw_moves(1)  # for what else it does
        changes = [self._mfg_ask(line, quantity) for line, quantity in lines]
        return [change for part in changes for change in part]

    def _mfg_multiplied(self, moves, factor):
        """[(first part of a line, a multiple of all the line asks for)], in its unit
        and rounded as Odoo does."""
        lines = [parts.sorted("id") for parts, _planned in self._mfg_plan(moves)]
        return [
            (parts[0], parts[0].product_uom.round(asked(parts) * factor, "UP"))
            for parts in lines
        ]

    def _mfg_ask(self, line, quantity):
        """Ask for so much of a line in all; where that is less than was posted, the
        posted parts ask for less.

        :param line: its first part, in whose unit the quantity is
        :return: [(open part, its quantity before, now)]
        """
        parts = self._mfg_parts(line).sorted("id")
        open_parts = parts.filtered(
            lambda m: m.state not in ENDED and not m.mfg_waiting
        )
        missing = quantity - asked(parts)
        if line.product_uom.compare(missing, 0) > 0 and not open_parts:
            open_parts = self._mfg_go_on(line, 0)
            open_parts.mfg_explicit = any(parts.mapped("mfg_explicit"))
        posted = parts.filtered(lambda m: m.state in ENDED)
        before = {part: part.product_uom_qty for part in open_parts}
        for part in open_parts + posted.sorted(lambda m: m.state == "cancel"):
            given = max(
                missing, -self._mfg_in_unit_of(line, part, part.product_uom_qty)
            )
            missing -= given
            change = self._mfg_in_unit_of(part, line, given)
            if part.product_uom.is_zero(change):
                continue
            if part in posted:
                self._mfg_demand(part, change)
            else:
                part.product_uom_qty = part.product_uom.round(before[part] + change)
        return [(part, was, part.product_uom_qty) for part, was in before.items()]


def asked(parts):
    """What the parts of a line ask for, in the unit of the first."""
    planned, uom = parts.env["mfg.joborder"]._planned, parts[0].product_uom
    return float(sum(planned(part, uom) for part in parts))
