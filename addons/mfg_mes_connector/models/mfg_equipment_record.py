# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.mfg_integration_base.tools.parameters import whole_number

RETENTION = "mfg_mes_connector.equipment_days"
DEFAULT_DAYS = 730
BATCH = 2000


class MfgEquipmentRecord(models.AbstractModel):
    """What a machine said of a span of its time: facts, kept as they came.

    Only the engine writes them, many at a time; a reversal deletes them.
    """

    _name = "mfg.equipment.record"
    _inherit = "mfg.lean"
    _description = "Equipment Record"
    _order = "date_start desc, id desc"

    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    workcenter_id = fields.Many2one(
        "mrp.workcenter",
        string="Work Center",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    equipment = fields.Char(
        required=True, readonly=True, help="The machine, as the plant calls it."
    )
    date_start = fields.Datetime(string="From", required=True, readonly=True)
    date_end = fields.Datetime(string="Until", readonly=True)

    @api.depends("equipment", "date_start")
    def _compute_display_name(self):
        for record in self:
            start = fields.Datetime.to_string(record.date_start) or ""
            record.display_name = f"{record.equipment or ''} {start[:16]} UTC"

    @api.autovacuum
    def _gc_records(self):
        """Delete what is older than its operator wants to keep, in batches.

        What happened long ago and was told of late is as new as it came: time losses
        of Odoo follow from facts, and would be lost with them at the next one.
        """
        days = whole_number(self.env, RETENTION, DEFAULT_DAYS)
        if self._abstract or days <= 0:
            return None
        deleted = self.env.execute_query(
            SQL(
                "DELETE FROM %(table)s WHERE id = ANY (ARRAY (SELECT id FROM %(table)s"
                " WHERE date_start < %(before)s AND create_date < %(before)s"
                " ORDER BY date_start LIMIT %(batch)s))"
                " RETURNING id",
                table=SQL.identifier(self._table),
                before=fields.Datetime.now() - timedelta(days=days),
                batch=BATCH,
            )
        )
        return len(deleted), len(deleted) == BATCH
