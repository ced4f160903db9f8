# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL


class Taken(ConcurrencyError):
    """Another transaction is at something that this one needs, too.

    :param turns: names of what is needed, as ``_sql_take`` had them
    """

    def __init__(self, turns):
        super().__init__("Another posting is at the same records.")
        self.turns = frozenset(turns)


class MfgDrainTurns(models.AbstractModel):
    """Standing in line for what many postings need, such as one component's stock.

    A posting takes its turns, which end with its transaction, or fails at once:
    waiting would not help, since its snapshot is older than what the other is about
    to commit. It stands in line before its next try, whose snapshot is younger.
    PostgreSQL serves a line in its order, so nobody loses for ever; and whoever stands
    in several has nothing else and took them in one order, so nobody waits for ever.
    """

    _inherit = "mfg.drain"

    @api.model
    def _sql_take(self, turns):
        """SQL that takes turns; its one value is whether all could be had."""
        return SQL(
            "SELECT bool_and(pg_try_advisory_xact_lock(hashtextextended(turn, 0)))"
            " FROM unnest(%s) AS turn",
            sorted(turns),
        )

    @contextmanager
    def _in_line(self, turns):
        """Wait for turns and keep them over the next transaction."""
        if not turns:
            yield
            return
        self._each_turn("pg_advisory_lock", turns)
        self._checkpoint()
        try:
            yield
        except BaseException:
            self._checkpoint_after_failure()
            raise
        finally:
            self._each_turn("pg_advisory_unlock", turns)

    @api.model
    def _touch(self, records):
        """Let nobody else decide by these records until the commit.

        Their rows are written, as they are: of two transactions that do so the second
        fails to serialize, also when it only looked before the first one's commit, and
        starts over with what that one left.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET write_date = write_date WHERE id IN ("
                "SELECT id FROM %(table)s WHERE id IN %(ids)s"
                " ORDER BY id FOR NO KEY UPDATE)",
                table=SQL.identifier(records._table),
                ids=tuple(records.ids),
            ),
            log_exceptions=False,
        )

    def _each_turn(self, function, turns):
        self.env.execute_query(
            SQL(
                "SELECT %s(hashtextextended(turn, 0)) FROM unnest(%s) AS turn",
                SQL.identifier(function),
                sorted(turns),
            )
        )
