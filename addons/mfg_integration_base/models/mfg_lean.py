# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL


class MfgLean(models.AbstractModel):
    """Rows that are only ever written by the engine, many at a time, as they are.

    Odoo's create() costs milliseconds per row for computing, checking and tracking
    what these tables do not have (`make bench`).
    """

    _name = "mfg.lean"
    _description = "Lean Rows"

    @api.model
    def _insert(self, rows, otherwise=None):
        """Insert rows in one statement; returns what it made, in the order of rows.

        :param rows: dicts with the same keys: stored columns, as PostgreSQL wants them
        :param otherwise: an ON CONFLICT clause; its rows are missing in the result
        """
        if not rows:
            return self.browse()
        now, user = fields.Datetime.now(), self.env.uid
        audit = {
            "create_date": now,
            "create_uid": user,
            "write_date": now,
            "write_uid": user,
        }
        values = [tuple({**row, **audit}.values()) for row in rows]
        made = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s %s RETURNING id",
                SQL.identifier(self._table),
                SQL(", ").join(map(SQL.identifier, {**rows[0], **audit})),
                SQL(", ").join(SQL("%s", value) for value in values),
                otherwise or SQL(),
            )
        )
        return self.browse([id_ for (id_,) in made])
