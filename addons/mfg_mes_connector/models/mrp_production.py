# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextlib import contextmanager

from odoo import api, fields, models

RELEASED = "mfg.joborder.released.v1"
CHANGED = "mfg.joborder.changed.v1"
CANCELLED = "mfg.joborder.cancelled.v1"
ACKNOWLEDGED = "mfg.joborder.acknowledged.v1"
REFUSED = "mfg.joborder.refused.v1"
SPLIT = "mfg_planned_split"  # a planner divides an order, and makes no backorder
OPEN_STATES = ("confirmed", "progress", "to_close")


class MrpProduction(models.Model):
    """A production order that a plant executes: its release, identity and state."""

    _inherit = "mrp.production"

    mfg_job_order_id = fields.Char(
        string="Job Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The name under which the plant knows this order. It stays when Odoo "
        "renames the order for a backorder; backorders answer to it too.",
    )
    mfg_version = fields.Integer(string="Job Order Version", readonly=True, copy=False)
    mfg_plant_open = fields.Boolean(
        string="Plant Reports",
        readonly=True,
        copy=False,
        help="The plant has begun to report and has not sent its final report: the "
        "order is not done before, even if all quantities are.",
    )
    mfg_started_at = fields.Datetime(
        string="Started at Plant", readonly=True, copy=False
    )
    mfg_planned_start = fields.Datetime(
        readonly=True, copy=False, help="The start planned before the plant began."
    )

    # -- release -------------------------------------------------------------------

    def action_confirm(self):
        result = super().action_confirm()
        self._mfg_release()
        return result

    def _action_confirm_mo_backorders(self):
        result = super()._action_confirm_mo_backorders()
        if not self.env.context.get(SPLIT):  # then once its dates are known
            self._mfg_release()
        return result

    def _get_backorder_mo_vals(self):
        """A backorder is the same job order to the plant, not a new one."""
        return {
            **super()._get_backorder_mo_vals(),
            **self._mfg_identity_of_rest(),
        }

    def _mfg_identity_of_rest(self):
        return {
            "mfg_job_order_id": self.mfg_job_order_id,
            "mfg_version": self.mfg_version,
        }

    def _mfg_release(self):
        """Tell the plants, once per order, and settle what came too early for it.

        What another firm makes (Odoo's subcontracting) is no order to them.
        """
        for order in self.filtered(lambda o: o.bom_id.type != "subcontract"):
            if order.state in OPEN_STATES and not order.mfg_job_order_id:
                order.write({"mfg_job_order_id": order.name, "mfg_version": 1})
                order._mfg_tell_release()
                self.env["mfg.message"]._heal("order", [order.mfg_job_order_id])

    def _mfg_tell_release(self):
        takers = self._mfg_takers(RELEASED)
        messages = self._mfg_tell(RELEASED, self._mfg_released_data, takers)
        return self._mfg_note_version("released", messages), messages

    def _mfg_released_data(self, endpoint):
        return self.env["mfg.joborder"]._data(self, endpoint)[self]

    def _mfg_tell(self, event_type, data, takers):
        messages = self.env["mfg.outbox"]._emit_to(
            takers, event_type, self.mfg_job_order_id, data, {}
        )
        for message in messages:
            message._link(self, "changed")
        return messages

    def _mfg_facts(self):
        """By which plants may choose the events of this order."""
        return {
            "warehouse": self.picking_type_id.warehouse_id,
            "product": self.product_id,
            "order": self,
        }

    def _action_cancel(self):
        released = self.filtered(
            lambda o: o.mfg_job_order_id and o.state in OPEN_STATES
        )
        for order in released._mfg_as_posting():
            # what the plant set aside was used: Odoo would put it back into stock
            order._mfg_post_picked(fields.Datetime.now())
        result = super()._action_cancel()
        # what was reported stays, and Odoo calls such an order done
        released.filtered("mfg_plant_open").mfg_plant_open = False
        for order in released.filtered(lambda o: o.state in ("cancel", "done")):
            order._mfg_announce_cancel()
        return result

    def _mfg_announce_cancel(self):
        user = self.env.user.name
        self._mfg_announce_end(self.env._("Cancelled in Odoo by %(user)s", user=user))

    def _mfg_announce_end(self, reason):
        """The job order ends for the plant when its last open member does."""
        family = self._mfg_family()
        if family.filtered(lambda o: o.state in OPEN_STATES):
            return
        takers = self._mfg_cancel_audience()
        family.write({"mfg_version": self.mfg_version + 1})
        data = self._mfg_cancelled_data(reason)
        messages = self._mfg_tell(CANCELLED, data, takers)
        self._mfg_note_version("cancelled", messages)

    def _mfg_cancelled_data(self, reason):
        return {
            "jobOrderId": self.mfg_job_order_id,
            "version": self.mfg_version,
            "reason": reason,
        }

    # -- identity ------------------------------------------------------------------

    def _mfg_family(self):
        """The order and its backorders, all of one job order."""
        self.ensure_one()
        group = self.production_group_id.production_ids
        return self | group.filtered(
            lambda o: o.mfg_job_order_id == self.mfg_job_order_id
        )

    def _mfg_member(self, time=None):
        """Of a family the order that is worked on, else its last one.

        :param time: of a fact (UTC): the order that was worked on then
        """
        orders = self.sorted("id")
        then = orders.filtered(
            lambda o: time and o._mfg_over() and not o._mfg_over(time)
        )
        started = self.filtered(lambda o: o.state in OPEN_STATES)
        return then[:1] or started[:1] or orders[-1:]

    def _mfg_over(self, time=None):
        """Whether the order is done, or was by a time (UTC)."""
        return self.state == "done" and not (time and time <= self.date_finished)

    def _mfg_segments(self):
        """Work order -> operationsSegmentId: its name, made unique in the order.

        In order of creation and not of sequence, so that re-sequencing an order does
        not change what the plant was told.
        """
        names, taken = {}, set()
        for workorder in self.workorder_ids.sorted("id"):
            name = " ".join(workorder.name.split())[:110]
            unique, number = name, 1
            while unique in taken:
                number += 1
                unique = f"{name} ({number})"
            taken.add(unique)
            names[workorder] = unique
        ordered = sorted(names, key=lambda w: (w.sequence, w.id))
        return {workorder: names[workorder] for workorder in ordered}

    def _mfg_planned_segments(self):
        """The segments of operations that are still to be passed."""
        return {
            workorder: code
            for workorder, code in self._mfg_segments().items()
            if workorder.state != "cancel" and not workorder.mfg_former
        }

    # -- state ---------------------------------------------------------------------

    @api.depends("mfg_plant_open")
    def _compute_state(self):
        """An order is not done while the plant still reports on it.

        Odoo calls an order done once all its moves are. Incremental reports get there
        before the plant's final one, and after that nothing could be posted.
        """
        done_before = self.filtered(lambda o: o.state == "done")
        result = super()._compute_state()
        for order in self - done_before:
            if order.state == "done" and order.mfg_plant_open:
                order.state = "to_close"
        return result

    def _mfg_begin(self, time):
        """The plant works on the order since ``time`` (UTC)."""
        self.ensure_one()
        values = {} if self.mfg_plant_open else {"mfg_plant_open": True}
        self._mfg_keep_plan()
        if not self.mfg_started_at or time < self.mfg_started_at:
            values |= {"mfg_started_at": time, "date_start": time}
        if values:
            with self._mfg_keeping_dates():
                self.with_context(force_date=True).write(values)

    def _mfg_keep_plan(self):
        """Note the planned start, which the plant's takes the place of."""
        if not self.mfg_started_at and not self.mfg_planned_start:
            self.mfg_planned_start = self.date_start

    def _mfg_planned_begin(self):
        """When it was to begin, whenever the plant did."""
        started = self.mfg_started_at and self.mfg_planned_start
        return started or self.date_start

    def _mfg_settle_start(self, time, starts, running):
        """A report is taken back: the order began with another one, or did not.

        :param time: of the report that is taken back
        :param starts: of the reports that stay, when they say the order began
        :param running: one of these says so of the order itself
        """
        if self.state == "done" or not self.mfg_started_at:
            return
        values = {}
        if starts and self.mfg_started_at == time:
            values = {"mfg_started_at": min(starts), "date_start": min(starts)}
        elif not starts:
            values = {"mfg_started_at": False, "date_start": self.mfg_planned_start}
            values |= {"mfg_plant_open": False, "mfg_planned_start": False}
        with self._mfg_keeping_dates():
            self.with_context(force_date=True).write(values)
        if not running and not self._mfg_is_begun():
            self.state = "confirmed"

    def _mfg_is_begun(self):
        """Whether anything is done on the order, by whomever."""
        moves = self.move_raw_ids | self.move_finished_ids
        return (
            any(move.state == "done" or move.picked for move in moves)
            or any(w.state in ("progress", "done") for w in self.workorder_ids)
            or not self.product_uom_id.is_zero(self.qty_producing)
        )

    @contextmanager
    def _mfg_keeping_dates(self):
        """Odoo moves the dates of finished postings along with the order's; undo it."""
        moves = (self.move_raw_ids | self.move_finished_ids).filtered(
            lambda m: m.state == "done"
        )
        dates = {move: move.date for move in moves}
        yield
        self.env.flush_all()
        for move, date in dates.items():
            if move.date != date:
                move.date = date
