# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL


class MfgPublicationScan(models.Model):
    """How far the full comparison of a kind has come; it may end anywhere."""

    _name = "mfg.publication.scan"
    _description = "Full Comparison of Published Records"
    _rec_name = "kind"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(
        selection=lambda self: self.env["mfg.master"]._selection_kind(),
        required=True,
        readonly=True,
    )
    after_id = fields.Integer(readonly=True, aggregator=None)
    running = fields.Boolean(readonly=True)
    finished_at = fields.Datetime(string="Compared", readonly=True)

    _kind_unique = models.UniqueIndex("(company_id, kind)")

    @api.model
    def _begin(self, pairs, anew=False):
        """Compare all records of (kind, company id) pairs; one that runs begins again.

        :param anew: what was compared before does not count any more: nobody took
            note of changes since
        """
        if not pairs:
            return
        finished = SQL("NULL") if anew else SQL("mfg_publication_scan.finished_at")
        self.env.execute_query(
            SQL(
                """
                INSERT INTO mfg_publication_scan (kind, company_id, after_id, running)
                VALUES %s ON CONFLICT (company_id, kind)
                DO UPDATE SET after_id = 0, running = TRUE, finished_at = %s
                RETURNING id
                """,
                SQL(", ").join(SQL("(%s, %s, 0, TRUE)", *pair) for pair in pairs),
                finished,
            )
        )
        self.invalidate_model()

    @api.model
    def _next(self, kinds=None):
        """(kind, company id, after id) of a comparison that runs, or None."""
        where = SQL("kind IN %s", tuple(kinds)) if kinds else SQL("TRUE")
        rows = self.env.execute_query(
            SQL(
                "SELECT kind, company_id, after_id FROM mfg_publication_scan"
                " WHERE running AND %s ORDER BY id LIMIT 1",
                where,
            )
        )
        return rows[0] if rows else None

    @api.model
    def _went(self, kind, company, after_id, done):
        self.env.execute_query(
            SQL(
                """
                UPDATE mfg_publication_scan SET after_id = %s, running = NOT %s,
                    finished_at = CASE WHEN %s THEN now() AT TIME ZONE 'UTC'
                                       ELSE finished_at END
                WHERE kind = %s AND company_id = %s RETURNING id
                """,
                after_id,
                done,
                done,
                kind,
                company.id,
            )
        )
        self.invalidate_model()

    @api.model
    def _stop(self, kind, company):
        """Leave off, unfinished; what was compared once stays so."""
        self.env.execute_query(
            SQL(
                "UPDATE mfg_publication_scan SET running = FALSE"
                " WHERE kind = %s AND company_id = %s RETURNING id",
                kind,
                company.id,
            )
        )
        self.invalidate_model()

    @api.model
    def _is_ready(self, kind, company):
        """Whether all records of a kind were looked at, once."""
        rows = self.env.execute_query(
            SQL(
                "SELECT 1 FROM mfg_publication_scan WHERE kind = %s"
                " AND company_id = %s AND finished_at IS NOT NULL",
                kind,
                company.id,
            )
        )
        return bool(rows)
