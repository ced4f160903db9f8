# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import logging
import time
from contextlib import contextmanager
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

DRAIN_SECONDS = 30.0  # one job's share; what is left is another job's
PAUSE_SECONDS = 0.1  # before looking again at keys that another drain holds
KEYS_PER_LOOK = 100
PRIORITIES = {"realtime": 1, "standard": 10, "batch": 20}


class MfgDrain(models.AbstractModel):
    """Posts what is due: a few wake-up jobs, each draining many messages.

    A job is only a wake-up. It carries a lane and a shard, never a message; two jobs
    that meet at a key are kept apart by an advisory lock on the key, so that the
    messages of one order are posted one after another whatever runs beside.
    """

    _name = "mfg.drain"
    _description = "Plant Message Drain"

    # -- waking ------------------------------------------------------------------

    @api.model
    def _wake_after_commit(self, slots):
        """Wake the drains of (lane, shard) pairs once this transaction is committed.

        After the commit, because a drain that was woken and done before it would
        never have seen the messages.
        """
        if not slots:
            return
        postcommit = self.env.cr.postcommit
        waiting = postcommit.data.setdefault("mfg_integration_base.wake", set())
        if not waiting:
            registry = self.env.registry
            postcommit.add(lambda: self._wake_now(registry, waiting))
        waiting.update(slots)

    @staticmethod
    def _wake_now(registry, slots):
        try:
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env["mfg.drain"]._wake(slots)
        except psycopg2.Error:
            # the messages are safe and their sender must hear so: the sweeper wakes
            _logger.warning("Waking the drain failed; the sweeper will.", exc_info=True)

    @api.model
    def _wake(self, slots, cause="wake", eta=None):
        """One job for each (lane, shard), unless one is about to start already."""
        jobs = {f"mfg-{cause}-{lane}-{shard}": (lane, shard) for lane, shard in slots}
        for identity_key in sorted(jobs.keys() - self._about_to_start(jobs)):
            lane, shard = jobs[identity_key]
            self.with_delay(
                channel=f"root.mfg_{lane}",
                priority=PRIORITIES[lane],
                identity_key=identity_key,
                eta=eta,
                description=f"Plant messages: {lane}, shard {shard}",
            )._drain(lane, shard)

    def _wake_at(self, moment, message):
        """Wake when a retry or the end of a gap is due, and not a sweep later."""
        slot = (message.lane, message.shard)
        self._wake({slot}, cause=f"{moment:%d%H%M%S}", eta=moment)

    def _about_to_start(self, identity_keys):
        """Asked here for all at once: under load nearly every wake-up ends here."""
        rows = self.env.execute_query(
            SQL(
                "SELECT identity_key FROM queue_job"
                " WHERE identity_key IN %s AND state IN ('pending', 'enqueued')",
                tuple(identity_keys) or ("",),
            )
        )
        return {identity_key for (identity_key,) in rows}

    @api.model
    def _wake_endpoints(self, endpoints):
        """Wake everything an endpoint has due, as when it is resumed."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT lane, shard FROM mfg_message WHERE endpoint_id IN %s"
                " AND direction = 'in' AND state IN ('queued', 'waiting', 'retrying')",
                tuple(endpoints.ids or [0]),
            )
        )
        self._wake_after_commit(set(rows))

    @api.model
    def _sweep(self):
        """Cron: wake what lost its wake-up to a crash, a retry time or a gap time.

        Odoo looks for due crons every 60 to 69 seconds; one that is due a second after
        the look waits for the next. So it asks to be due again well before that.
        """
        self._wake(set(self.env.execute_query(self._sql_due_slots())), cause="sweep")
        cron = self.env.ref("mfg_integration_base.ir_cron_sweep")
        cron._trigger(fields.Datetime.now() + timedelta(seconds=20))

    def _register_hook(self):
        """Sweep at start, so that nothing waits for the cron after a crash.

        Here and not by the cron: at start nobody hears a cron being triggered, and its
        next look may be 69 seconds away.
        """
        super()._register_hook()
        if self.env.ref("mfg_integration_base.ir_cron_sweep", raise_if_not_found=False):
            self._sweep_at_start()

    def _sweep_at_start(self):
        """Never the reason why a server does not start: the cron sweeps as well."""
        try:
            with self.env.cr.savepoint():
                self._free_dead_jobs()
                self._sweep()
        except psycopg2.OperationalError:
            _logger.info("Another server sweeps just now; the cron follows.")

    def _free_dead_jobs(self):
        """Queue again the wake-ups that a killed server had begun.

        The job runner leaves dead jobs their place for ten seconds. When they fill its
        channel it then waits for one of them to finish, for up to a minute. A living
        job holds a lock on its row in queue_job_lock and is left alone.
        """
        self.env.execute_query(
            SQL(
                """
                UPDATE queue_job SET state = 'pending'
                WHERE model_name = 'mfg.drain' AND state IN ('enqueued', 'started')
                  AND (id IN (SELECT l.queue_job_id FROM queue_job_lock l
                              WHERE l.queue_job_id = queue_job.id
                              FOR NO KEY UPDATE SKIP LOCKED)
                       OR NOT EXISTS (SELECT 1 FROM queue_job_lock l
                                      WHERE l.queue_job_id = queue_job.id))
                RETURNING id
                """
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
            fields.Datetime.now(),
        )

    def _sql_due_slots(self):
        return SQL(
            "SELECT DISTINCT m.lane, m.shard FROM mfg_message m WHERE %s",
            self._sql_due(),
        )

    # -- draining ----------------------------------------------------------------

    @api.model
    def _drain(self, lane, shard):
        """Job: post what is due in one shard of a lane, for a while.

        Works on a cursor of its own, since it commits after each run of messages
        and a job may not.
        """
        with self.env.registry.cursor() as cr:
            drain = api.Environment(cr, SUPERUSER_ID, {})["mfg.drain"]
            if not drain._drain_shard(lane, shard):
                drain._wake({(lane, shard)}, cause="again")

    @api.model
    def _drain_now(self):
        """Post everything due in this very transaction, committing nothing."""
        self.env.flush_all()
        drain = self.with_context(mfg_drain_in_transaction=True).sudo()
        for lane, shard in self.env.execute_query(self._sql_due_slots()):
            drain._drain_shard(lane, shard)

    def _drain_shard(self, lane, shard):
        """Whether everything was done before the time was up."""
        deadline = time.monotonic() + DRAIN_SECONDS
        while keys := self._due_keys(lane, shard):
            progress = False
            for endpoint_id, key in keys:
                if time.monotonic() > deadline:
                    return False
                with self._key_lock(endpoint_id, key) as held:
                    if held:
                        progress |= self._drain_key(endpoint_id, key, deadline)
            if not progress:
                time.sleep(PAUSE_SECONDS)
        return True

    def _due_keys(self, lane, shard):
        """(endpoint id, key) with something due, the longest waiting first."""
        self._checkpoint()
        return self.env.execute_query(
            SQL(
                """
                SELECT m.endpoint_id, m.key FROM mfg_message m
                WHERE m.lane = %s AND m.shard = %s AND %s
                GROUP BY m.endpoint_id, m.key ORDER BY min(m.id) LIMIT %s
                """,
                lane,
                shard,
                self._sql_due(),
                KEYS_PER_LOOK,
            )
        )

    @contextmanager
    def _key_lock(self, endpoint_id, key):
        """Hold one key across transactions; yields whether it could be had.

        The lock is the session's and not the transaction's: the snapshot in which
        messages are read must be younger than the lock, so a commit lies between.
        PostgreSQL frees it when the process dies.
        """
        args = SQL("hashtext(%s), %s", f"mfg.drain:{key}", endpoint_id)
        [(held,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_lock(%s)", args))
        self._checkpoint()
        try:
            yield held
        finally:
            if held:
                self._checkpoint_after_failure()
                self.env.execute_query(SQL("SELECT pg_advisory_unlock(%s)", args))

    def _checkpoint(self):
        """End the transaction; the drain's effects are durable from here."""
        if not self.env.context.get("mfg_drain_in_transaction"):
            self.env.cr.commit()  # pylint: disable=invalid-commit

    def _checkpoint_after_failure(self):
        """Leave an aborted transaction, so that the lock can still be given back."""
        if not self.env.context.get("mfg_drain_in_transaction"):
            self.env.cr.rollback()
