# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.date_utils import localized, to_timezone
from odoo.tools.intervals import Intervals

WORKING = ("productive", "performance")  # losses in which the machine works, as in Odoo


class MrpWorkcenter(models.Model):
    """Work centres that are down because the plant says so.

    Nothing is kept for it: Odoo's status and Odoo's planning ask for the downtime
    that is open, so that both are free again the moment it ends, whoever ends it.
    """

    _inherit = "mrp.workcenter"

    mfg_repair_hours = fields.Float(
        string="Expected Downtime",
        default=1.0,
        help="Hours. While the plant reports this work center down and nobody knows "
        "until when, work orders are planned to begin this long from now.",
    )

    @api.constrains("mfg_repair_hours")
    def _check_mfg_repair_hours(self):
        for workcenter in self:
            if workcenter.mfg_repair_hours < 0:
                raise ValidationError(
                    self.env._("The expected downtime must be 0 or more.")
                )

    @api.depends("time_ids.mfg_equipment")
    def _compute_working_state(self):
        """A machine that is down blocks, also where somebody works at it meanwhile:
        Odoo asks the time that was logged last only."""
        result = super()._compute_working_state()
        open_ones = self._mfg_downtimes([("date_end", "=", False)])
        (open_ones.workcenter_id & self).working_state = "blocked"
        return result

    def _mfg_downtimes(self, domain):
        return self.env["mrp.workcenter.productivity"].search(
            [
                ("workcenter_id", "in", self.ids),
                ("mfg_equipment", "!=", False),
                ("loss_type", "not in", WORKING),
                *domain,
            ]
        )

    def _get_first_available_slot(
        self,
        start_datetime,
        duration,
        forward=True,
        leaves_to_ignore=False,
        extra_leaves_slots=(),
    ):
        """No work is planned into a downtime that is still going on."""
        return super()._get_first_available_slot(
            start_datetime,
            duration,
            forward=forward,
            leaves_to_ignore=leaves_to_ignore,
            extra_leaves_slots=[
                *extra_leaves_slots,
                *self._mfg_down_slots(fields.Datetime.now()),
            ],
        )

    def _mfg_down_slots(self, since):
        """(from, until) of what the plant reports down, where it ends after a time.

        :param since: UTC; until is what is expected where nobody knows the end
        """
        expected = fields.Datetime.now() + timedelta(hours=self.mfg_repair_hours)
        still = ["|", ("date_end", "=", False), ("date_end", ">", since)]
        return [
            (loss.date_start, loss.date_end or max(expected, loss.date_start))
            for loss in self._mfg_downtimes(still)
        ]


class ResourceResource(models.Model):
    """Whoever plans a resource that is a work centre sees when it is down."""

    _inherit = "resource.resource"

    def _get_unavailable_intervals(self, start, end):
        found = super()._get_unavailable_intervals(start, end)
        # sudo: whoever plans resources need not see the log, only when they are down
        workcenters = self.env["mrp.workcenter"].sudo()
        for workcenter in workcenters.search([("resource_id", "in", self.ids)]):
            if slots := workcenter._mfg_down_slots(to_timezone(None)(localized(start))):
                id_ = workcenter.resource_id.id
                found[id_] = self._mfg_united(found.get(id_, ()), slots, start, end)
        return found

    @api.model
    def _mfg_united(self, closed, down, start, end):
        """Closed or down, between start and end; as Odoo gives it: in UTC, by time."""
        spans = [*closed, *((localized(a), localized(b)) for a, b in down)]
        window = Intervals([(localized(start), localized(end), self)])
        united = Intervals([(a, b, self) for a, b in spans]) & window
        return [(a.astimezone(UTC), b.astimezone(UTC)) for a, b, _records in united]
