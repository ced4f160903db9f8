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
        loss = self.env["mrp.workcenter.productivity.loss"]
        return self.create(
            {
                "workorder_id": workorder.id,
                "workcenter_id": (workcenter or workorder.workcenter_id).id,
                "loss_id": loss.search([("loss_type", "=", "productive")], limit=1).id,
                "date_start": time,
                "user_id": self.env.uid,
                "company_id": workorder.company_id.id,
                "mfg_plant": True,
                "mfg_employee_id": employee.id,
                "mfg_equipment_given": bool(workcenter),
            }
        )

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
