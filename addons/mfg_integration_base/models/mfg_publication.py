# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL


class MfgPublication(models.Model):
    """One record as the plants of a company are told of it: which version, and where
    in the row of all changes.

    Positions are given by one publisher at a time, so that they become visible in
    their order. What a plant asks for by its cursor, and what is sent by itself, are
    both read from here.
    """

    _name = "mfg.publication"
    _description = "Published Record"
    _order = "position desc"
    _rec_name = "name"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(
        selection=lambda self: self.env["mfg.master"]._selection_kind(),
        required=True,
        readonly=True,
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    name = fields.Char(readonly=True, help="The code under which plants know it.")
    version = fields.Integer(readonly=True, aggregator=None)
    position = fields.Integer(readonly=True, aggregator=None)
    deleted = fields.Boolean(
        readonly=True, help="Deleted, archived, or of no concern to plants any more."
    )
    fingerprint = fields.Char(readonly=True)
    changed_at = fields.Datetime(string="Changed", readonly=True)

    _record_unique = models.UniqueIndex("(company_id, kind, res_id)")
    _position_unique = models.UniqueIndex("(position)")
    _feed_index = models.Index("(company_id, kind, position)")

    @api.model
    def _last_position(self):
        """Rows are never deleted but with their company: this never goes down."""
        query = SQL("SELECT coalesce(max(position), 0) FROM mfg_publication")
        return self.env.execute_query(query)[0][0]

    @api.model
    def _write_rows(self, rows):
        """Insert or replace what is published of these records, in one statement."""
        if not rows:
            return
        self.env.execute_query(
            SQL(
                """
                INSERT INTO mfg_publication (%s) VALUES %s
                ON CONFLICT (company_id, kind, res_id) DO UPDATE SET
                    version = EXCLUDED.version, position = EXCLUDED.position,
                    deleted = EXCLUDED.deleted, fingerprint = EXCLUDED.fingerprint,
                    changed_at = EXCLUDED.changed_at,
                    name = coalesce(EXCLUDED.name, mfg_publication.name)
                RETURNING id
                """,
                SQL(", ").join(map(SQL.identifier, rows[0])),
                SQL(", ").join(SQL("%s", tuple(row.values())) for row in rows),
            )
        )
        self.invalidate_model()

    @api.model
    def _after(self, company, kind, position, since, limit, where=None):
        """Rows behind a position, in their order; of those that ended only such as
        ended after `since`."""
        self.env.cr.execute(
            SQL(
                """
                SELECT p.res_id, p.version, p.position, p.deleted, p.name
                FROM mfg_publication p
                WHERE p.company_id = %s AND p.kind = %s AND p.position > %s
                  AND (NOT p.deleted OR p.position > %s) AND %s
                ORDER BY p.position LIMIT %s
                """,
                company.id,
                kind,
                position,
                since,
                where or SQL("TRUE"),
                limit,
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _alive(self, company, kind):
        """Ids of all records that plants know and that have not ended."""
        rows = self.env.execute_query(
            SQL(
                "SELECT res_id FROM mfg_publication WHERE company_id = %s"
                " AND kind = %s AND NOT deleted",
                company.id,
                kind,
            )
        )
        return [id_ for (id_,) in rows]

    @api.model
    def _latest(self, company, kind, ids):
        """Rows of these records, as :meth:`_after` gives them."""
        return self._after(
            company, kind, 0, 0, len(ids), SQL("p.res_id = ANY(%s)", list(ids))
        )

    @api.model
    def _proof(self, company, kind, identity, where=None):
        """How many records there are and the fingerprint of all their versions.

        SHA-256 of the lines "<id> <version>", in order of their bytes.

        :param identity: SQL of what a plant knows a record of this kind by
        """
        [(count, digest)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), encode(sha256(coalesce(
                    string_agg(line, %s ORDER BY line COLLATE "C"), '')::bytea), 'hex')
                FROM (
                    SELECT %s || ' ' || p.version AS line
                    FROM mfg_publication p
                    WHERE p.company_id = %s AND p.kind = %s AND NOT p.deleted AND %s
                ) lines
                """,
                "\n",
                identity,
                company.id,
                kind,
                where or SQL("TRUE"),
            )
        )
        return {"count": count, "fingerprint": digest}
