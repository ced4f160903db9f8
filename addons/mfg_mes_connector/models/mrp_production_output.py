# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from odoo import models

from .mrp_production_consumption import dealt
from .mrp_production_ledger import ledger_key


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
    its own part on the finished move (odoo19.md section 3 (ii)); genealogy, which
    Odoo derives in that one posting, is derived per part.
    """

    _inherit = "mrp.production"

    def _mfg_produced(self):
        """Finished goods posted so far, in the product's unit."""
        moves = self.move_finished_ids.filtered(
            lambda m: m.product_id == self.product_id and m.state == "done"
        )
        amounts = [line.quantity_product_uom for line in moves.move_line_ids]
        return sum(map(Decimal, map(repr, amounts)), Decimal())

    def _mfg_goods(self):
        """Move lines of finished goods and by-products posted so far."""
        done = self.move_finished_ids.filtered(lambda m: m.state == "done")
        return done.move_line_ids.filtered("quantity")

    def _mfg_is_by_product(self, product):
        """Whether the order is to make it besides, or a planner added it."""
        lines = self.move_finished_ids.filtered(lambda m: m.product_id == product)
        return any(line.byproduct_id or line.product_uom_qty for line in lines)

    def _mfg_produce(self, outputs, time):
        """Put finished goods and by-products into stock.

        :param outputs: list of :class:`Output`, the finished product first
        :param time: when they were made (UTC)
        :return: list of :class:`~.mrp_production_consumption.Share`
        """
        shares = self._mfg_make(outputs)
        lines = self.env["stock.move.line"].union(*(share.line for share in shares))
        if not lines:  # all of it is less than the unit shows
            return shares
        used = self._mfg_unassigned_use()
        moves = lines.move_id
        self._mfg_price(moves, used)
        moves._mfg_post(time)
        if self.product_id not in moves.product_id:
            moves.mfg_made_alone = True
        lines.consume_line_ids = [(6, 0, used.ids)]
        moves._trigger_assign()
        self._mfg_show_lot(lines)
        return shares

    def _mfg_make(self, outputs):
        """Move lines for goods; those of one lot are made together."""
        made = defaultdict(list)
        for output in outputs:
            for lot, exact in output.parts:
                key = ledger_key("made", output.product, lot)
                amount = self._mfg_carry(key, output.product, exact, output.report)
                if amount > 0:
                    made[output.product, lot].append((output, amount))
        self._mfg_drop_guesses()
        moves = {product: self._mfg_output_move(product) for product, _lot in made}
        lines = self.env["stock.move.line"].create(
            [
                self._mfg_output_line(moves[product], lot, parts)
                for (product, lot), parts in made.items()
            ]
        )
        return [
            share
            for line, parts in zip(lines, made.values(), strict=True)
            for share in dealt(parts, line)
        ]

    def _mfg_drop_guesses(self):
        """What Odoo prepared of goods, also for who ended an operation there, is a
        guess. Beside what the plant reports it would be made twice; and what is not
        posted yet of a by-product would cost as well."""
        moves = self.move_finished_ids.filtered(
            lambda m: m.state not in ("done", "cancel")
        )
        moves.move_line_ids.unlink()
        moves.filtered("picked").picked = False

    def _mfg_output_move(self, product):
        moves = self.move_finished_ids.filtered(
            lambda m: m.product_id == product and m.state not in ("done", "cancel")
        )
        return moves[:1] or self._mfg_extra_output(product)

    def _mfg_extra_output(self, product):
        """Goods beyond the plan, of the kind planned: a by-product keeps its share."""
        planned = self.move_finished_ids.filtered(lambda m: m.product_id == product)[:1]
        values = self._get_move_finished_values(
            product.id,
            0.0,
            product.uom_id.id,
            planned.operation_id.id,
            planned.byproduct_id.id,
            planned.cost_share,
        )
        move = self.env["stock.move"].create(values)
        move._action_confirm(merge=False)
        self.invalidate_recordset(["move_finished_ids", "move_byproduct_ids"])
        return move

    def _mfg_output_line(self, move, lot, parts):
        product = move.product_id
        quantity = float(sum(amount for _output, amount in parts))
        target = move.location_dest_id._get_putaway_strategy(product, quantity=quantity)
        return {
            "move_id": move.id,
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "quantity": quantity,
            "lot_id": lot.id,
            "location_id": move.location_id.id,
            "location_dest_id": target.id,
            "picked": True,
        }

    def _mfg_unassigned_use(self):
        """Component lines no goods were made of yet: the next ones are.

        A by-product made before the goods was made of them too, and leaves them.
        """
        return self.env["stock.move.line"].search(
            [
                ("move_id", "in", self.move_raw_ids.ids),
                ("state", "=", "done"),
                ("quantity", "!=", 0),
                (
                    "produce_line_ids",
                    "not any",
                    [("product_id", "=", self.product_id.id)],
                ),
            ],
            order="id",
        )
