# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from .after_commit import after_commit

_logger = logging.getLogger(__name__)

PRIORITIES = {"realtime": 1, "standard": 10, "batch": 20}
# what is not urgent has a parent of its own, whose capacity leaves room for what is
CHANNELS = {
    "realtime": "root.mfg_realtime",
    "standard": "root.mfg_later",
    "batch": "root.mfg_later.mfg_batch",
}


class MfgDrainWake(models.AbstractModel):
    """Waking the drains: after a commit, when a time has come, and by the sweeper.

    Under load nobody is woken. A drain is present in its shard from before its first
    look until after its last; whoever commits a message while one is present may
    leave it to that last look.
    """

    _inherit = "mfg.drain"

    @api.model
    def _wake_after_commit(self, slots):
        """Wake the drains of (lane, shard) pairs once this transaction is committed.

        After the commit, because a drain that was woken and done before it would
        never have seen the messages.
        """
        after_commit(self.env["mfg.drain"], "_wake_unattended", dict.fromkeys(slots))

    @api.model
    def _wake_for(self, messages):
        self._wake_after_commit({(m.lane, m.shard) for m in messages if m.lane})

    @api.model
    def _release_again(self, keys):
        """What was held back while a decision was made that lets it go."""
        self._wake_for(self._release_followers(keys))

    def _wake_unattended(self, slots):
        """If it fails, the sweeper wakes."""
        self._wake(self._unattended(slots))

    def _unattended(self, slots):
        """Of (lane, shard) pairs those in which no drain is present.

        The lock is given back at the end of this transaction, when the job that wakes
        is there to be seen: whoever cannot have it meets a drain, or another waker
        whose drain has not begun to look.
        """
        slots = sorted(slots)
        locks = [
            SQL("pg_try_advisory_xact_lock(%s)", self._presence_key(*slot))
            for slot in slots
        ]
        [had] = self.env.execute_query(SQL("SELECT %s", SQL(", ").join(locks)))
        return {slot for slot, free in zip(slots, had, strict=True) if free}

    def _presence_key(self, lane, shard):
        return self._lock_key(f"mfg.drain.presence:{lane}", shard)

    @api.model
    def _wake(self, slots, cause="wake", eta=None):
        """One job for each (lane, shard), unless one is about to start already."""
        jobs = {f"mfg-{cause}-{lane}-{shard}": (lane, shard) for lane, shard in slots}
        for identity_key in sorted(jobs.keys() - self._about_to_start(jobs)):
            lane, shard = jobs[identity_key]
            self.with_delay(
                channel=CHANNELS[lane],
                priority=PRIORITIES[lane],
                identity_key=identity_key,
                eta=eta,
                description=f"Plant messages: {lane}, shard {shard}",
            )._drain(lane, shard)

    def _wake_at(self, moment, message):
        """Wake when a retry or the end of a gap is due, and not a sweep later."""
        slot = (message.lane, message.shard)
        self._wake({slot}, cause=f"{moment:%d%H%M%S}", eta=moment)

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

    # -- sweeping ------------------------------------------------------------------

    @api.model
    def _sweep(self):
        """Cron: wake what lost its wake-up to a crash, a retry time or a gap time.

        Whoever is present: it may be a process that hangs. Odoo looks for due crons
        every 60 to 69 seconds; one that is due a second after the look waits for the
        next. So it asks to be due again well before that.
        """
        self._wake(set(self._due_slots()), cause="sweep")
        self.env["mfg.push"]._sweep()
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
