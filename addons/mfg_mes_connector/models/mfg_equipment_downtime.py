# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools.intervals import Intervals

from .mfg_equipment_event import KINDS

TIMES = {"date_start", "date_end", "workcenter_id", "company_id"}


class MrpWorkcenterProductivity(models.Model):
    """Downtime as the plant reports it, beside the labour of the neighbouring file.

    It counts in wall-clock minutes: a machine that stands at night stands, whatever
    the calendar says. Where machines of one work centre, or two reports on one
    machine, overlap, each minute counts once, with the downtime that began first:
    Odoo adds durations up, so that here their sum is the time something stood.
    """

    _inherit = "mrp.workcenter.productivity"

    mfg_equipment = fields.Char(
        string="Plant Equipment",
        readonly=True,
        help="The machine that stood, as the plant calls it.",
    )
    mfg_endpoint_id = fields.Many2one(
        "mfg.endpoint", string="Plant System", readonly=True, ondelete="restrict"
    )
    mfg_kind = fields.Selection(KINDS, string="Known From", readonly=True)
    mfg_production_id = fields.Many2one(
        "mrp.production",
        string="Interrupted Order",
        readonly=True,
        index="btree_not_null",
        help="The order the machine was working on. The downtime is no cost of it.",
    )

    _mfg_machine_index = models.Index(
        "(mfg_equipment, mfg_endpoint_id, mfg_kind, date_start)"
        " WHERE mfg_equipment IS NOT NULL"
    )
    _mfg_downtime_index = models.Index(
        "(workcenter_id, date_end) WHERE mfg_equipment IS NOT NULL"
    )

    # -- minutes -------------------------------------------------------------------

    @api.depends("date_end", "date_start")
    def _compute_duration(self):
        downtimes = self.filtered("mfg_equipment")
        others = super(MrpWorkcenterProductivity, self - downtimes)
        result = others._compute_duration()
        for downtime in downtimes:
            downtime.duration = downtime._mfg_downtime_minutes()
        return result

    def _mfg_downtime_minutes(self):
        """Minutes in which no downtime that began earlier goes on."""
        if not self.date_end:
            return 0.0
        start, end = self.date_start, self.date_end
        earlier = self._mfg_downtime_overlaps().filtered(
            lambda other: (other.date_start, other.id) < (start, self._origin.id)
        )
        own = Intervals([(start, end, self)]) - Intervals(
            [(other.date_start, other.date_end or end, other) for other in earlier]
        )
        seconds = sum((stop - start).total_seconds() for start, stop, _rows in own)
        return round(seconds / 60, 2)

    def _mfg_downtime_overlaps(self):
        """Other downtimes of the same work centres at the same time."""
        found = self.browse()
        for row in self:
            domain = [
                ("workcenter_id", "=", row.workcenter_id.id),
                ("company_id", "=", row.company_id.id),
                ("mfg_equipment", "!=", False),
                ("id", "!=", row._origin.id),
                "|",
                ("date_end", "=", False),
                ("date_end", ">", row.date_start),
            ]
            if row.date_end:
                domain.append(("date_start", "<", row.date_end))
            found |= self.search(domain)
        return found

    def _mfg_downtime_recount(self):
        self.env.add_to_compute(self._fields["duration"], self.exists())

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.filtered("mfg_equipment")._mfg_downtime_overlaps()._mfg_downtime_recount()
        return rows

    def write(self, vals):
        if TIMES.isdisjoint(vals):
            return super().write(vals)
        downtimes = self.filtered("mfg_equipment")
        before = downtimes._mfg_downtime_overlaps()
        result = super().write(vals)
        (before | downtimes._mfg_downtime_overlaps())._mfg_downtime_recount()
        return result

    def unlink(self):
        others = self.filtered("mfg_equipment")._mfg_downtime_overlaps() - self
        result = super().unlink()
        others._mfg_downtime_recount()
        return result

    # -- made from what the plant said ---------------------------------------------

    @api.model
    def _mfg_downtime_since(self, machine, time):
        """From when on a machine's downtimes depend on what is said of ``time``.

        :param machine: domain of the downtimes of one machine, of one kind
        """
        last = self.search(
            [*machine, ("date_start", "<", time)],
            order="date_start desc, id desc",
            limit=1,
        )
        goes_on = last and (not last.date_end or last.date_end >= time)
        return last.date_start if goes_on else time

    @api.model
    def _mfg_downtime_match(self, domain, spans):
        """Make the downtimes of a domain those of the spans.

        :return: the downtimes made and those changed; what is no span is deleted
        """
        made = changed = self.browse()
        known = {row.date_start: row for row in self.search(domain)}
        for span in spans:
            row = known.pop(span.start, self.browse())
            values = self._mfg_downtime_values(span)
            if not row:
                constants = self._mfg_downtime_constants(span.fact)
                made |= self.create({**constants, **values})
            elif different := row._mfg_downtime_changes(values):
                row.write(different)
                changed |= row
        self.union(*known.values()).unlink()
        return made, changed

    def _mfg_downtime_constants(self, fact):
        return {
            "mfg_plant": True,
            "mfg_equipment": fact.equipment,
            "mfg_endpoint_id": fact.endpoint_id.id,
            "mfg_kind": fact.kind,
            "company_id": fact.company_id.id,
            "user_id": self.env.uid,
        }

    def _mfg_downtime_values(self, span):
        return {
            "date_start": span.start,
            "date_end": span.end or False,
            "loss_id": span.fact.loss_id.id,
            "workcenter_id": span.fact.workcenter_id.id,
            "mfg_production_id": span.order.id if span.order else False,
            "description": span.fact._told(),
        }

    def _mfg_downtime_changes(self, values):
        return {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
