# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import models

from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError

from .mrp_production_consumption import HANDS_OFF, Use
from .mrp_production_ledger import rounded


class MrpProduction(models.Model):
    """What is derived from the goods, and that nothing is derived that was reported."""

    _inherit = "mrp.production"

    # -- in proportion to the goods --------------------------------------------------

    def _mfg_backflush_uses(self, made, mode):
        """What components are used up in proportion to what is made.

        :param made: (report, quantity in the product's unit) each
        :param mode: ``auto`` as the BoM lines say, ``always`` also those that are to
            be reported by hand, ``never``. What the plant reports itself is left out,
            and so is what a person entered.
        """
        if mode == "never":
            return []
        total = Decimal(repr(self.product_uom_qty))
        ratios = [(report, quantity / total) for report, quantity in made]
        return [
            use
            for moves, planned in self._mfg_plan(self.move_raw_ids)
            if self._mfg_is_derived(moves, mode)
            for use in self._mfg_component_uses(moves, planned, ratios)
        ]

    def _mfg_is_derived(self, moves, mode):
        if moves.product_id.type != "consu" or any(moves.mapped("mfg_explicit")):
            return False
        if moves._mfg_by_person():
            return False
        return mode == "always" or not any(moves.mapped("manual_consumption"))

    def _mfg_component_uses(self, moves, planned, ratios):
        product = moves.product_id
        if not any(ratio for _report, ratio in ratios):
            return []
        if product.tracking != "none":
            raise self._mfg_lot_missing(product)
        open_moves = (moves & self._mfg_open_raw()).filtered(
            lambda m: not m.mfg_waiting
        )
        move = open_moves[:1] or self._mfg_reopened(moves)
        return [
            Use(
                product,
                self._mfg_less_replaced(product, planned * ratio, report),
                move=move,
                report=report,
            )
            for report, ratio in ratios
        ]

    def _mfg_reopened(self, moves):
        """All planned is used, yet more is produced: the line goes on, unplanned."""
        move = self._mfg_extra_move(Use(moves.product_id, Decimal()))
        move.write({"bom_line_id": moves.bom_line_id.id, "manual_consumption": False})
        return move

    def _mfg_lot_missing(self, product):
        detail = self.env._(
            "%(product)s is tracked: it cannot be backflushed; report its lots in "
            "materials.",
            product=product.display_name,
        )
        return Failure("lot-required", detail, [FieldError("/data/materials", detail)])

    def _mfg_reported_products(self):
        """Components whose use the plant reports itself."""
        return self.move_raw_ids.filtered("mfg_explicit").product_id

    # -- reported after it was derived -----------------------------------------------

    def _mfg_leave_derived(self, use):
        """A use reported late is no second use: what was derived from goods made at its
        time or later stands for it, as far as it goes."""
        if not use.time or use.lots or use.location not in (None, self.location_src_id):
            return
        key = f"told:{use.product.id}"
        told = self._mfg_amount(key)
        covered = min(max(self._mfg_derived(use) - told, Decimal()), use.quantity)
        use.quantity -= covered
        self._mfg_note(key, told + covered)
        self._mfg_trace_ledger(use.report, key, covered)

    def _mfg_derived(self, use):
        """What was backflushed of a component since the time of a use, and what of it
        waits for stock."""
        moves = self.move_raw_ids.filtered(
            lambda m: m.product_id == use.product and m._mfg_derived_since(use.time)
        )
        amounts = [
            move.quantity if move.state == "done" else move.product_uom_qty
            for move in moves
        ]
        exact = [
            move.product_uom._compute_quantity(amount, use.product.uom_id, round=False)
            for move, amount in zip(moves, amounts, strict=True)
        ]
        return sum((Decimal(repr(amount)) for amount in exact), Decimal())

    # -- substitutes -----------------------------------------------------------------

    def _mfg_replace(self, product, quantity, report):
        """A substitute was used in the place of a planned component: so much of it is
        neither to be used any more nor backflushed.

        :param quantity: Decimal, in the planned component's unit
        """
        key = f"replaced:{product.id}"
        self._mfg_note(key, self._mfg_amount(key) + quantity)
        self._mfg_trace_ledger(report, key, quantity)
        for move in self._mfg_open_raw().filtered(
            lambda m: m.product_id == product and not m.mfg_waiting and not m.picked
        ):
            part = min(
                rounded(product.uom_id, quantity), Decimal(repr(move.product_qty))
            )
            quantity -= part
            if part > 0:
                ended = self._mfg_split_off(move, part)
                ended.with_context(**HANDS_OFF)._action_cancel()
                self._mfg_trace(report, "ended", str(ended.id), ended.product_uom_qty)

    def _mfg_split_off(self, move, part):
        """The line for ``part`` of what is planned on a line (product's unit)."""
        if part >= Decimal(repr(move.product_qty)):
            return move
        move._do_unreserve()
        rest = self.env["stock.move"].create(move._split(float(part)))
        rest.workorder_id = move.workorder_id
        rest._action_confirm(merge=False, create_proc=False)
        move._action_assign()
        self.invalidate_recordset(["move_raw_ids"])
        return rest

    def _mfg_less_replaced(self, product, quantity, report):
        """A derived quantity without what substitutes stood in for."""
        key = f"replaced:{product.id}"
        replaced = min(self._mfg_amount(key), quantity)
        self._mfg_note(key, self._mfg_amount(key) - replaced)
        self._mfg_trace_ledger(report, key, -replaced)
        return quantity - replaced
