# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class MrpWorkorder(models.Model):
    """Work orders that take their times and counts from the plant.

    Odoo's buttons stamp the present moment and move material; the plant's facts are
    therefore written (reference: odoo19.md section 2).
    """

    _inherit = "mrp.workorder"

    mfg_rework_quantity = fields.Float(
        string="Pieces in Rework",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="How many pieces, in the product's unit, are worked over here. "
        "0: a normal operation.",
    )
    mfg_former = fields.Char(
        string="Former Operation",
        readonly=True,
        copy=False,
        help="The segment of an older version of the job order, taken out since, at "
        "which the plant had worked before it knew.",
    )
    mfg_rework_reason_id = fields.Many2one(
        "stock.scrap.reason.tag", string="Rework Reason", readonly=True, copy=False
    )

    def _set_qty_producing(self):
        """Counting pieces at an operation is no consumption.

        Odoo answers a written ``qty_produced`` by setting the order's quantity in
        production, which marks all its components as used.
        """
        if self.env.context.get("mfg_count_only"):
            return None
        return super()._set_qty_producing()

    def _prepare_timeline_vals(self, duration, date_start, date_end=False):
        """Time that nobody logged is marked, so that a late report can replace it."""
        values = super()._prepare_timeline_vals(duration, date_start, date_end)
        if self.env.context.get("mfg_made_up"):
            values["mfg_made_up"] = True
        return values

    def action_mark_as_done(self):
        """Odoo logs the expected duration where nobody logged any."""
        marking = self.with_context(mfg_made_up=True)
        return super(MrpWorkorder, marking).action_mark_as_done()

    @api.depends("operation_id", "workcenter_id", "qty_producing", "qty_production")
    def _compute_duration_expected(self):
        """Counting pieces is no new plan: it stays the duration of the whole order."""
        told = self.filtered(lambda w: w._origin.duration_expected and w._mfg_is_told())
        return super(MrpWorkorder, self - told)._compute_duration_expected()

    def _mfg_is_told(self):
        """Whether plants are told how long it takes."""
        order = self.production_id
        return bool(order.mfg_job_order_id and order._mfg_has_plant())

    def _mfg_expect_what_is_made(self):
        """Who ends it in Odoo has it last as long as the pieces made take, as Odoo does
        where no plant is told."""
        for workorder in self.filtered(lambda w: w.state not in ("done", "cancel")):
            made, planned = workorder.qty_producing, workorder.qty_production
            if made in (0, planned) or not workorder._mfg_is_told():
                continue
            ratio = 1 if workorder.operation_id else made / planned
            expected = workorder._get_duration_expected(ratio=ratio)
            workorder.duration_expected = expected

    def _mfg_begin(self, time):
        """The operation runs since ``time`` (UTC); its earliest beginning counts."""
        self.ensure_one()
        if self.state in ("ready", "blocked"):
            planned = self._calculate_date_finished(time) or time
            self._mfg_write(state="progress", date_start=time, date_finished=planned)
        elif self.date_start and time < self.date_start:
            self._mfg_write(date_start=time)
        self.production_id._mfg_begin(time)

    def _mfg_finish(self, time):
        """The operation is over since ``time``; Odoo makes up no labour for it."""
        self.ensure_one()
        if self.state in ("done", "cancel"):
            return
        running = self.state == "progress" and self.date_start
        self._mfg_write(
            state="done",
            date_start=min(self.date_start, time) if running else time,
            date_finished=time,
            costs_hour=self.workcenter_id.costs_hour,
        )

    def _mfg_count(self, quantity):
        """Add good pieces (in the order's unit) to what this operation made.

        Odoo refuses to count at a finished operation; the plant may report pieces
        a moment after it said that the operation is over.
        """
        self.ensure_one()
        total = self.qty_produced + quantity
        finished = self.state == "done"
        if finished:
            self._mfg_write(state="progress")
        self._mfg_write(qty_produced=total)
        if finished:
            self._mfg_write(state="done")
        self.invalidate_recordset(["qty_producing"])

    def _mfg_write(self, **values):
        # expected for the whole order, not for what is counted so far
        planned = [self._fields["duration_expected"]]
        keeping = self.production_id._mfg_keeping_dates()
        with keeping, self.env.protecting(planned, self):
            self.with_context(
                bypass_duration_calculation=True, mfg_count_only=True
            ).write(values)

    def _mfg_successors(self):
        """The operations that still follow this one; none: its pieces are finished.

        Pieces of a rework return into the flow of the order.
        """
        self.ensure_one()
        order = self.production_id
        flow = order._mfg_flow()
        if self not in flow:
            return flow
        if order.allow_workorder_dependencies:
            return flow & self.needed_by_workorder_ids
        return flow.filtered(lambda w: (w.sequence, w.id) > (self.sequence, self.id))
