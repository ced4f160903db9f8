# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL

RATIOS = ("availability", "effectiveness", "quality_ratio", "oee")


class MfgEquipmentWindow(models.Model):
    """The elements of ISO 22400-2 that a machine had in a window of time.

    Only elements are stored. Ratios are made of summed elements, for one window as
    for a thousand: a mean of ratios would give an idle hour the weight of a busy one.
    """

    _name = "mfg.equipment.window"
    _inherit = "mfg.equipment.summary"
    _description = "Equipment Effectiveness"

    planned_busy_time = fields.Float(
        readonly=True, help="PBT, minutes: the machine was planned to be busy."
    )
    production_time = fields.Float(
        string="Actual Production Time",
        readonly=True,
        help="APT, minutes: it really produced.",
    )
    unit_busy_time = fields.Float(
        string="Actual Unit Busy Time",
        readonly=True,
        help="AUBT, minutes: it was busy with orders.",
    )
    unit_setup_time = fields.Float(
        string="Actual Unit Setup Time",
        readonly=True,
        help="AUST, minutes: it was set up.",
    )
    unit_delay_time = fields.Float(
        string="Actual Unit Delay Time",
        readonly=True,
        help="ADET, minutes: malfunctions and other interruptions of an order.",
    )
    unit_down_time = fields.Float(
        string="Actual Unit Down Time",
        readonly=True,
        help="ADOT, minutes: it was not working although it could have been.",
    )
    planned_run_time = fields.Float(
        readonly=True,
        help="PRI × PQ, minutes: what the produced quantity should have taken.",
    )
    produced_quantity = fields.Float(readonly=True, help="PQ, in the unit given.")
    good_quantity = fields.Float(readonly=True, help="GQ, in the unit given.")
    scrap_quantity = fields.Float(readonly=True, help="SQ, in the unit given.")
    rework_quantity = fields.Float(readonly=True, help="RQ, in the unit given.")
    uom_id = fields.Many2one(
        "uom.uom", string="Unit", readonly=True, ondelete="restrict"
    )
    availability = fields.Float(
        string="Availability (%)",
        compute="_compute_ratios",
        aggregator="avg",
        help="APT / PBT, of the summed times.",
    )
    effectiveness = fields.Float(
        string="Effectiveness (%)",
        compute="_compute_ratios",
        aggregator="avg",
        help="PRI × PQ / APT, of the sums. Above 100 %: faster than planned.",
    )
    quality_ratio = fields.Float(
        string="Quality Ratio (%)",
        compute="_compute_ratios",
        aggregator="avg",
        help="GQ / PQ, of the summed quantities.",
    )
    oee = fields.Float(
        string="OEE (%)",
        compute="_compute_ratios",
        aggregator="avg",
        help="Availability × effectiveness × quality ratio, each of the sums.",
    )

    _once_unique = models.UniqueIndex("(equipment, endpoint_id, date_start)")
    _age_index = models.Index("(date_start)")

    @api.depends(
        "planned_busy_time",
        "production_time",
        "planned_run_time",
        "good_quantity",
        "produced_quantity",
    )
    def _compute_ratios(self):
        """By the same statement as groups of windows, so that they cannot differ."""
        ratios = {
            window.id: values
            for window, *values in self._read_group(
                [("id", "in", self.ids)], ["id"], [f"{name}:avg" for name in RATIOS]
            )
        }
        for window in self:
            for index, name in enumerate(RATIOS):
                window[name] = ratios[window.id][index] if window.id in ratios else 0.0

    def _read_group_select(self, aggregate_spec, query):
        """Ratios of a group: of its summed elements (see account.invoice.report)."""
        name, _colon, function = aggregate_spec.partition(":")
        if name not in RATIOS or function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        return getattr(self, f"_sql_{name}")(query)

    def _sql_availability(self, query):
        return self._sql_percent("production_time", "planned_busy_time", query)

    def _sql_effectiveness(self, query):
        return self._sql_percent("planned_run_time", "production_time", query)

    def _sql_quality_ratio(self, query):
        return self._sql_percent("good_quantity", "produced_quantity", query)

    def _sql_oee(self, query):
        """The product of the three, in which the production time cancels out.

        Where nothing was made in time that was planned, it is 0.
        """
        return SQL(
            "coalesce(%s * %s, 0) / nullif(%s, 0)",
            self._sql_quality_ratio(query),
            self._sql_sum("planned_run_time", query),
            self._sql_sum("planned_busy_time", query),
        )

    def _sql_percent(self, part, whole, query):
        return SQL(
            "100 * %s / nullif(%s, 0)",
            self._sql_sum(part, query),
            self._sql_sum(whole, query),
        )

    def _sql_sum(self, name, query):
        return SQL("sum(%s)", self._field_to_sql(self._table, name, query))
