# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL


class MfgEquipmentReading(models.Model):
    """One quantity that was measured at a machine, summed up over a window of time."""

    _name = "mfg.equipment.reading"
    _inherit = "mfg.equipment.summary"
    _description = "Equipment Telemetry"

    _once_per = ("name",)  # temperature by the minute, vibration by the hour

    name = fields.Char(string="Reading", required=True, readonly=True)
    unit_code = fields.Char(
        string="Unit", readonly=True, help="UN/ECE Recommendation 20, as it was sent."
    )
    minimum = fields.Float(readonly=True, aggregator="min")
    maximum = fields.Float(readonly=True, aggregator="max")
    mean = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Of several windows: each counts as often as it was measured in it.",
    )
    count = fields.Integer(
        string="Measurements", readonly=True, help="How many values were summed up."
    )

    _once_unique = models.UniqueIndex("(equipment, endpoint_id, name, date_start)")
    _age_index = models.Index("(date_start)")

    @api.depends("name")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for reading in self:
            reading.display_name = f"{reading.name} {reading.display_name}"
        return result

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "mean:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "sum(%(mean)s * %(count)s) / nullif(sum(%(count)s), 0)",
            mean=self._field_to_sql(self._table, "mean", query),
            count=self._field_to_sql(self._table, "count", query),
        )
