# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import models

from ..tools.posting_day import as_of
from .mrp_production_consumption import HANDS_OFF


class MrpProduction(models.Model):
    """Components that were used when Odoo had no stock of them.

    The goods are posted without them. What is missing of the plan becomes a component
    line of its own, which Odoo reserves like any other, and a message that posts it
    when stock arrives (`handlers/waiting.py`). Genealogy and value then become what
    they would have been.
    """

    _inherit = "mrp.production"

    def _mfg_await(self, use, time):
        """Set apart what is missing of a use from what is still to be used.

        :param time: when it was used (UTC)
        """
        missing = sum((amount for _lot, amount in use.missing), Decimal())
        if use.waited or not missing:
            return
        for move in self._mfg_planned(use).filtered(lambda m: not m.picked):
            part = min(missing, Decimal(repr(move.product_qty)))
            if part > 0:
                missing -= part
                waiting = self._mfg_split_off(move, part)
                waits = {"mfg_waiting": True, "mfg_used_at": time}
                waiting.write({**waits, "manual_consumption": False})

    def _mfg_waiting_lines(self, products):
        return self._mfg_open_raw().filtered(
            lambda m: m.mfg_waiting and m.product_id in products
        )

    def _mfg_stop_waiting(self, products):
        """It was not used after all: it is to be used again."""
        self._mfg_waiting_lines(products).mfg_waiting = False

    def _post_inventory(self, cancel_backorder=False):
        """Closed by a person: what waits is no part of what this makes. It is posted
        on the closed order."""
        waiting = self.move_raw_ids.filtered("mfg_waiting") & self._mfg_open_raw()
        waiting.move_line_ids.unlink()
        waiting.with_context(**HANDS_OFF)._action_cancel()
        return super()._post_inventory(cancel_backorder=cancel_backorder)

    # -- once it is posted -----------------------------------------------------------

    def _mfg_complete_goods(self, goods, used, time):
        """Components posted after the goods that were made of them.

        :param goods: move lines; without any the next goods take them
        :param used: move lines of the components
        :param time: when they were used (UTC): the books have both on one day
        """
        if not goods and self.state == "done":
            goods = self._mfg_goods()
        if goods and used:
            goods.consume_line_ids = [(4, line.id) for line in used]
            if self._mfg_costed():
                value = sum(used.move_id.mapped("value"))
                self._mfg_bear_awaited(as_of(goods.move_id, time), value)

    def _mfg_bear_awaited(self, goods, value):
        """By-products before any goods take their share; the goods to come get the
        rest, and not that share again."""
        before = self._mfg_cost_of(goods)
        self._mfg_spread(goods, value)
        if self.product_id not in goods.product_id:
            self.mfg_cost_absorbed += self._mfg_cost_of(goods) - before

    def _mfg_goods_since(self, time):
        """Move lines of the first finished goods posted for ``time`` or later."""
        moves = self.move_finished_ids.filtered(
            lambda m: (
                m.product_id == self.product_id and m.state == "done" and m.date >= time
            )
        )
        return moves.sorted(lambda m: (m.date, m.id))[:1].move_line_ids
