# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import time
from contextlib import contextmanager, nullcontext

from odoo import api, models
from odoo.tools import SQL

PAUSE = 0.02  # seconds between two tries to have a lock
# context: commit nothing, the transaction is the caller's; only tests set it, so as to
# post and push within their own
IN_TRANSACTION = "mfg_in_transaction"


class MfgWorker(models.AbstractModel):
    """What works off what waits: in transactions of its own, woken by jobs.

    A job carries nothing, it is a wake-up; what is due is read from the database. Two
    jobs that meet are kept apart by a lock. See docs/architecture.md.
    """

    _name = "mfg.worker"
    _description = "Worker"

    # -- transactions ------------------------------------------------------------------

    def _checkpoint(self):
        """End the transaction; what was done is durable from here."""
        if not self.env.context.get(IN_TRANSACTION):
            self.env.cr.commit()  # pylint: disable=invalid-commit

    def _checkpoint_after_failure(self):
        """Leave an aborted transaction, so that a lock can still be given back."""
        if not self.env.context.get(IN_TRANSACTION):
            self.env.cr.rollback()

    def _undoable(self):
        """A savepoint, where the transaction is not the worker's to roll back."""
        if self.env.context.get(IN_TRANSACTION):
            return self.env.cr.savepoint()
        return nullcontext()

    # -- locks -------------------------------------------------------------------------

    @contextmanager
    def _held_alone(self, name, number=0, tries=1):
        """Hold a lock across transactions; yields whether it could be had.

        The lock is the session's and not the transaction's, and PostgreSQL frees it
        when the process dies. A commit follows whenever it is taken or let go: what is
        read then is younger, so that work left to its holder is seen by one of both.
        """
        key = self._lock_key(name, number)
        held = self._try_to_hold(key, tries)
        try:
            yield held
        finally:
            if held:
                self._checkpoint_after_failure()
                self._unlock(key)
                self._checkpoint()

    def _try_to_hold(self, key, tries):
        for left in reversed(range(tries)):
            query = SQL("SELECT pg_try_advisory_lock(%s)", key)
            [(held,)] = self.env.execute_query(query)
            self._checkpoint()
            if held or not left:
                return held
            time.sleep(PAUSE)
        return False

    def _unlock(self, key):
        self.env.execute_query(SQL("SELECT pg_advisory_unlock(%s)", key))

    def _lock_key(self, name, number=0):
        return SQL("hashtext(%s), %s", name, number)

    # -- wake-ups ----------------------------------------------------------------------

    @api.model
    def _workers(self):
        """Names of the models that jobs wake."""
        return tuple(self.env.registry["mfg.worker"]._inherit_children)

    def _delayed_once(self, identity_key, **options):
        """`with_delay`; None where such a job is about to start already."""
        if self._about_to_start([identity_key]):
            return None
        return self.with_delay(identity_key=identity_key, **options)

    def _about_to_start(self, identity_keys):
        if not identity_keys:
            return set()
        rows = self.env.execute_query(
            SQL(
                "SELECT identity_key FROM queue_job"
                " WHERE identity_key IN %s AND state IN ('pending', 'enqueued')",
                tuple(identity_keys),
            )
        )
        return {identity_key for (identity_key,) in rows}

    @api.model
    def _free_dead_jobs(self):
        """Queue again the wake-ups of all workers that a killed server had begun.

        The job runner leaves dead jobs their place for ten seconds. A living job holds
        a lock on its row in queue_job_lock and is left alone.
        """
        self.env.execute_query(
            SQL(
                """
                UPDATE queue_job SET state = 'pending'
                WHERE model_name IN %s
                  AND state IN ('enqueued', 'started')
                  AND (id IN (SELECT l.queue_job_id FROM queue_job_lock l
                              WHERE l.queue_job_id = queue_job.id
                              FOR NO KEY UPDATE SKIP LOCKED)
                       OR NOT EXISTS (SELECT 1 FROM queue_job_lock l
                                      WHERE l.queue_job_id = queue_job.id))
                RETURNING id
                """,
                self._workers(),
            )
        )
