# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, models

ENDED = ("done", "cancel")


class MrpProduction(models.Model):
    """Where a line stands between transfers, when it is planned again.

    It comes from the same ones, and what waited for its goods waits for them again. A
    line that is ended loses this in Odoo, and a copied line never had it.
    """

    _inherit = "mrp.production"

    def _mfg_chain_of(self, move):
        """As JSON, for :meth:`_mfg_chained`."""
        return {
            "origins": move.move_orig_ids.ids,
            "dests": move.move_dest_ids.ids,
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
