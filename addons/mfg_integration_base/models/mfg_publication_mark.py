# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL

from .after_commit import after_commit

NOTED = "mfg.publication.mark"


class MfgPublicationMark(models.Model):
    """Records that may have changed, noted in the transaction of the change.

    Only added to and taken away, never updated: whoever changes a product waits for
    nobody. One statement per transaction, however much it changes.
    """

    _name = "mfg.publication.mark"
    _description = "Record That May Have Changed"
    _log_access = False

    kind = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True, aggregator=None)
    forced = fields.Boolean(
        readonly=True, help="A new version even if Odoo's own content is the same."
    )
    noted_at = fields.Datetime(readonly=True)

    @api.model
    def _note(self, kind, ids, forced=False):
        """Mark records by the end of this transaction."""
        if not ids:
            return
        precommit = self.env.cr.precommit
        noted = precommit.data.setdefault(NOTED, {})
        if not noted:
            precommit.add(self._write_noted)
        for id_ in ids:
            noted[kind, id_] = noted.get((kind, id_), False) or forced

    def _write_noted(self):
        noted = self.env.cr.precommit.data.pop(NOTED, {})
        self._insert_marks([(*key, forced) for key, forced in noted.items()])
        kinds = dict.fromkeys(kind for kind, _id in noted)
        at_once = self.env["mfg.master"]._at_once()
        wanted = {kind: None for kind in kinds if kind in at_once}
        after_commit(self.env["mfg.publisher"], "_wake_for", wanted)

    @api.model
    def _insert_marks(self, marks):
        """:param marks: (kind, record id, forced) each"""
        if not marks:
            return
        kinds, ids, forced = (list(column) for column in zip(*marks, strict=True))
        self.env.execute_query(
            SQL(
                """
                INSERT INTO mfg_publication_mark (kind, res_id, forced, noted_at)
                SELECT *, clock_timestamp() AT TIME ZONE 'UTC'
                FROM unnest(%s::varchar[], %s::int[], %s::bool[])
                RETURNING id
                """,
                kinds,
                ids,
                forced,
            )
        )

    @api.model
    def _oldest(self, limit, kinds=None):
        """Kind -> {record id: (forced, noted at)} and the ids of these marks."""
        where = SQL("kind IN %s", tuple(kinds)) if kinds else SQL("TRUE")
        rows = self.env.execute_query(
            SQL(
                "SELECT id, kind, res_id, forced, noted_at FROM mfg_publication_mark"
                " WHERE %s ORDER BY id LIMIT %s",
                where,
                limit,
            )
        )
        by_kind = {}
        for _id, kind, res_id, forced, noted_at in rows:
            marks = by_kind.setdefault(kind, {})
            before = marks.get(res_id, (False, noted_at))
            marks[res_id] = (before[0] or forced, max(before[1], noted_at))
        return by_kind, [row[0] for row in rows]

    @api.model
    def _take_away(self, ids):
        query = SQL(
            "DELETE FROM mfg_publication_mark WHERE id = ANY(%s) RETURNING id", ids
        )
        self.env.execute_query(query)
