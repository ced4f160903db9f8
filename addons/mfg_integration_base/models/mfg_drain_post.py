# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
import logging
import random
import time
import traceback
from datetime import timedelta

import psycopg2
from psycopg2 import errorcodes

from odoo import fields, models
from odoo.exceptions import AccessError, ConcurrencyError, LockError, UserError

from ..engine import catalogue, ordering, retry, states
from ..engine.failure import NOT_SAID, Failure
from .mfg_drain_turns import Taken
from .mfg_resolver import Memo

_logger = logging.getLogger(__name__)

PASSING_PG_CODES = (
    errorcodes.SERIALIZATION_FAILURE,
    errorcodes.DEADLOCK_DETECTED,
    errorcodes.LOCK_NOT_AVAILABLE,
    errorcodes.QUERY_CANCELED,
)
ISSUE_CAUSE = "mfg_issue_cause_unique"
REHEARSED = "rehearsed"  # how a message ends that would have been posted
RACES = 5  # how often a collision is tried again at once before it is put off
RUN_SECONDS = 2.0  # after which a run's transaction takes no more messages


class MfgDrainPost(models.AbstractModel):
    """The posting of a run: one transaction, and how it ended."""

    _inherit = "mfg.drain"

    def _try(self, run, started):
        """Post and commit; returns (failure, trace), (None, None) when posted."""
        try:
            self._racing(lambda: self._post_messages(run, started))
        except Exception as error:  # classified: nothing may stop the drain
            return self._failure(error), traceback.format_exc()
        return None, None

    def _racing(self, step):
        """Take a step and commit it, or take it back.

        Of two transactions that collide, the loser repeats it at once, or as soon as it
        is its turn: its fresh snapshot sees the winner.
        """
        turns = set()
        for race in range(RACES):
            try:
                with self._in_line(turns), self._undoable():
                    step()
                    self.env.flush_all()
                break
            except Exception as error:
                self._checkpoint_after_failure()
                if not self._is_race(error) or race == RACES - 1:
                    raise
                if isinstance(error, Taken):
                    turns |= error.turns
                else:
                    time.sleep(random.uniform(0.01, 0.05) * 2**race)
        self._checkpoint()

    def _is_race(self, error):
        if isinstance(error, ConcurrencyError | LockError):
            return True
        if isinstance(error, psycopg2.errors.UniqueViolation):
            return error.diag.constraint_name == ISSUE_CAUSE  # two park for one cause
        pgcode = getattr(error, "pgcode", None)
        return isinstance(error, psycopg2.Error) and pgcode in PASSING_PG_CODES

    def _failure(self, error):
        """Any exception as a Failure with a code of the catalogue."""
        if isinstance(error, Failure):
            return error
        if self._is_race(error):
            detail = self.env._("Someone else is working on the same records.")
            return Failure("locked", detail)
        if isinstance(error, psycopg2.Error) and self.env.cr._cnx.closed:
            raise error  # nothing can be written down: the sweeper goes on later
        if isinstance(error, AccessError):
            return Failure("not-permitted", str(error))
        if not isinstance(error, UserError):
            _logger.exception("Posting a plant message failed")
        return Failure("internal", str(error) or type(error).__name__)

    def _post_messages(self, run, started):
        """The posting transaction: effects, links, states and answers together.

        What does not fit into its time is left to the next one.
        """
        messages = self._messages(run)
        env = messages.endpoint_id._service_env()
        env = env(context={**env.context, "mfg_memo": Memo()})
        until = time.monotonic() + RUN_SECONDS
        late = shown = self.env["mfg.message"]
        for items in ordering.together(run, self._alike):
            if items[0] is not run[0] and time.monotonic() > until:
                late |= self._messages(items)
                continue
            handler = env["mfg.handler"]._for_type(items[0].type)
            part = env["mfg.message"].browse([item.id for item in items])
            if items[0].policy.shadow:
                self._post_shadow(handler, part, started)
                shown |= self._messages(items)
            else:
                handler._post(part)
        self.env["mfg.message.claim"]._drop(late)
        self._note_posted(messages - late - shown, started)

    def _alike(self, item):
        """Items that a handler may join have one key; others none."""
        return (item.type, item.policy) if item.policy.join else None

    def _note_posted(self, messages, started):
        if not messages:
            return
        messages._transition(
            "posted",
            posted_at=fields.Datetime.now(),
            next_try_at=None,
            error_code=None,
            error_detail=None,
            error_fields=None,
            wanted=None,
        )
        self._call_reversals(messages)
        self._note_attempts(messages, "posted", started)
        self.env["mfg.outbox"]._answer_posted(messages)

    def _post_shadow(self, handler, messages, started):
        """Explain instead of posting: what a new interface would do, risk-free.

        What cannot be posted ends as well, with what it would be parked for: nobody has
        to settle it, and nothing waits behind it.
        """
        for message in self.env["mfg.message"].browse(messages.ids):
            failure, trace = self._rehearse(handler, messages.browse(message.id))
            message._transition(
                "cancelled",
                next_try_at=None,
                error_code=failure.code,
                error_detail=failure.detail,
                error_fields=json.dumps([e.as_dict() for e in failure.errors]),
            )
            shown = None if failure.code == REHEARSED else failure
            self._note_attempts(message, "cancelled", started, shown, trace)

    def _rehearse(self, handler, message):
        """What posting would come to: a Failure with code `rehearsed` when it is good,
        else with its own; and the trace.

        What it looks up, makes and locks is undone: the run must not remember it.

        :raise Exception: somebody is in the way just now; to be tried again
        """
        alone = {"mfg_memo": Memo()}
        try:
            effects = handler.with_context(**alone)._explain(
                message.with_context(**alone)
            )
        except Exception as error:  # classified as when posting
            failure = self._failure(error)
            if failure.failure_class == catalogue.PASSING:
                raise
            detail = self.env._("Rehearsed: %(why)s", why=failure.detail)
            return Failure(failure.code, detail, failure.errors), traceback.format_exc()
        names = ", ".join(effect["name"] for effect in effects) or "-"
        detail = self.env._("Rehearsed: would have touched %(names)s", names=names)
        return Failure(REHEARSED, detail), None

    def _conclude(self, message, failure, trace, started):
        """Write a failure down, in a transaction of its own.

        Drains that park for one cause meet at its issue. If the loser gave up, its
        message would look like one that killed its worker.
        """
        self._racing(lambda: self._finish_failed(message, failure, trace, started))
        if failure.wanted:
            self._racing(lambda: self._look_again(message, failure))

    def _finish_failed(self, message, failure, trace, started):
        """Write down a failure, by its class: try again later, or park.

        What a person settled in the meantime stays as they settled it.
        """
        if message.state not in states.OPEN:
            return
        entry = catalogue.entry_or_internal(failure.code)
        interface = message.interface_id
        tries = message.tries + self.env["mfg.message.claim"]._tries(message)
        if entry.failure_class == "passing" and tries < interface.max_attempts:
            cap = min(interface.retry_cap, entry.longest_pause)
            pause = retry.delay(tries, interface.retry_base, cap)
            moment = fields.Datetime.now() + timedelta(seconds=pause)
            message._transition(
                "retrying",
                error_code=failure.code,
                error_detail=failure.detail,
                next_try_at=moment,
            )
            self._wake_at(moment, message)
        elif entry.failure_class == catalogue.MOOT:
            self._end(message, failure)
        else:
            message._park(failure.code, failure.detail, failure.errors, failure.wanted)
            self.env["mfg.outbox"]._answer_parked(message)
            self._call_reversals(message)
        outcome = "ended" if message.state == "cancelled" else message.state
        self._note_attempts(message, outcome, started, failure, trace)

    def _end(self, message, failure):
        """What it says is out of date: there is nothing for a person to decide."""
        message._transition(
            "cancelled",
            error_code=failure.code,
            error_detail=failure.detail,
            error_fields=json.dumps([error.as_dict() for error in failure.errors]),
            next_try_at=None,
            wanted=None,
        )
        self._call_reversals(message)

    def _look_again(self, message, failure):
        """What a message was refused for may have come while it was being parked.

        Of two that happen at once one sees the other: whoever brings it calls who is
        parked for it; whoever is parked looks for it once more.
        """
        if message.state != "parked":
            return
        if failure.wanted[0] == "event":
            handler = self.env["mfg.handler"]._for_type(ordering.REVERSAL)
            if handler._original(message):
                message._requeue(out_of_turn=True)
        elif self._has_come(message, failure):
            message._requeue()

    def _has_come(self, message, failure):
        """Whether the code that was refused means something else by now."""
        if failure.seen is NOT_SAID:
            return False
        resolver = message.endpoint_id._service_env()["mfg.resolver"]
        means = resolver._means_by_now(message.endpoint_id, *failure.wanted)
        return bool(means) and means != failure.seen

    def _call_reversals(self, messages):
        """Reversals that came before these messages, which are of one endpoint."""
        identity = messages._identity_code
        codes = [identity(message.source, message.event_id) for message in messages]
        # out of turn: what it waited for may have had a later number
        messages._heal("event", codes, messages.endpoint_id, out_of_turn=True)

    def _note_attempts(self, messages, outcome, started, failure=None, trace=None):
        now = fields.Datetime.now()
        elapsed = (now - started).total_seconds() * 1000 if started else 0
        elapsed /= len(messages)  # a run is one transaction
        self.env["mfg.message.attempt"]._insert(
            [
                {
                    "message_id": message.id,
                    "company_id": message.company_id.id,
                    "number": message.attempts,
                    "started_at": started or now,
                    "duration_ms": int(elapsed),
                    "outcome": outcome,
                    "error_code": failure.code if failure else None,
                    "error_detail": failure.detail if failure else None,
                    "trace": trace,
                }
                for message in messages
            ]
        )
