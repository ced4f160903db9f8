# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from decimal import Decimal

from odoo import models


class MrpProduction(models.Model):
    """What an order asks for, and its unmade rest as a backorder.

    The rest is Odoo's own backorder: of the same family, so that the plant's job
    order id leads to it. What was posted stays with the original.
    """

    _inherit = "mrp.production"

    # -- the plan --------------------------------------------------------------------

    def _mfg_plan(self, moves):
        """Lines of an order as planned: (its parts, quantity in the product's unit).

        Odoo splits a line with each posting; the demand of its posted, open and ended
        parts adds up to what was planned. A line that somebody took out is not asked
        for any more.
        """
        lines = defaultdict(moves.browse)
        for move in moves:
            lines[move.product_id, move.bom_line_id, move.byproduct_id] |= move
        return [
            (parts, planned)
            for parts in lines.values()
            if set(parts.mapped("state")) != {"cancel"}
            and (planned := sum(Decimal(repr(part.product_qty)) for part in parts))
        ]

    # -- the rest --------------------------------------------------------------------

    def _mfg_split_rest(self):
        """Split off what was not made; something was.

        :return: the backorder, confirmed
        """
        made = self.product_id.uom_id._compute_quantity(
            float(self._mfg_produced()), self.product_uom_id, rounding_method="HALF-UP"
        )
        # sudo: with accounting, renaming an order writes analytic lines; that the order
        # is of the endpoint's company was checked when it was found
        order = self.sudo().with_context(mo_ids_to_backorder=self.ids)
        split = order._split_productions({self: [made, self.product_qty - made]})
        return self.browse((split - self).ids)

    def _split_productions(self, *args, **kwargs):
        """Odoo's split takes posted lines for planned ones and would plan them again.

        It leaves alone what was added later. So, of an order the plant reports on, it
        splits the order and its operations; the lines of the rest are ours.
        """
        reported = self.filtered(lambda order: order._mfg_has_posted())
        if not reported:
            return super()._split_productions(*args, **kwargs)
        lines = reported.move_raw_ids | reported.move_finished_ids
        planned = lines.filtered(lambda move: not move.additional)
        planned.additional = True
        orders = self.with_context(mfg_rest_of=reported.ids)
        with reported._mfg_keeping_dates():
            split = super(MrpProduction, orders)._split_productions(*args, **kwargs)
        planned.additional = False
        return split.with_context(mfg_rest_of=None)

    def _mfg_has_posted(self):
        moves = self.move_raw_ids | self.move_finished_ids
        return self.mfg_plant_open and "done" in moves.mapped("state")

    def _action_confirm_mo_backorders(self):
        """The lines of a rest are there before its operations look for theirs."""
        origins = self.browse(self.env.context.get("mfg_rest_of"))
        for origin in origins:
            group = origin.production_group_id
            for rest in self.filtered(
                lambda o, own=group: o.production_group_id == own
            ):
                rest._mfg_plan_rest(origin)
        return super()._action_confirm_mo_backorders()

    def _mfg_plan_rest(self, origin):
        """Components and goods in proportion to what is left of the original."""
        rest, made = (Decimal(repr(o.product_qty)) for o in (self, origin))
        share = rest / (rest + made)
        plan = origin._mfg_plan(origin.move_raw_ids)
        plan += origin._mfg_plan(origin.move_finished_ids)
        self.env["stock.move"].create(
            [self._mfg_rest_line(parts, planned * share) for parts, planned in plan]
        )
        self.invalidate_recordset(["move_raw_ids", "move_finished_ids"])
        self._mfg_drop_copied_rework(origin)

    def _mfg_rest_line(self, parts, quantity):
        """Values of a line, as Odoo plans one of a new order and of a backorder."""
        open_parts = parts.filtered(lambda m: m.state not in ("done", "cancel"))
        part = (open_parts or parts)[:1]
        product, uom, operation = part.product_id, part.product_uom, part.operation_id
        quantity = product.uom_id._compute_quantity(float(quantity), uom, round=False)
        if part.raw_material_production_id:
            line = part.bom_line_id
            values = self._get_move_raw_values(
                product, quantity, uom, operation.id, line
            )
            values["location_id"] = part.location_id.id
        else:
            byproduct = part.byproduct_id.id
            values = self._get_move_finished_values(
                product.id, quantity, uom.id, operation.id, byproduct, part.cost_share
            )
        explicit = any(parts.mapped("mfg_explicit"))
        return {**values, **part._get_backorder_move_vals(), "mfg_explicit": explicit}

    def _mfg_drop_copied_rework(self, origin):
        """What was worked over, or called off, on the original is not for the rest."""
        originals, copies = (o.workorder_ids.sorted("id") for o in (origin, self))
        flow = origin._mfg_flow()
        for original, copy in zip(originals, copies, strict=True):
            if original not in flow:
                copy.action_cancel()
