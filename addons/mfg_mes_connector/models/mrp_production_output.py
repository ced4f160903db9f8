# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from odoo import fields, models

from .mrp_production_consumption import HANDS_OFF, dealt


@dataclass
class Output:
    """A quantity of goods made, in the product's own unit."""

    product: object
    quantity: Decimal
    lots: list = field(default_factory=list)  # (stock.lot, Decimal)
    report: object = None  # whose it is

    @property
    def parts(self):
        return self.lots or [(self.product.env["stock.lot"], self.quantity)]


class MrpProduction(models.Model):
    """What an order makes, posted piece by piece while the order stays open.

    Odoo posts finished goods once, when the order is closed. Here each report posts
    its own part on the finished move (odoo19.md section 3 (ii)); genealogy and value,
    which Odoo derives in that one posting, are derived per part.
    """

    _inherit = "mrp.production"

    mfg_cost_absorbed = fields.Float(
        readonly=True,
        copy=False,
        help="Work order cost that is already in the value of posted goods.",
    )

    def _mfg_produced(self):
        """Finished goods posted so far, in the product's unit."""
        moves = self.move_finished_ids.filtered(
            lambda m: m.product_id == self.product_id and m.state == "done"
        )
        amounts = [line.quantity_product_uom for line in moves.move_line_ids]
        return sum(map(Decimal, map(repr, amounts)), Decimal())

    def _mfg_produce(self, outputs, time):
        """Put finished goods and by-products into stock.

        :param outputs: list of :class:`Output`, the finished product first
        :return: list of :class:`~.mrp_production_consumption.Share`
        """
        shares = self._mfg_make(outputs)
        lines = self.env["stock.move.line"].union(*(share.line for share in shares))
        used = self._mfg_unassigned_use()
        self._mfg_set_value(lines, used)
        moves = lines.move_id
        moves.with_context(**HANDS_OFF)._action_done()
        moves.date = time
        lines.consume_line_ids = [(6, 0, used.ids)]
        moves._trigger_assign()
        self._mfg_show_lot(lines)
        return shares

    def _mfg_show_lot(self, lines):
        """The form shows one lot, Odoo allows no more; the goods may have several."""
        main = lines.filtered(lambda line: line.product_id == self.product_id)
        if self.product_tracking == "lot" and not self.lot_producing_ids:
            self.lot_producing_ids = main.lot_id[:1]

    def _mfg_make(self, outputs):
        """Move lines for goods; those of one lot are made together."""
        made = defaultdict(list)
        for output in outputs:
            for lot, exact in output.parts:
                key = f"made:{output.product.id}:{lot.id or 0}"
                amount = self._mfg_carry(key, output.product, exact)
                if amount > 0:
                    made[output.product, lot].append((output, amount))
        return [
            share
            for (product, lot), parts in made.items()
            for share in dealt(parts, self._mfg_output_line(product, lot, parts))
        ]

    def _mfg_output_move(self, product):
        moves = self.move_finished_ids.filtered(
            lambda m: m.product_id == product and m.state not in ("done", "cancel")
        )
        return moves[:1] or self._mfg_extra_output(product)

    def _mfg_extra_output(self, product):
        values = self._get_move_finished_values(product.id, 0.0, product.uom_id.id)
        move = self.env["stock.move"].create(values)
        move._action_confirm(merge=False)
        self.invalidate_recordset(["move_finished_ids", "move_byproduct_ids"])
        return move

    def _mfg_output_line(self, product, lot, parts):
        move = self._mfg_output_move(product)
        # what Odoo prepared is a guess
        move.move_line_ids.filtered(lambda line: not line.picked).unlink()
        quantity = float(sum(amount for _output, amount in parts))
        target = move.location_dest_id._get_putaway_strategy(product, quantity=quantity)
        return self.env["stock.move.line"].create(
            {
                "move_id": move.id,
                "product_id": product.id,
                "product_uom_id": product.uom_id.id,
                "quantity": quantity,
                "lot_id": lot.id,
                "location_id": move.location_id.id,
                "location_dest_id": target.id,
                "picked": True,
            }
        )

    def _mfg_unassigned_use(self):
        """Component lines posted since the last goods: what these are made of."""
        lines = self.move_raw_ids.filtered(lambda m: m.state == "done").move_line_ids
        return lines.filtered(lambda line: not line.produce_line_ids)

    # -- value ---------------------------------------------------------------------

    def _mfg_set_value(self, lines, used):
        """Value of this part: the components used since the last one, its labour."""
        self._cal_price(used.move_id)
        main = lines.filtered(lambda line: line.product_id == self.product_id)
        if main and self._mfg_costed():
            self._mfg_take_off_absorbed(main.move_id)

    def _mfg_costed(self):
        """Whether accounting puts work order cost into the goods' value."""
        return (
            hasattr(self.workorder_ids, "_cal_cost")
            and "cost_method" in self.product_id._fields
            and self.product_id.cost_method in ("fifo", "average")
        )

    def _mfg_take_off_absorbed(self, move):
        """Odoo adds the order's whole labour to each part; leave in what is new."""
        quantity = move.product_uom._compute_quantity(
            move.quantity, move.product_id.uom_id
        )
        if quantity:
            share = 1 - sum(self.move_byproduct_ids.mapped("cost_share")) / 100
            move.price_unit -= self.mfg_cost_absorbed * share / quantity
            self.mfg_cost_absorbed = sum(w._cal_cost() for w in self.workorder_ids)
