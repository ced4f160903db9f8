# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import time
from contextlib import contextmanager
from datetime import UTC, datetime

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

DRAIN_SECONDS = 30.0  # one job's share; what is left is another job's
KEYS_PER_LOOK = 500


class MfgDrain(models.AbstractModel):
    """Posts what is due: a few wake-up jobs, each draining many messages.

    A job is only a wake-up. It carries a lane and a shard, never a message; two jobs
    that meet at a key are kept apart by an advisory lock on the key, so that the
    messages of one order are posted one after another whatever runs beside.
    """

    _name = "mfg.drain"
    _inherit = "mfg.worker"
    _description = "Plant Message Drain"

    # -- draining ----------------------------------------------------------------

    @api.model
    def _drain(self, lane, shard):
        """Job: post what is due in a lane, its shard first, for a while.

        Works on a cursor of its own, since it commits after each run of messages
        and a job may not.
        """
        with self.env.registry.cursor() as cr:
            drain = api.Environment(cr, SUPERUSER_ID, {})["mfg.drain"]
            with drain._presence(lane, shard):
                done = drain._drain_lane(lane, shard)
            # once more, unseen: what came while present was left to this look
            done = done and drain._drain_lane(lane, shard)
            if not done:
                drain._wake({(lane, shard)}, cause="again")

    def _drain_lane(self, lane, shard):
        """Whether everything was done before the time was up.

        The own shard comes first; then what other shards of the lane have, so that no
        drain is idle while another has more than it can do.
        """
        deadline = time.monotonic() + DRAIN_SECONDS
        while keys := self._due_keys(lane, shard):
            progress = False
            for endpoint_id, key in keys:
                if time.monotonic() > deadline:
                    return False
                progress |= self._drain_key_alone(endpoint_id, key, deadline)
            if not progress:  # others hold them, and look again when they let go
                return True
        return True

    def _drain_key_alone(self, endpoint_id, key, deadline):
        """Drain a key that no other drain holds; whether anything was done.

        A drain that found the key held left it to this one: so look again after
        letting go.
        """
        progress, idle = False, 0
        while idle < 2 and time.monotonic() < deadline:
            with self._held_alone(f"mfg.drain:{key}", endpoint_id) as held:
                done = held and self._drain_key(endpoint_id, key, deadline)
            progress, idle = progress | done, 0 if done else idle + 1
            if not held or not self._is_due(endpoint_id, key):
                break
        return progress

    def _is_due(self, endpoint_id, key):
        where = SQL("m.endpoint_id = %s AND m.key = %s", endpoint_id, key)
        query = SQL(
            "SELECT 1 FROM mfg_message m WHERE %s AND %s LIMIT 1",
            where,
            self._sql_due(),
        )
        return bool(self.env.execute_query(query))

    def _due_keys(self, lane, shard):
        """(endpoint id, key) with something due: the own shard, the longest waiting."""
        self._checkpoint()
        return self.env.execute_query(
            SQL(
                """
                SELECT m.endpoint_id, m.key FROM mfg_message m
                WHERE m.lane = %s AND %s
                GROUP BY m.shard, m.endpoint_id, m.key
                ORDER BY m.shard <> %s, min(m.id) LIMIT %s
                """,
                lane,
                self._sql_due(),
                shard,
                KEYS_PER_LOOK,
            )
        )

    def _due_slots(self):
        """(lane, shard) in which something is due."""
        return self.env.execute_query(
            SQL(
                "SELECT DISTINCT m.lane, m.shard FROM mfg_message m WHERE %s",
                self._sql_due(),
            )
        )

    def _sql_due(self):
        """Messages the drain should look at, whatever their lane."""
        return SQL(
            """
            m.direction = 'in'
            AND (m.state = 'queued'
                 OR (m.state IN ('retrying', 'waiting') AND m.next_try_at <= %s))
            AND EXISTS (
                SELECT 1 FROM mfg_endpoint e
                WHERE e.id = m.endpoint_id AND e.active AND e.state = 'active')
            """,
            self._now(),
        )

    def _now(self):
        """UTC to the microsecond: a wake-up comes a fraction of a second after its
        moment, which in whole seconds would still be to come."""
        return datetime.now(UTC).replace(tzinfo=None)

    @contextmanager
    def _presence(self, lane, shard):
        """Be seen by wakers; shared, since a sweep may send a second drain."""
        key = self._presence_key(lane, shard)
        self.env.execute_query(SQL("SELECT pg_advisory_lock_shared(%s)", key))
        self._checkpoint()
        try:
            yield
        finally:
            self._checkpoint_after_failure()
            self.env.execute_query(SQL("SELECT pg_advisory_unlock_shared(%s)", key))
            self._checkpoint()
