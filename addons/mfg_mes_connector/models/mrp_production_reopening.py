# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import fields, models

from odoo.addons.mfg_integration_base.engine.failure import Failure

from .mrp_production_consumption import Share

ORDER_FIELDS = ("state", "qty_producing", "date_finished", "is_locked", "priority")
WORKORDER_FIELDS = ("state", "date_start", "date_finished", "costs_hour")


class MrpProduction(models.Model):
    """Opening an order again whose end is taken back.

    Odoo has no way back from done; what the end changed is noted before it and put
    back. Reports that came before the end, or after it, are not touched.
    """

    _inherit = "mrp.production"

    mfg_before_close = fields.Json(
        readonly=True, copy=False, help="How the order stood before the plant ended it."
    )

    def _mfg_close(self, time, backorder=False):
        lines = self._mfg_all_lines()
        running = (self.mfg_before_close or {}).get("intervals", [])
        self.mfg_before_close = self._mfg_standing(running)
        result = super()._mfg_close(time, backorder)
        more = self._mfg_all_lines() - lines
        self.mfg_before_close = {
            **self.mfg_before_close,
            "residues": more.filtered(lambda line: line.state == "done").ids,
        }
        return result

    def _mfg_all_lines(self):
        return (self.move_raw_ids | self.move_finished_ids).move_line_ids

    def _mfg_bear_late(self, absorbed=None):
        """Noted, so that it can be in no goods again."""
        used, before = self._mfg_unassigned_use(), self.mfg_cost_absorbed
        prices = self._mfg_prices()
        result = super()._mfg_bear_late(absorbed)
        if self.mfg_before_close:
            self.mfg_before_close = {
                **self.mfg_before_close,
                "unassigned": used.ids,
                "raised": {str(m.id): m.price_unit - p for m, p in prices.items()},
                "absorbed": self.mfg_cost_absorbed - before,
            }
        return result

    def _mfg_prices(self):
        """What goods cost per piece, where accounting is there to say so."""
        goods = self._mfg_goods().move_id
        return {move: move.price_unit for move in goods if "value" in goods._fields}

    def _mfg_end_labour(self, time):
        """Also before the last goods, which bear its cost."""
        running = self.workorder_ids.time_ids.filtered(lambda t: not t.date_end)
        if running and "order" not in (self.mfg_before_close or {}):
            self.mfg_before_close = {"intervals": running.ids}
        return super()._mfg_end_labour(time)

    def _mfg_standing(self, running):
        """All that the end of the order changes, as JSON.

        :param running: ids of intervals of labour that it has ended already
        """
        running += self.workorder_ids.time_ids.filtered(lambda t: not t.date_end).ids
        moves = (self.move_raw_ids | self.move_finished_ids).filtered(
            lambda m: m.state not in ("done", "cancel")
        )
        open_ones = self.workorder_ids.filtered(
            lambda w: w.state not in ("done", "cancel")
        )
        return {
            "order": plain(self, ORDER_FIELDS),
            "moves": {str(move.id): move.product_uom_qty for move in moves},
            "chains": {str(move.id): self._mfg_chain_of(move) for move in moves},
            "workorders": {str(w.id): plain(w, WORKORDER_FIELDS) for w in open_ones},
            "intervals": running,
            "lots": self.lot_producing_ids.ids,
        }

    def _mfg_stood_before_end(self):
        """What was kept of the order when the plant ended it.

        :raise Failure: not-reversible
        """
        was = self.mfg_before_close
        if self.state != "done" or not was:
            detail = self.env._(
                "%(order)s was not ended by this event, or changed since.",
                order=self.name,
            )
            raise Failure("not-reversible", detail)
        return was

    def _mfg_reopen_order(self, was):
        with self._mfg_keeping_dates():
            self.write(
                {
                    **was["order"],
                    "mfg_plant_open": True,
                    "mfg_before_close": False,
                    "lot_producing_ids": [(6, 0, was["lots"])],
                }
            )

    def _mfg_reopen(self):
        """Take back the end of the order.

        :raise Failure: not-reversible
        """
        was = self._mfg_stood_before_end()
        self._mfg_unpost_labour()
        self._mfg_lower_late()
        self._mfg_reopen_order(was)
        self._mfg_reopen_operations(was)
        lessened = self._mfg_lessened(was)
        moves = self.env["stock.move"].browse(map(int, was["moves"])).exists()
        ended = moves.filtered(lambda m: m.state == "cancel" or not m.quantity)
        self._mfg_keep_emptied(ended)
        demands = {move: was["moves"][str(move.id)] for move in ended}
        self._mfg_confirm_again(demands, was.get("chains", {}))
        self._mfg_replan(lessened)
        self._mfg_reserve_again(lessened.product_id)
        self._mfg_take_back_residues(was)
        self.env.flush_all()  # half open, it looked like to be closed
        self.state = was["order"]["state"]

    def _mfg_reopen_operations(self, was):
        times = self.env["mrp.workcenter.productivity"].browse(was["intervals"])
        times.exists().date_end = False
        for workorder in self.workorder_ids:
            if values := was["workorders"].get(str(workorder.id)):
                workorder._mfg_stand(values)

    def _mfg_take_back_residues(self, was):
        """What the end had posted so that nothing is lost by rounding."""
        residues = self.env["stock.move.line"].browse(was["residues"]).exists()
        self._mfg_take_back(
            [Share(None, line, Decimal(repr(line.quantity))) for line in residues]
        )

    def _mfg_keep_emptied(self, moves):
        """Postings of the end of which nothing is left stay what they are, beside the
        line that is open again: who gave it back may not have, after all."""
        for move in moves:
            if lines := move.move_line_ids.filtered("mfg_plant"):
                marks = {**move._mfg_marks(), "workorder_id": move.workorder_id.id}
                kept = move.copy({"product_uom_qty": 0, **marks})
                kept.write({"state": move.state, "date": move.date})
                lines.move_id = kept

    def _mfg_lessened(self, was):
        """Postings of which a part was taken back since; on a closed order nothing is
        planned again."""
        moves = self.move_raw_ids | self.move_finished_ids
        return moves.filtered(
            lambda m: (
                str(m.id) not in was["moves"]
                and m.move_line_ids
                and m.product_uom.compare(m.product_uom_qty, m.quantity) > 0
            )
        )

    def _mfg_lower_late(self):
        """Components and labour after the last goods are in no goods again."""
        was = self.mfg_before_close
        if not was:  # closed by a person
            return
        late = self.env["stock.move.line"].browse(was["unassigned"]).exists()
        late.produce_line_ids = [(5, 0, 0)]
        if "value" not in self.env["stock.move"]._fields:
            return
        for id_, raised in was["raised"].items():
            move = self.env["stock.move"].browse(int(id_))
            if quantity := move._get_valued_qty():
                self._mfg_revalue(move, -raised * quantity)
        self.mfg_cost_absorbed -= was["absorbed"]

    def _mfg_unpost_labour(self):
        """Accounting books labour when an order ends, in full each time."""
        times = self.workorder_ids.time_ids
        if "account_move_line_id" not in times._fields:
            return
        # sudo: journal entries are accounting's; the order was checked before
        entries = times.sudo().account_move_line_id.move_id
        if entries:
            today = fields.Date.context_today(self)
            entries._reverse_moves([{"date": today} for _e in entries], cancel=True)
            times.sudo().account_move_line_id = False

    def _mfg_check_no_backorder(self, since):
        """A backorder was cut to what was not made by then.

        :raise Failure: not-reversible
        """
        later = self._mfg_family().filtered(
            lambda o: o.id > self.id and o.state != "cancel" and o.create_date >= since
        )
        if later:
            detail = self.env._(
                "Backorder %(backorder)s was made of what %(order)s had left by then.",
                backorder=later[0].name,
                order=self.name,
            )
            raise Failure("not-reversible", detail)


def plain(record, names):
    """Field values as JSON has them."""
    values = {name: record[name] for name in names}
    return {
        name: fields.Datetime.to_string(value) if hasattr(value, "year") else value
        for name, value in values.items()
    }
