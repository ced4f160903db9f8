# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.parameters import whole_number

RETENTION = "mfg_integration_base.retention_days"
ENDED = ("posted", "cancelled", "rejected", "acknowledged", "refused")
DEFAULT_DAYS = 365
BATCH = 2000


class MfgMessage(models.Model):
    """Retention: the log keeps what its operator asked for and no more.

    Identities live as long as their rows, so the days must outlast the longest time
    after which a plant may send an event again.
    """

    _inherit = "mfg.message"

    @api.autovacuum
    def _gc_messages(self):
        """Delete ended messages past their time; what is open or parked stays.

        Plain SQL: nothing hangs on these rows but attempts, links and decisions, which
        go with them by foreign key. An array, because PostgreSQL may run a subquery
        anew for every row, each time with another limit's worth of rows.
        """
        days = whole_number(self.env, RETENTION, DEFAULT_DAYS)
        if days <= 0:
            return None
        self.flush_model()
        before = fields.Datetime.now() - timedelta(days=days)
        deleted = self.env.execute_query(
            SQL(
                """
                DELETE FROM mfg_message WHERE id = ANY (ARRAY (
                    SELECT id FROM mfg_message
                    WHERE state IN %s AND received_at < %s
                    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
                RETURNING issue_id
                """,
                ENDED,
                before,
                BATCH,
            )
        )
        issues = {issue for (issue,) in deleted if issue}
        self.env["mfg.issue"].browse(issues)._resolve_empty()
        return len(deleted), len(deleted) == BATCH
