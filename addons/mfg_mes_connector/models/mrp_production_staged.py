# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import models

from .mfg_joborder import decimal_text
from .mrp_production_consumption import Shortage, Use


class MrpProduction(models.Model):
    """Components that were set aside, between their report and that of the goods.

    What is still to be used of them stays reserved for the order. What was set aside
    is looked at once more before it is posted: a count or a transfer may have taken it.
    """

    _inherit = "mrp.production"

    # -- what is still to be used ------------------------------------------------------

    def _mfg_reserving(self, products):
        """Those of these products of which the order has stock reserved."""
        lines = self._mfg_open_raw().move_line_ids
        return lines.filtered(lambda line: not line.picked).product_id & products

    def _mfg_reserved_beyond(self, uses):
        """Products of uses of which the order needs more, and has it reserved."""
        products = self.env["product.product"]
        ended = products.union(*(use.product for use in uses if use.final))
        products = products.union(*(use.product for use in uses))
        return self._mfg_reserving(products) - ended

    def _mfg_reserve_again(self, products):
        result = super()._mfg_reserve_again(products)
        if self.state != "done" and products:
            for move in self._mfg_open_raw():
                if move.product_id in products and move.picked:
                    self._mfg_reserve_beside(move)
        return result

    def _mfg_reserve_beside(self, move):
        """Reserve what is to be used on a line of which a part is set aside.

        Not by Odoo's own reservation: it would set aside more of the same stock.
        """
        free = move.product_uom_qty - move.quantity
        if move.product_uom.compare(free, 0) <= 0 or not move.product_id.is_storable:
            return
        need = move.product_uom._compute_quantity(free, move.product_id.uom_id)
        quants = self.env["stock.quant"]._get_reserve_quantity(
            move.product_id, move.location_id, need, uom_id=move.product_uom
        )
        self.env["stock.move.line"].create(
            [
                {
                    **move._prepare_move_line_vals(quantity=part, reserved_quant=quant),
                    "picked": False,
                }
                for quant, part in quants
            ]
        )

    # -- what was set aside ------------------------------------------------------------

    def _mfg_look_at_staged(self, shortage):
        """Before it is posted, see whether all that was set aside is still there.

        :param shortage: as in :meth:`_mfg_consume`; with ``wait`` less is set aside
        :return: list of :class:`Use`, with ``missing``, of the reports that lose by it
        :raise Failure: shortage
        """
        lines = self._mfg_open_raw().move_line_ids.filtered(
            lambda line: line.mfg_plant and line.product_id.is_storable
        )
        if not lines:
            return []
        self._mfg_take_turns(
            [(line.product_id, line.lot_id, line.location_id) for line in lines]
        )
        short = []
        for group in lines.grouped(self._mfg_place_of).values():
            there, _reserved = self._mfg_stock_before(group[:1])
            needed = sum(group.mapped("quantity_product_uom"))
            missing = group.product_id.uom_id.round(needed - there)
            if missing > 0 and shortage == "park":
                raise self._mfg_staged_gone(group, needed, there)
            if missing > 0 and shortage == "wait":
                short += self._mfg_set_less_aside(group, Decimal(repr(missing)))
        return short

    def _mfg_place_of(self, line):
        return line.product_id, line.lot_id, line.location_id, line.package_id

    def _mfg_staged_gone(self, lines, needed, there):
        line = lines[:1]
        product, location = line.product_id, line.location_id
        detail = self.env._(
            "%(amount)s %(unit)s of %(goods)s were set aside for %(order)s in "
            "%(location)s; only %(there)s are still there.",
            amount=decimal_text(needed),
            unit=product.uom_id.name,
            goods=" ".join(filter(None, (product.display_name, line.lot_id.name))),
            order=self.name,
            location=location.display_name,
            there=decimal_text(max(there, 0)),
        )
        messages = self.env["mfg.message"]
        place = messages._stock_place(product, location)
        on_hand = messages._stock_on_hand(product, location)
        return Shortage(detail, "/data", place, on_hand)

    def _mfg_set_less_aside(self, lines, missing):
        """Take what is not there off of the newest that was set aside.

        :raise Failure: shortage for what no report is known of: it could not wait
        """
        needed, wanted = sum(lines.mapped("quantity_product_uom")), missing
        uses = []
        for line in lines.sorted("id", reverse=True):
            for link in self._mfg_consuming_links(line):
                had = Decimal(str(link.undo["quantity"]))
                taken = min(had, missing)
                if taken > 0:
                    uses.append(self._mfg_use_not_there(line, link, taken))
                    link.undo = {**link.undo, "quantity": float(had - taken)}
                    line.quantity -= float(taken)
                    missing -= taken
        if missing > 0:
            raise self._mfg_staged_gone(lines, needed, needed - float(wanted))
        moves = lines.move_id
        self._mfg_unstage(lines)
        moves.filtered(lambda m: m.picked and not m.move_line_ids).picked = False
        return uses

    def _mfg_use_not_there(self, line, link, quantity):
        """It was used, as its report says, and waits for stock from now on."""
        return Use(
            line.product_id,
            quantity,
            lots=[(line.lot_id, quantity)] if line.lot_id else [],
            location=line.location_id,
            workorder=line.move_id.workorder_id,
            move=line.move_id,
            report=self.env["mfg.message"].browse(link.message_id.id),
            staged=True,
            missing=[(line.lot_id, quantity)],
        )
