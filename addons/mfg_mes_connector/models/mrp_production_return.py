# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass
from decimal import Decimal

from odoo import models

from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError

from .mfg_joborder import decimal_text
from .mrp_production_consumption import HANDS_OFF, Share
from .mrp_production_ledger import ledger_key, rounded


@dataclass
class Part:
    """A part of a component line: a report's, or nobody's that is known."""

    line: object
    link: object  # of the report; None: it is not known
    unknown: Decimal = Decimal()

    @property
    def quantity(self):
        """In the product's unit."""
        return Decimal(str(self.link.undo["quantity"])) if self.link else self.unknown

    @property
    def key(self):
        return str(self.link.id) if self.link else f"line:{self.line.id}"

    def lessen(self, taken):
        if self.link:
            left = float(self.quantity - taken)
            self.link.undo = {**self.link.undo, "quantity": left}

    def in_its_unit(self, taken):
        own, unit = self.line.product_id.uom_id, self.line.product_uom_id
        if own == unit:
            return taken
        return Decimal(repr(own._compute_quantity(float(taken), unit, round=False)))


class MrpProduction(models.Model):
    """Components of an order that were not used after all and went back into stock."""

    _inherit = "mrp.production"

    def _mfg_consumer(self, products):
        """Of the order and its backorders the newest that consumed all of these, in
        its company; or none."""
        for order in self._mfg_family().sorted("id", reverse=True):
            lines = order.move_raw_ids.move_line_ids.filtered("picked")
            if products <= lines.product_id:
                return order.with_company(order.company_id)
        return self.browse()

    def _mfg_return(self, use, time):
        """Lessen what was consumed, the newest first, and put it into stock.

        The report that consumed it keeps the smaller share, so that a reversal of it
        takes back what is left.

        :param use: a :class:`~.mrp_production_consumption.Use`; its location is where
            the material went, by default where it had come from
        :return: what was taken off of postings that are there: list of Share; one
            that was only set aside may not be
        :raise Failure: quantity-invalid when less was consumed
        """
        shares = []
        for lot, exact in use.parts:
            key = ledger_key("used", use.product, lot)
            amount = -self._mfg_carry(key, use.product, -exact, use.report)
            shares += self._mfg_return_lot(use, lot, amount, time)
        return shares

    def _mfg_return_lot(self, use, lot, amount, time):
        parts = self._mfg_consumed_parts(use, lot)
        there = sum(part.quantity for part in parts)
        if amount > there:
            raise self._mfg_too_much(use, lot, amount, there)
        shares = []
        for part in parts:
            taken = min(part.quantity, amount)
            amount -= taken
            if taken > 0:
                shares.append(Share(use.report, part.line, part.in_its_unit(taken)))
                self._mfg_trace_return(use.report, part, taken)
                part.lessen(taken)
        transfers = [self._mfg_transfer(share, use.location) for share in shares]
        moves = self.env["stock.move"].union(*(share.line.move_id for share in shares))
        demands = {move: move.product_uom_qty for move in moves}
        self._mfg_take_back(shares)
        self._mfg_trace_plan(use.report, demands)
        for line in filter(None, transfers):
            use.report._link(self._mfg_put_away(line, time))
        return [share for share in shares if share.line.exists()]

    def _mfg_consumed_parts(self, use, lot):
        """What the order consumed of a lot, the newest first: the parts of reports, and
        what no report is known of, by one of Odoo's buttons or because the log is not
        kept for ever.

        :return: list of :class:`Part`
        """
        lines = self.move_raw_ids.move_line_ids.filtered(
            lambda line: (
                line.product_id == use.product
                and line.lot_id == lot
                and line.state != "cancel"
            )
        )
        own = lines.filtered(
            lambda line: use.workorder and line.move_id.workorder_id == use.workorder
        )
        links, parts = self._mfg_consuming_links(own or lines), []
        for line in (own or lines).sorted("id", reverse=True):
            mine = [Part(line, link) for link in links if link.res_id == line.id]
            known = sum(part.quantity for part in mine)
            unknown = Decimal(repr(line.quantity_product_uom)) - known
            unknown = rounded(use.product.uom_id, unknown)
            if line.state == "done" and unknown > 0:
                parts.append(Part(line, None, unknown))
            parts += mine
        return parts

    def _mfg_consuming_links(self, lines):
        """Links of reports to their parts of lines, the newest first."""
        # sudo: links are the engine's, the lines are the order's own
        links = self.env["mfg.message.link"].sudo()
        domain = [
            ("res_model", "=", "stock.move.line"),
            ("res_id", "in", lines.ids),
            ("role", "=", "created"),
            ("message_id.reversed_by_id", "=", False),
        ]
        found = links.search(domain, order="id desc")
        return found.filtered(lambda link: link.undo and link.undo.get("quantity"))

    def _mfg_too_much(self, use, lot, amount, there):
        pointer = f"{use.pointer}/quantity/value"
        detail = self.env._(
            "%(amount)s %(unit)s of %(product)s %(lot)s cannot come back: %(order)s "
            "consumed %(there)s.",
            amount=decimal_text(amount),
            unit=use.product.uom_id.name,
            product=use.product.display_name,
            lot=lot.name or "",
            order=self.name,
            there=decimal_text(there),
        )
        return Failure("quantity-invalid", detail, [FieldError(pointer, detail)])

    def _mfg_transfer(self, share, location):
        """Values of a line from where it was taken to where the plant put it; none
        where that is the same."""
        line = share.line
        if not location or line.location_id._child_of(location):
            return None
        return {
            "product_id": line.product_id.id,
            "product_uom_id": line.product_uom_id.id,
            "quantity": float(share.quantity),
            "lot_id": line.lot_id.id,
            "package_id": line.package_id.id,
            "location_id": line.location_id.id,
            "location_dest_id": location.id,
            "picked": True,
        }

    def _mfg_put_away(self, line, time):
        """Bring what came back to where the plant put it.

        :param line: values of the transfer's line
        :return: the transfer
        """
        move = self.env["stock.move"].create(
            {
                "origin": self.name,
                "company_id": self.company_id.id,
                "product_id": line["product_id"],
                "product_uom": line["product_uom_id"],
                "product_uom_qty": line["quantity"],
                "location_id": line["location_id"],
                "location_dest_id": line["location_dest_id"],
                "move_line_ids": [(0, 0, line)],
                "picked": True,
            }
        )
        move.with_context(**HANDS_OFF)._action_done()
        move.date = time
        return move
