# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import math

from odoo import Command, models

ENDED = ("done", "cancel")


class MrpProduction(models.Model):
    """Where a line stands between transfers, when it is planned again.

    It comes from the same ones, and what waited for its goods waits for them again. A
    line that is ended loses this in Odoo, and a copied line never had it. What Odoo
    made of goods by a push rule, such as their transfer into stock, goes with them.
    """

    _inherit = "mrp.production"

    def _mfg_chain_of(self, move):
        """As JSON, for :meth:`_mfg_chained`. What waited for goods waits behind what
        brings them on, and not for more of that."""
        pushed = self._mfg_pushed(move)
        dests = (move.move_dest_ids - pushed) | pushed.move_dest_ids
        return {
            "origins": move.move_orig_ids.ids,
            "dests": dests.ids,
            "procure_method": move.procure_method,
        }

    def _mfg_chained(self, chain):
        """Values of a line that is planned again; what has left waits no more.

        :param chain: of :meth:`_mfg_chain_of`; none: it stood alone
        """
        moves = self.env["stock.move"]
        origins = moves.browse(chain.get("origins")).exists()
        dests = moves.browse(chain.get("dests")).exists()
        dests = dests.filtered(lambda m: m.state not in ENDED)
        method = chain["procure_method"] if origins else "make_to_stock"
        return {
            "move_orig_ids": [Command.set(origins.ids)],
            "move_dest_ids": [Command.set(dests.ids)],
            "procure_method": method,
        }

    def _mfg_go_on(self, move, quantity):
        """All of a line is posted, and it goes on by a part of its own.

        :param quantity: that it asks for, in the unit of ``move``
        """
        rest = move.copy(
            {
                **move._prepare_move_split_vals(quantity),
                **self._mfg_chained(self._mfg_chain_of(move)),
                "mfg_waiting": False,
                "mfg_used_at": False,
                "workorder_id": move.workorder_id.id,
            }
        )
        rest._action_confirm(merge=False, create_proc=False)
        rest.move_dest_ids._recompute_state()
        self.invalidate_recordset(
            ["move_raw_ids", "move_finished_ids", "move_byproduct_ids"]
        )
        return rest

    # -- goods that are to be brought on ---------------------------------------------

    def _mfg_pushed(self, move):
        """Moves that Odoo made of posted goods, as nobody had asked for them."""
        return move.move_dest_ids.filtered(
            lambda m: (
                m.rule_id.action in ("push", "pull_push")
                and not m.created_production_id
            )
        )

    def _mfg_not_brought_on(self, move):
        """How much of goods is still where it was made, by what was brought on of it;
        in the product's unit. Others may have made more of them there."""
        gone = self._mfg_pushed(move).filtered(lambda m: m.state == "done")
        if not gone:
            return math.inf
        back = gone.returned_move_ids.filtered(lambda m: m.state == "done")
        made = gone.move_orig_ids.filtered(lambda m: m.state == "done")
        quantities = [
            sum(moves.move_line_ids.mapped("quantity_product_uom"))
            for moves in (made, back, gone)
        ]
        return quantities[0] + quantities[1] - quantities[2]

    def _mfg_bring_on_less(self, line, amount):
        """Goods that are not there are not to be brought on.

        :param amount: in the unit of ``line``, which has it no more
        """
        pushed = self._mfg_pushed(line.move_id)
        pushed = pushed.filtered(lambda m: m.state not in ENDED)
        for move in pushed.sorted("id", reverse=True):
            unit = move.product_uom
            own = line.product_uom_id._compute_quantity(amount, unit, round=False)
            less = min(own, move.product_uom_qty)
            self._mfg_demand(move, -less)
            amount -= unit._compute_quantity(less, line.product_uom_id, round=False)
        empty = pushed.filtered(lambda m: m.product_uom.is_zero(m.product_uom_qty))
        empty._do_unreserve()
        empty.state = "cancel"  # whoever is behind it still waits for goods
        (pushed - empty)._action_assign()
