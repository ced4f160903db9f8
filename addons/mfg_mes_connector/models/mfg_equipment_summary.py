# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError


class MfgEquipmentSummary(models.AbstractModel):
    """What a machine did in a window of time, summed up by the plant.

    Windows of one machine do not overlap: sums over them count nothing twice.
    """

    _name = "mfg.equipment.summary"
    _inherit = "mfg.equipment.record"
    _description = "Equipment Summary"

    _once_per = ()  # columns, besides the machine, that may have windows of their own

    shift = fields.Char(readonly=True, help="The shift, as the plant calls it.")

    @api.model
    def _add(self, rows):
        """Insert windows in one statement, in their order.

        Two that begin together are found by a unique index of each model, also when
        another transaction adds the other one just now.

        :raise Failure: window-overlap
        """
        made = self._insert(rows, SQL("ON CONFLICT DO NOTHING"))
        if len(made) < len(rows):
            raise self._overlap(rows[0]["equipment"], rows[0]["date_start"])
        if found := self.env.execute_query(made._sql_overlap()):
            other = self.browse(found[0])
            raise self._overlap(other.equipment, other.date_start)
        return made

    def _sql_overlap(self):
        """A window that one of these overlaps.

        Only the last one that begins before its end can: those before are over.
        """
        same = [
            SQL("other.%(name)s = mine.%(name)s", name=SQL.identifier(name))
            for name in ("equipment", "endpoint_id", *self._once_per)
        ]
        return SQL(
            """
            SELECT before.id
              FROM %(table)s mine
             CROSS JOIN LATERAL (
                   SELECT other.id, other.date_end FROM %(table)s other
                    WHERE %(same)s AND other.date_start < mine.date_end
                      AND other.id <> mine.id
                    ORDER BY other.date_start DESC LIMIT 1) before
             WHERE mine.id = ANY (%(ids)s) AND before.date_end > mine.date_start
             LIMIT 1
            """,
            table=SQL.identifier(self._table),
            same=SQL(" AND ").join(same),
            ids=list(self._ids),
        )

    def _overlap(self, equipment, start):
        detail = self.env._(
            "%(equipment)s has reported a part of this window before, in a window that "
            "begins at %(start)s (UTC).",
            equipment=equipment,
            start=fields.Datetime.to_string(start),
        )
        errors = [FieldError("/data/windowStart", detail)]
        return Failure("window-overlap", detail, errors)
