# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from odoo.addons.mfg_integration_base.engine.failure import Failure

from .mfg_joborder import decimal_text
from .mrp_production_ledger import rounded

SILENT = {"no_procurement": True}  # what comes back was procured before


class MrpProduction(models.Model):
    """Posted goods and components of an order, taken back as if never posted.

    Posted lines are edited, not countered by opposite moves: an edited line leaves
    stock, in-date, the move's own value, the average and the FIFO stack as they would
    have been (test_reversal_cost.py), while a counter move would come in at today's
    cost and stay in the genealogy. What Odoo leaves out (plan, books, cost of the
    goods made) is done here and in mrp_production_reversal_value.py.
    """

    _inherit = "mrp.production"

    def _mfg_take_back(self, shares):
        """Put goods and components back where they came from.

        :param shares: list of :class:`~.mrp_production_consumption.Share`, of move
            lines of this order or of its scraps
        :raise Failure: not-reversible
        """
        lines = self.env["stock.move.line"].union(*(share.line for share in shares))
        posted = lines.filtered(lambda line: line.state == "done")
        goods = self._mfg_goods_in_stock(posted)
        self._mfg_take_turns(
            [(g.product_id, g.lot_id, g.location_dest_id) for g in goods]
        )
        products = lines.product_id
        prices = self._mfg_product_prices(posted.product_id)
        with self._mfg_late_aside(posted.move_id):
            with self._mfg_undoing_value(posted.move_id):
                for share in shares:
                    self._mfg_lessen(share)
            self._mfg_unstage(lines - posted)
            self._mfg_replan(posted.move_id)
        self._mfg_settle_prices(prices)
        self._mfg_reserve_again(products)
        self._mfg_show_what_is_left()

    def _mfg_goods_in_stock(self, lines):
        """Posted lines that can only be taken back while their goods are there."""
        return lines.filtered(
            lambda line: (
                line.state == "done"
                and line.location_dest_id.usage == "internal"
                and line.product_id.is_storable
            )
        )

    def _mfg_lessen(self, share):
        line, amount = share.line, share.quantity
        left = rounded(line.product_uom_id, Decimal(repr(line.quantity)) - amount)
        if left < 0 or line.state == "cancel":
            detail = self.env._(
                "Someone changed the posting of %(product)s in Odoo: of %(amount)s "
                "%(unit)s only %(there)s are left.",
                product=line.product_id.display_name,
                amount=decimal_text(amount),
                unit=line.product_uom_id.name,
                there=decimal_text(line.quantity),
            )
            raise Failure("not-reversible", detail)
        if self._mfg_goods_in_stock(line):
            self._mfg_lessen_goods(line, float(amount), float(left))
        else:
            line.quantity = float(left)

    def _mfg_lessen_goods(self, line, amount, left):
        """Goods can be taken back while they are where they were put, and nobody else
        is taking them; whoever only planned to use them plans anew.

        :raise Failure: not-reversible when they are gone, or just being moved
        """
        product, uom, place = (
            line.product_id,
            line.product_uom_id,
            line.location_dest_id,
        )
        lot, package, owner = line.lot_id, line.result_package_id, line.owner_id
        there, _reserved = self._mfg_stock_at(line)
        there = min(there, self._mfg_not_brought_on(line.move_id))
        if uom.compare(there, amount) < 0:
            raise self._mfg_gone(line, amount, there)
        line.quantity = left
        there, reserved = self._mfg_stock_at(line)
        if uom.compare(reserved, there) > 0:
            planned = reserved - there
            line._free_reservation(product, place, planned, lot, package, owner)
            there, reserved = self._mfg_stock_at(line)
            if uom.compare(reserved, there) > 0:
                raise self._mfg_gone(line, amount, amount - planned)
        self._mfg_bring_on_less(line, amount)

    def _mfg_stock_at(self, line):
        """(on hand, reserved) of the goods of a line, where it put them."""
        quants = self.env["stock.quant"]._gather(
            line.product_id,
            line.location_dest_id,
            lot_id=line.lot_id,
            package_id=line.result_package_id,
            owner_id=line.owner_id,
            strict=True,
        )
        return sum(quants.mapped("quantity")), sum(quants.mapped("reserved_quantity"))

    def _mfg_gone(self, line, amount, there):
        return self._mfg_missing(line, line.location_dest_id, amount, there)

    def _mfg_missing(self, line, location, amount, there):
        detail = self.env._(
            "%(amount)s %(unit)s of %(product)s %(lot)s would have to leave "
            "%(location)s; only %(there)s are still there.",
            amount=decimal_text(amount),
            unit=line.product_uom_id.name,
            product=line.product_id.display_name,
            lot=line.lot_id.name or "",
            location=location.display_name,
            there=decimal_text(max(there, 0)),
        )
        return Failure("not-reversible", detail)

    def _mfg_unstage(self, lines):
        """Components that were only set aside are not any more."""
        empty = lines.filtered(lambda line: line.product_uom_id.is_zero(line.quantity))
        empty.unlink()

    # -- the plan ------------------------------------------------------------------

    def _mfg_replan(self, moves):
        """What is not done any more is planned again; empty postings are ended.

        On a closed order nothing is planned: its lines show what is left of them.
        """
        planned = moves & (self.move_raw_ids | self.move_finished_ids)
        if self.state == "done":
            moves -= planned
        else:
            for move in planned:
                self._mfg_replan_line(move)
        empty = moves.filtered(lambda m: m.product_uom.is_zero(m.quantity))
        empty.picked = False
        empty.write({"state": "cancel"})

    def _mfg_replan_line(self, move):
        """Odoo splits a line with each posting: give demand back to its open part,
        after those that posted more than was planned for them."""
        free = move.product_uom_qty - move.quantity
        if move.product_uom.compare(free, 0) <= 0:
            return
        parts = self._mfg_parts(move) - move
        self._mfg_demand(move, -free)
        for part in parts.filtered(lambda m: m.state == "done"):
            excess = part.product_uom._compute_quantity(
                part.quantity - part.product_uom_qty, move.product_uom, round=False
            )
            given = min(max(excess, 0), free)
            self._mfg_demand(part, self._mfg_in_unit_of(part, move, given))
            free -= given
        if move.product_uom.compare(free, 0) > 0:
            self._mfg_replan_rest(move, parts, free)

    def _mfg_replan_rest(self, move, parts, free):
        rest = parts.filtered(lambda m: m.state not in ("done", "cancel"))[:1]
        if rest:
            self._mfg_demand(rest, self._mfg_in_unit_of(rest, move, free))
        elif not parts.filtered(lambda m: m.state == "cancel" and m.product_uom_qty):
            # else the plant said that no more of it will come
            self._mfg_go_on(move, free)

    def _mfg_parts(self, move):
        """The parts into which postings split a planned line."""
        moves = (
            self.move_raw_ids if move in self.move_raw_ids else self.move_finished_ids
        )
        return moves.filtered(
            lambda m: (
                (m.product_id, m.bom_line_id, m.byproduct_id)
                == (move.product_id, move.bom_line_id, move.byproduct_id)
            )
        )

    def _mfg_in_unit_of(self, part, move, quantity):
        return move.product_uom._compute_quantity(
            quantity, part.product_uom, round=False
        )

    def _mfg_demand(self, move, change):
        if change:
            move = move.with_context(**SILENT)
            move.product_uom_qty = move.product_uom.round(move.product_uom_qty + change)

    def _mfg_reserve_again(self, products):
        if self.state != "done":
            self._mfg_open_raw().filtered(
                lambda m: m.product_id in products and not m.picked
            )._action_assign()

    def _mfg_show_what_is_left(self):
        """The order's own fields for lots and for the quantity made."""
        done = self.move_finished_ids.filtered(
            lambda m: m.product_id == self.product_id and m.state == "done"
        )
        made = done.move_line_ids.filtered("quantity").lot_id
        gone = self.lot_producing_ids - made
        if gone and self.product_tracking == "lot":
            self.lot_producing_ids = made[:1]
        elif gone and self.state == "done":
            self.lot_producing_ids -= gone
        if self.state == "done":
            self._mfg_show_quantity()

    def _mfg_show_quantity(self):
        """By SQL: written through Odoo, a closed order's quantity is made anew."""
        quantity = self.product_id.uom_id._compute_quantity(
            float(self._mfg_produced()), self.product_uom_id, round=False
        )
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE mrp_production SET qty_producing = %s WHERE id = %s"
                " RETURNING id",
                quantity,
                self.id,
            )
        )
        self.invalidate_recordset(["qty_producing"])

    # -- what else an event did ----------------------------------------------------

    def _mfg_trace(self, report, kind, key, value):
        """Note what a reversal of ``report`` must know beyond its move lines.

        Kept with the run; the handler writes it to the report's link to the order.
        """
        memo = self.env.context.get("mfg_memo")
        if memo is not None and report:
            memo.setdefault(("undo", report.id), {}).setdefault(kind, {})[key] = value

    def _mfg_traced(self, report, kind, key):
        memo = self.env.context.get("mfg_memo") or {}
        return memo.get(("undo", report.id), {}).get(kind, {}).get(key)

    def _mfg_trace_ledger(self, report, key, change):
        """What a report left in the ledger, such as an amount too small to post."""
        if report and change:
            before = Decimal(self._mfg_traced(report, "ledger", key) or 0)
            self._mfg_trace(report, "ledger", key, format(before + change, "f"))

    def _mfg_raw_move(self, use):
        move = super()._mfg_raw_move(use)
        if move.mfg_explicit:
            self._mfg_trace(use.report, "explicit", str(use.product.id), True)
        return move

    def _mfg_cancel_rest(self, use):
        chains = {move: self._mfg_chain_of(move) for move in self._mfg_open_raw()}
        result = super()._mfg_cancel_rest(use)
        for move, chain in chains.items():
            if move.state == "cancel":
                self._mfg_trace(use.report, "ended", str(move.id), move.product_uom_qty)
                self._mfg_trace(use.report, "chain", str(move.id), chain)
        return result

    def _mfg_untrace(self, trace, others):
        """Undo what was traced, but for what was ended (see ``_mfg_plan_ended``).

        :param trace: of the report that is taken back
        :param others: traces of the reports that stay
        """
        for key, change in trace.get("ledger", {}).items():
            self._mfg_note(key, self._mfg_amount(key) - Decimal(change))
        for product in trace.get("explicit", {}):
            if not any(product in other.get("explicit", {}) for other in others):
                self._mfg_derive_again(int(product))

    def _mfg_derive_again(self, product):
        """No report tells the use of a component (its id) any more: it follows from
        the goods, if its BoM line says so."""
        for move in self.move_raw_ids.filtered(lambda m: m.product_id.id == product):
            by_hand = bool(move._is_manual_consumption())
            move.write({"mfg_explicit": False, "manual_consumption": by_hand})

    def _mfg_plan_ended(self, trace):
        """Components that were ended go on.

        :param trace: id of each, "ended" -> its demand, "chain" -> where it stood
        """
        ended, chains = trace.get("ended", {}), trace.get("chain", {})
        moves = self.env["stock.move"].browse(map(int, ended)).exists()
        moves = moves.filtered(lambda m: m.state == "cancel")
        if self.state != "done":
            demands = {move: ended[str(move.id)] for move in moves}
            self._mfg_confirm_again(demands, chains)

    def _mfg_confirm_again(self, moves, chains):
        """Lines that were ended are open again.

        :param moves: move -> demand in its unit
        :param chains: id of a move -> where it stood
        """
        for move, quantity in moves.items():
            chained = self._mfg_chained(chains.get(str(move.id), {}))
            move.with_context(**SILENT).write(
                {"state": "draft", "product_uom_qty": quantity, **chained}
            )
            move._action_confirm(merge=False, create_proc=False)
            move.move_dest_ids._recompute_state()
        raw = self.env["stock.move"].union(*moves) & self.move_raw_ids
        raw._action_assign()
