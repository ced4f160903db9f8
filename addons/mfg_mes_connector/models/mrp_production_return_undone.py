# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo import models

from odoo.addons.mfg_integration_base.engine.failure import Failure

from .mrp_production_chain import ENDED
from .mrp_production_consumption import HANDS_OFF, Shortage, Use


@dataclass
class Returned:
    """What a return had taken off of one report's consumption."""

    report: object  # none where it was nobody's that is known
    link: object  # of the report to its share of the line, or none
    line: object
    noted: dict  # as _mfg_trace_return wrote it

    @property
    def quantity(self):
        return Decimal(self.noted["quantity"])


class MrpProduction(models.Model):
    """A return that is taken back: what it had put into stock was used after all.

    Postings become what they were, as if they had never been lessened: same line, same
    date, and the very value that the return had taken off. What was only set aside is
    set aside again, and in the goods of the next report.
    """

    _inherit = "mrp.production"

    # -- at the return -----------------------------------------------------------------

    def _mfg_trace_return(self, report, part, taken):
        """Note what is taken off of a :class:`~.mrp_production_return.Part`, before it
        is."""
        line = part.line
        before = self._mfg_traced(report, "returned", part.key) or {}
        noted = {
            "line": line.id,
            "quantity": format(Decimal(before.get("quantity", 0)) + taken, "f"),
            "posted": line.state == "done",
            "value": before.get("value", 0) + self._mfg_part_of_value(line, taken),
            "goods": line.produce_line_ids.ids,
            "product": line.product_id.id,
            "lot": line.lot_id.id,
            "location": line.location_id.id,
            "workorder": line.move_id.workorder_id.id,
        }
        self._mfg_trace(report, "returned", part.key, noted)

    def _mfg_part_of_value(self, line, taken):
        move = line.move_id
        if line.state != "done" or "value" not in move._fields:
            return 0
        return self._mfg_worth(move)[move].part(line, float(taken))

    def _mfg_trace_plan(self, report, demands):
        """Note how much less is planned on the lessened lines.

        :param demands: move -> what was planned before
        """
        for move, demand in demands.items():
            less = demand - move.exists().product_uom_qty
            if move.product_uom.compare(less, 0) > 0:
                before = self._mfg_traced(report, "planned", str(move.id)) or 0
                self._mfg_trace(report, "planned", str(move.id), before + less)

    # -- at its reversal ---------------------------------------------------------------

    def _mfg_use_after_all(self, parts, planned):
        """Consume again what a return had given back.

        :param parts: list of :class:`Returned`
        :param planned: as traced: id of a move -> how much less was planned on it
        :raise Failure: not-reversible
        """
        posted = [part for part in parts if part.noted["posted"]]
        self._mfg_regain(posted, planned)
        self._mfg_set_aside_again([part for part in parts if part not in posted])

    def _mfg_regain(self, parts, planned):
        """Posted lines get back what they had."""
        lines = self.env["stock.move.line"].union(*(part.line for part in parts))
        for product in lines.product_id:
            self._mfg_release_reservation(product)
        prices = self._mfg_product_prices(lines.product_id)
        value = defaultdict(float)
        for part in parts:
            value[part.line.move_id] += part.noted["value"]
        with self._mfg_late_aside(lines.move_id):
            self._mfg_put_into_goods(parts)
            with self._mfg_undoing_value(lines.move_id, value):
                for part in parts:
                    self._mfg_regain_part(part)
            self._mfg_plan_as_before(planned)
        self._mfg_settle_prices(prices)
        self._mfg_reserve_again(lines.product_id)

    def _mfg_regain_part(self, part):
        line = part.line
        if line.state == "cancel":  # nothing had been left of it
            line.move_id.picked = True
            line.move_id.state = "done"
        self._mfg_take_turns([(line.product_id, line.lot_id, line.location_id)])
        self._mfg_use_more(line, part)
        if part.link:
            had = Decimal(str(part.link.undo["quantity"])) + part.quantity
            part.link.undo = {**part.link.undo, "quantity": float(had)}

    def _mfg_use_more(self, line, part):
        """It can be used while it is where it was put; who only planned to use it plans
        anew.

        :raise Failure: not-reversible when it is gone; where the interface lets stock
            go below zero it never is
        """
        checked = line.product_id.is_storable
        checked = checked and part.report.interface_id.shortage != "allow"
        there, _reserved = self._mfg_stock_before(line)
        uom = line.product_id.uom_id
        short = uom.compare(there, float(part.quantity)) < 0
        if checked and short:
            raise self._mfg_missing(line, line.location_id, part.quantity, there)
        line.quantity += uom._compute_quantity(
            float(part.quantity), line.product_uom_id, round=False
        )
        there_now, reserved = self._mfg_stock_before(line)
        if checked and uom.compare(reserved, there_now) > 0:
            free = there - reserved
            raise self._mfg_missing(line, line.location_id, part.quantity, free)

    def _mfg_stock_before(self, line):
        """(on hand, reserved) where a component line takes from."""
        quants = self.env["stock.quant"]._gather(
            line.product_id,
            line.location_id,
            lot_id=line.lot_id,
            package_id=line.package_id,
            owner_id=line.owner_id,
            strict=True,
        )
        return sum(quants.mapped("quantity")), sum(quants.mapped("reserved_quantity"))

    def _mfg_set_aside_again(self, parts):
        """What was set aside when it came back is set aside again.

        :raise Failure: not-reversible
        """
        if parts and self.state == "done":
            detail = self.env._(
                "%s has ended since: take back its end first.", self.name
            )
            raise Failure("not-reversible", detail)
        uses = [self._mfg_use_again(part) for part in parts]
        try:
            for use in uses:
                shares = self._mfg_consume([use], None, self._mfg_policy(use), True)
                self._mfg_link_again(shares)
        except Shortage as shortage:
            raise Failure("not-reversible", shortage.detail) from shortage

    def _mfg_policy(self, use):
        allowed = use.report.interface_id.shortage == "allow"
        return "allow" if allowed else "park"

    def _mfg_use_again(self, part):
        noted = part.noted
        lot = self.env["stock.lot"].browse(noted["lot"])
        return Use(
            self.env["product.product"].browse(noted["product"]),
            part.quantity,
            lots=[(lot, part.quantity)] if lot else [],
            location=self.env["stock.location"].browse(noted["location"]),
            workorder=self.env["mrp.workorder"].browse(noted["workorder"]),
            report=part.report,
        )

    def _mfg_link_again(self, shares):
        for share in shares:
            undo = {"quantity": float(share.quantity), "lot": share.line.lot_id.id}
            share.report._link(share.line, "created", undo)

    # -- plan and genealogy ------------------------------------------------------------

    def _mfg_plan_as_before(self, planned):
        """What had been given back to the open part of a line is used, not planned."""
        for id_, quantity in planned.items():
            move = self.env["stock.move"].browse(int(id_)).exists()
            self._mfg_demand(move, quantity)
            if self.state == "done":
                self._mfg_note_plan(move, quantity)
            else:
                self._mfg_plan_less(move, quantity)

    def _mfg_plan_less(self, move, quantity):
        for part in self._mfg_parts(move) - move:
            if part.state in ENDED or part.mfg_waiting:
                continue
            own = self._mfg_in_unit_of(part, move, quantity)
            less = min(own, part.product_uom_qty)
            self._mfg_demand(part, -less)
            quantity -= part.product_uom._compute_quantity(
                less, move.product_uom, round=False
            )
            if part.product_uom.is_zero(part.product_uom_qty) and not part.picked:
                part.with_context(**HANDS_OFF)._action_cancel()

    def _mfg_note_plan(self, move, quantity):
        """On a closed order: for the case that its end is taken back."""
        was = self.mfg_before_close
        for part in self._mfg_parts(move) - move if was else ():
            key = str(part.id)
            if key in was["moves"] and part.state == "cancel":
                own = self._mfg_in_unit_of(part, move, quantity)
                left = max(was["moves"][key] - own, 0)
                self.mfg_before_close = {**was, "moves": {**was["moves"], key: left}}
                return

    def _mfg_put_into_goods(self, parts):
        """What nothing was left of is in the goods again that it would be in."""
        posted = self._mfg_goods_parts()
        for part in parts:
            if part.line.product_uom_id.is_zero(part.line.quantity):
                goods = self._mfg_goods_of_part(part, posted)
                part.line.produce_line_ids = [(6, 0, goods.ids)]

    def _mfg_goods_of_part(self, part, posted):
        """Goods posted next after a component, and by-products alone before them;
        without any it is in none yet, or came after the last ones. What had waited for
        stock completed earlier goods."""
        noted = self.env["stock.move.line"].browse(part.noted["goods"]).exists()
        known = noted & self._mfg_goods()
        if part.report.rest_of_id and known:
            return known
        alone = [goods.moves.move_line_ids for goods in posted if not goods.main]
        alone = known & noted.browse().union(*alone)
        for goods in posted:
            if goods.main and min(goods.main.move_line_ids.ids) > part.line.id:
                return alone | goods.moves.move_line_ids.filtered("quantity")
        return alone
