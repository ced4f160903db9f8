# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError


class MrpWorkcenterProductivity(models.Model):
    """Labour as the plant reports it: who, where, from when until when.

    An interval's minutes are wall-clock minutes whatever the calendar says, because
    somebody did work then: Odoo counts productive time so.
    """

    _inherit = "mrp.workcenter.productivity"

    mfg_plant = fields.Boolean(string="From Plant", readonly=True, index=True)
    mfg_employee_id = fields.Many2one(
        "hr.employee", string="Worker", readonly=True, index="btree_not_null"
    )
    mfg_equipment_given = fields.Boolean(
        readonly=True,
        help="The plant named the machine; else it is the operation's own.",
    )
    mfg_made_up = fields.Boolean(
        string="Made Up",
        readonly=True,
        help="Nobody had logged time when the operation was closed: Odoo logged the "
        "expected duration.",
    )
    mfg_replaced_end = fields.Datetime(
        string="Replaced End",
        readonly=True,
        help="End of the time Odoo had made up, before the plant's own report took "
        "its place.",
    )

    @api.constrains("workorder_id")
    def _check_open_time_ids(self):
        """One open timer per person and work order, as Odoo wants, but for people only.

        Plants report for many workers through one service user, and real logs
        overlap; refusing facts would only lose them. Odoo's own check cannot tell
        the rows apart, so it is replaced, not called.
        """
        for workorder in self.workorder_id:
            timers = self._read_group(
                [
                    ("workorder_id", "=", workorder.id),
                    ("date_end", "=", False),
                    ("mfg_plant", "=", False),
                ],
                ["user_id"],
                having=[("__count", ">", 1)],
            )
            if timers:
                raise ValidationError(
                    self.env._(
                        "The work order %(name)s cannot be started twice.",
                        name=workorder.display_name,
                    )
                )

    @api.model
    def _mfg_open(self, workorder, workcenter, employee, time):
        """Open an interval; an empty ``workcenter`` is the operation's own."""
        return self.create(self._mfg_values(workorder, workcenter, employee, time))

    @api.model
    def _mfg_values(self, workorder, workcenter, employee, start, end=False):
        """Labour at an operation from ``start`` to ``end`` (UTC), or going on."""
        loss = self.env["mrp.workcenter.productivity.loss"]
        return {
            "workorder_id": workorder.id,
            "workcenter_id": (workcenter or workorder.workcenter_id).id,
            "loss_id": loss.search([("loss_type", "=", "productive")], limit=1).id,
            "date_start": start,
            "date_end": end,
            "user_id": self.env.uid,
            "company_id": workorder.company_id.id,
            "mfg_plant": True,
            "mfg_employee_id": employee.id,
            "mfg_equipment_given": bool(workcenter),
        }

    @api.model
    def _mfg_earliest_open(self, workorder, workcenter, employee):
        """The open interval that an end of this segment, machine and worker closes."""
        domain = [
            ("workorder_id", "=", workorder.id),
            ("date_end", "=", False),
            ("mfg_plant", "=", True),
            ("mfg_employee_id", "=", employee.id),
            ("mfg_equipment_given", "=", bool(workcenter)),
        ]
        if workcenter:
            domain.append(("workcenter_id", "=", workcenter.id))
        return self.search(domain, order="date_start, id", limit=1)

    def _mfg_close(self, time, pointer="/data/time"):
        """Close intervals at ``time``.

        :raise Failure: time-invalid when one of them began later
        """
        for interval in self:
            if interval.date_start > time:
                detail = self.env._(
                    "It ends at %(end)s, before it began at %(start)s (UTC).",
                    end=fields.Datetime.to_string(time),
                    start=fields.Datetime.to_string(interval.date_start),
                )
                raise Failure("time-invalid", detail, [FieldError(pointer, detail)])
            interval.date_end = time

    # -- time that Odoo made up --------------------------------------------------------

    def _mfg_replace_made_up(self):
        """Count made-up time no more; it stays as a line of no length, so that it can
        come back when the report that replaced it is reversed."""
        made_up = self.filtered(lambda t: t.mfg_made_up and not t.mfg_replaced_end)
        for interval in made_up:
            interval.mfg_replaced_end = interval.date_end
            interval.date_end = interval.date_start

    def _mfg_restore_made_up(self):
        """Count it again: nothing is reported any more of what had replaced it."""
        for interval in self.filtered("mfg_replaced_end"):
            interval.date_end = interval.mfg_replaced_end
            interval.mfg_replaced_end = False
