# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from itertools import pairwise

from odoo import fields, models
from odoo.tools.date_utils import sum_intervals
from odoo.tools.intervals import Intervals


class MrpProduction(models.Model):
    """Labour that is taken back after goods were made with it.

    A part of the goods bears the work since the part before it. Which work that was is
    noted, so that without some of it each part can be given the value Odoo would have
    given it: of two at one operation at once, who stays costs what both had.
    """

    _inherit = "mrp.production"

    mfg_labour_borne = fields.Json(
        readonly=True,
        copy=False,
        help="Labour that the goods posted so far bear: move -> time -> from, until.",
    )

    def _mfg_price(self, moves, used):
        result = super()._mfg_price(moves, used)
        main = moves.filtered(lambda m: m.product_id == self.product_id)
        if main and self._mfg_costed():
            self._mfg_note_labour(main)
        return result

    def _mfg_note_labour(self, main):
        """Note the time that was not in the goods before these."""
        borne = self.mfg_labour_borne or {}
        known = {id_ for spans in borne.values() for id_ in spans}
        rows = self.workorder_ids.time_ids.filtered("date_end")
        new = {
            str(row.id): [
                row.workorder_id.id,
                *map(fields.Datetime.to_string, (row.date_start, row.date_end)),
            ]
            for row in rows
            if str(row.id) not in known
        }
        if new:
            self.mfg_labour_borne = {**borne, str(main[:1].id): new}

    def _mfg_forget_labour(self, rows):
        """Time that is about to be removed, or to go on, is in no goods any more."""
        borne, gone = self.mfg_labour_borne or {}, set(map(str, rows.ids))
        if not any(gone & spans.keys() for spans in borne.values()):
            return
        left = {
            move: {id_: span for id_, span in spans.items() if id_ not in gone}
            for move, spans in borne.items()
        }
        parts = {str(part.main.id): part for part in self._mfg_goods_parts()}
        before, after = self._mfg_borne_costs(borne), self._mfg_borne_costs(left)
        for number, move in enumerate(sorted(borne, key=int)):
            change = self.company_id.currency_id.round(after[number] - before[number])
            if change and move in parts:
                self._mfg_spread(parts[move].moves, change)
                self.mfg_cost_absorbed += change
        self.mfg_labour_borne = left

    def _mfg_borne_costs(self, borne):
        """What the noted time costs, part by part as the goods were posted."""
        spans, totals = [], [0.0]
        for move in sorted(borne, key=int):
            spans += borne[move].values()
            totals.append(self._mfg_cost_of_spans(spans))
        return [later - earlier for earlier, later in pairwise(totals)]

    def _mfg_cost_of_spans(self, spans):
        """As Odoo costs an operation (``_cal_cost``): who works beside others costs
        nothing, and what is estimated does not depend on time."""
        total = 0.0
        for workorder in self.workorder_ids:
            if workorder._should_estimate_cost():
                continue
            own = [
                (*map(fields.Datetime.to_datetime, span[1:]), workorder)
                for span in spans
                if span[0] == workorder.id
            ]
            rate = workorder.costs_hour or workorder.workcenter_id.costs_hour
            total += sum_intervals(Intervals(own)) * rate
        return total

    def _mfg_cut_genealogy(self, parts):
        """Labour of goods that are gone is in the goods after them, or in none yet."""
        result = super()._mfg_cut_genealogy(parts)
        for number, part in enumerate(parts):
            if part.main and not self._mfg_there(part.moves):
                heirs = self._mfg_heirs(parts, number)
                heir = heirs.filtered(lambda m: m.product_id == self.product_id)
                self._mfg_bequeath_labour(part.main, heir[:1])
        return result

    def _mfg_bequeath_labour(self, main, heir):
        borne = dict(self.mfg_labour_borne or {})
        spans = borne.pop(str(main.id), None)
        if spans:
            if heir:
                borne[str(heir.id)] = {**borne.get(str(heir.id), {}), **spans}
            self.mfg_labour_borne = borne
