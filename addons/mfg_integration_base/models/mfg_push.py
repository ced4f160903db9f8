# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import time
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.tools import SQL

from ..tools.push_crew import Crew
from ..tools.push_ear import CHANNEL as HEARD_ON
from ..tools.push_ear import Ear
from .after_commit import after_commit

CHANNEL = "root.mfg_push"
LOCK = "mfg.push"
PUSH_SECONDS = 30.0  # one job's share; what is left is another job's
LINGER_SECONDS = 3.0  # what follows in this time needs no job of its own
LOOK_SECONDS = 0.5  # between two looks while nothing is heard: for what comes due
PACE_SECONDS = 0.05  # between two looks at least, where a rate would have more
SLOW_SECONDS = 2.0  # who takes longer is waited for when the time is up, no more
SOON = 60  # seconds; what is due later is left to the sweeper


class MfgPush(models.AbstractModel):
    """Sends what waits for endpoints that take it by push: one job for all of them.

    It reads what is due, hands it to threads and writes down what came of it. Nothing
    is written before something is sent: whoever dies in between leaves the message as
    it was, and it is sent again, under the same id.
    """

    _name = "mfg.push"
    _inherit = "mfg.worker"
    _description = "Delivery by Push"

    # -- the job -----------------------------------------------------------------------

    @api.model
    def _push(self):
        """Job: send what is due, for a while.

        On a cursor of its own, since it commits after each step and a job may not.
        """
        with self.env.registry.cursor() as cr:
            push = api.Environment(cr, SUPERUSER_ID, {})[self._name]
            with push._alone() as alone:
                if not alone:
                    return
                with push._listening() as ear:
                    push._push_all(PUSH_SECONDS, LINGER_SECONDS, ear=ear)
            # what came in between was left to this look
            push._wake_when_due()

    def _push_all(self, seconds, linger, limits=None, ear=None):
        """Send until nothing is due or the time is up; then wait for what is under way.

        While one is waited for that does not answer, the others go on. What somebody
        commits in the meantime is heard, and looked for at once.
        """
        crew, begun = Crew(limits), time.monotonic()
        idle_since = begun
        try:
            while True:
                late = time.monotonic() - begun - seconds
                if ear:
                    ear.forget()
                sent, pause = self._dispatch(crew, self._left_out(crew, late))
                if sent or crew.busy():
                    idle_since = time.monotonic()
                elif late > 0 or time.monotonic() - idle_since >= linger:
                    break
                else:
                    pause = min(pause, idle_since + linger - time.monotonic())
                if landed := crew.collect(pause, ear):
                    self._note(landed)
        finally:
            crew.close()

    def _left_out(self, crew, late):
        """Endpoints that get nothing more from this job, None for all of them."""
        if late <= 0:
            return set()
        slow = crew.slow(SLOW_SECONDS)
        crew.recall(slow)
        if slow and late < crew.limits.total:
            return slow
        crew.recall(crew.busy())
        return None

    def _dispatch(self, crew, left_out):
        """Hand over what may go out now.

        :return: (whether anything moved, seconds until another look is worth it)
        """
        if left_out is None:
            return False, LOOK_SECONDS
        found = []

        def look():
            found[:] = self._due(crew.flying, left_out)

        self.env["mfg.drain"]._racing(look)
        due, called_off, paced = found
        crew.recall(called_off)
        for target, runs in due:
            for run in runs:
                crew.send(target, run)
        moved = bool(due) or paced == 0
        return moved, min(LOOK_SECONDS, max(paced, PACE_SECONDS))

    @contextmanager
    def _listening(self):
        """Hear those who left to this job what they have written (_wake_unattended)."""
        cr = self.env.cr
        cr.execute(SQL("LISTEN %s", SQL.identifier(HEARD_ON)))
        self._checkpoint()
        try:
            yield Ear(cr)
        finally:
            self._checkpoint_after_failure()
            # the connection goes back to a pool
            cr.execute(SQL("UNLISTEN %s", SQL.identifier(HEARD_ON)))
            self._checkpoint()

    def _alone(self):
        """Be the only one that sends; yields whether that could be had.

        A waker has the lock for the blink of an eye, another sender for all of a job.
        """
        return self._held_alone(LOCK, tries=25)

    # -- waking ------------------------------------------------------------------------

    @tools.ormcache()
    def _endpoint_ids(self):
        """Endpoints that take their messages by push."""
        # sudo: asked by whoever makes a message
        found = self.env["mfg.endpoint"].sudo().search([("delivery", "=", "push")])
        return frozenset(found.ids)

    @api.model
    def _announce(self, endpoint_ids):
        """Messages were written for these endpoints."""
        if self._endpoint_ids() & endpoint_ids:
            self._wake_after_commit()

    @api.model
    def _wake_after_commit(self):
        after_commit(self, "_wake_unattended", {"push": None})

    def _wake_unattended(self, _notes):
        """Make a job, or tell the one that is sending. Else: the sweep.

        A job that hears it no more, because it is about to end, looks once again after
        it has let go of the lock.
        """
        [(free,)] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s)", self._lock_key(LOCK))
        )
        if free:
            self._wake()
        else:
            self.env.execute_query(SQL("SELECT pg_notify(%s, '')", HEARD_ON))

    @api.model
    def _wake(self, cause="wake", eta=None):
        """One job, unless one is about to start already."""
        push = self._delayed_once(
            f"mfg-push-{cause}",
            channel=CHANNEL,
            eta=eta,
            description="Deliveries to plants",
        )
        if push:
            push._push()

    @api.model
    def _sweep(self):
        """With the sweep of the drains: what lost its wake-up, and what is due soon."""
        self._wake_when_due()

    def _wake_when_due(self):
        """A job at the moment at which something may be sent, if that is soon."""
        moment = self._next_moment()
        if moment is None:
            return
        now = fields.Datetime.now()
        if moment <= now:
            self._wake("again")
        elif (moment - now).total_seconds() <= SOON:
            self._wake(f"{moment:%d%H%M%S}", moment)
