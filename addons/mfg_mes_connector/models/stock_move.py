# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

from ..tools.posting_day import as_of


class StockMove(models.Model):
    """Movements the plant reports: posted at its time, and not derived as well."""

    _inherit = "stock.move"

    mfg_explicit = fields.Boolean(
        string="Reported by Plant",
        readonly=True,
        copy=False,
        help="The plant reports the use of this component; it is not derived from "
        "the quantity produced.",
    )
    mfg_waiting = fields.Boolean(
        string="Used, Waits for Stock",
        readonly=True,
        copy=False,
        help="The plant used this quantity when Odoo had no stock of it. It is posted "
        "by itself when stock arrives.",
    )

    mfg_used_at = fields.Datetime(
        string="Used",
        readonly=True,
        copy=False,
        help="When the plant used what waits for stock.",
    )

    mfg_made_alone = fields.Boolean(
        string="Made by Itself",
        readonly=True,
        copy=False,
        help="This by-product was reported without goods: it is no part of those that "
        "were made of the same components later.",
    )

    def _mfg_marks(self):
        marks = ("mfg_explicit", "mfg_waiting", "mfg_used_at")
        return {name: self[name] for name in marks}

    def _mfg_derived_since(self, time):
        """Whether it was derived from goods made then or later, posted or waiting."""
        if self.mfg_explicit:
            return False
        if self.state == "done":
            return self.date >= time
        waits = self.mfg_waiting and self.state != "cancel"
        return waits and not (self.mfg_used_at and self.mfg_used_at < time)

    def copy_data(self, default=None):
        """Whoever makes such an order again need not report it: unless it is a part of
        the same line, it is consumed as its bill of materials says."""
        copies = super().copy_data(default)
        for move, values in zip(self, copies, strict=True):
            if move.mfg_explicit and not values.get("mfg_explicit"):
                values["manual_consumption"] = bool(move._is_manual_consumption())
        return copies

    def _split(self, qty, restrict_partner_id=False):
        """What is posted in part is still to be brought to the line as planned: Odoo
        would lessen the transfers before it by the rest."""
        if self.env.context.get("mfg_posting_time"):
            self = self.with_context(no_procurement=True)
        return super()._split(qty, restrict_partner_id)

    def _prepare_move_split_vals(self, qty):
        """The rest of a line that was posted in part is the same line."""
        return {**super()._prepare_move_split_vals(qty), **self._mfg_marks()}

    def _get_backorder_move_vals(self):
        values = super()._get_backorder_move_vals()
        if self.mfg_explicit:
            values |= {"mfg_explicit": True, "manual_consumption": True}
        return values

    def _should_bypass_set_qty_producing(self):
        """What waits for stock was used for goods that are made: Odoo's buttons do not
        take it for those still to be made."""
        return self.mfg_waiting or super()._should_bypass_set_qty_producing()

    def _mfg_post(self, time):
        """Post what is picked as of the plant's time (UTC).

        The date is there before the value: average cost goes by the order of dates,
        and the journal entry is of the day the goods moved at the plant.
        """
        moves = as_of(self.with_context(skip_mo_check=True), time)
        done = moves._action_done()
        return self.browse(done.ids)

    def write(self, vals):
        """Odoo posts everything at the present moment."""
        time = self.env.context.get("mfg_posting_time")
        if time and vals.get("state") == "done" and "date" in vals:
            vals = {**vals, "date": time}
        return super().write(vals)

    def _mfg_by_person(self):
        """Lines of components whose use a person entered in Odoo.

        Not those that Odoo's buttons prepared in proportion to the goods: where the
        plant reports, these are a guess.
        """
        moves = self.filtered(
            lambda m: (
                m.manual_consumption
                and not (m.mfg_explicit or m.mfg_waiting)
                and m.state not in ("done", "cancel")
            )
        )
        lines = moves.move_line_ids
        return lines.filtered(lambda line: line.picked and not line.mfg_plant)
