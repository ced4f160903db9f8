# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import itertools
import logging
import random
import time
import traceback
from datetime import timedelta

import psycopg2
from psycopg2 import errorcodes

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, LockError, UserError
from odoo.tools import SQL

from ..engine import catalogue, ordering, retry
from ..engine.failure import Failure
from .mfg_message import OPEN_STATES
from .mfg_resolver import Memo

_logger = logging.getLogger(__name__)

PASSING_PG_CODES = (
    errorcodes.SERIALIZATION_FAILURE,
    errorcodes.DEADLOCK_DETECTED,
    errorcodes.LOCK_NOT_AVAILABLE,
    errorcodes.QUERY_CANCELED,
)
ITEMS_PER_KEY = 500
ISSUE_CAUSE = "mfg_issue_cause_unique"
RACES = 5  # how often a collision is tried again at once before it is put off


class MfgDrainKey(models.AbstractModel):
    """The drain of one key: decide, claim, post, and write down how it ended."""

    _inherit = "mfg.drain"

    def _drain_key(self, endpoint_id, key, deadline):
        """Post what is due of one key, in order, until nothing more may go.

        Returns whether anything was done.
        """
        progress = False
        while time.monotonic() < deadline:
            decision = self._decide(endpoint_id, key)
            progress |= self._settle(decision)
            if decision.run:
                self._post_run(decision.run)
                progress = True
            elif not (decision.park or decision.heal):
                return progress
        self._release_followers({(endpoint_id, key)})
        self._checkpoint()
        return progress

    def _decide(self, endpoint_id, key):
        items = self._items(endpoint_id, key)
        last = self._last_sequence(endpoint_id, key, items)
        return ordering.decide(items, last, fields.Datetime.now())

    def _items(self, endpoint_id, key):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.id, m.state, m.type, m.sequence::bigint, m.received_at,
                       m.next_try_at, m.expiry_time, m.error_code,
                       coalesce(m.out_of_turn, false), m.started_at IS NOT NULL,
                       coalesce(m.tries, 0),
                       i.order_policy, i.sequence_scope, i.gap_seconds, i.gap_policy,
                       i.join, i.max_attempts, i.shadow
                  FROM mfg_message m LEFT JOIN mfg_interface i ON i.id = m.interface_id
                 WHERE m.endpoint_id = %s AND m.key = %s AND m.direction = 'in'
                   AND m.state IN ('queued', 'waiting', 'retrying', 'parked')
                 ORDER BY m.sequence NULLS LAST, m.id LIMIT %s
                """,
                endpoint_id,
                key,
                ITEMS_PER_KEY,
            )
        )
        return [
            ordering.Item(*row[:11], policy=self._policy(*row[11:])) for row in rows
        ]

    def _policy(self, order, scope, gap, gap_policy, join, max_attempts, shadow):
        return ordering.Policy(
            hold=order != "continue",
            counted=scope != "source",
            gap=timedelta(seconds=gap or 0),
            gap_parks=gap_policy != "continue",
            join=bool(join),
            max_attempts=max_attempts or 1,
            shadow=bool(shadow),
        )

    def _last_sequence(self, endpoint_id, key, items):
        if all(item.sequence is None for item in items):
            return None
        [(last,)] = self.env.execute_query(
            SQL(
                "SELECT max(sequence) FROM mfg_message WHERE endpoint_id = %s"
                " AND key = %s AND direction = 'in'"
                " AND state IN ('posted', 'cancelled')",
                endpoint_id,
                key,
            )
        )
        return None if last is None else int(last)

    def _messages(self, items):
        return self.env["mfg.message"].browse([item.id for item in items])

    @api.model
    def _release_followers(self, keys):
        """Queue again what waits in these keys; the drain decides anew."""
        for endpoint_id, key in keys:
            self.env["mfg.message"].search(
                [
                    ("endpoint_id", "=", endpoint_id),
                    ("key", "=", key),
                    ("direction", "=", "in"),
                    ("state", "=", "waiting"),
                ]
            )._transition("queued", next_try_at=None)

    # -- acting on a decision ------------------------------------------------------

    def _settle(self, decision):
        """Everything a decision says besides posting; whether it said anything."""
        for item, code in decision.park:
            entry = catalogue.entry(code)
            self._conclude(
                self._messages([item]), Failure(code, entry.title), None, None
            )
        self._messages(decision.heal)._transition("queued", error_code=None)
        if decision.gap:
            self.env["mfg.issue"]._alert_gap(self._messages([decision.gap]))
        held = self._hold(decision)
        settled = bool(decision.park or decision.heal or held)
        if settled or decision.gap:
            self._checkpoint()
        return settled

    def _hold(self, decision):
        """Take followers out of the drain's sight until their turn comes."""
        held = [i for i in decision.wait if i.state == "queued"]
        until = decision.wait_until
        first = decision.wait[:1] if until else []
        if first and first[0].state in ("queued", "waiting"):
            self._messages(first)._transition("waiting", next_try_at=until)
            self._wake_at(until, self._messages(first))
            held = [i for i in held if i.id != first[0].id]
        self._messages(held)._transition("waiting", next_try_at=None)
        return bool(held or first)

    # -- posting -------------------------------------------------------------------

    def _post_run(self, run):
        """Post a run in one transaction; when it fails, each message on its own.

        Singly, the good ones before the bad one take effect and the bad one shows
        its own error.

        :param run: items of a decision
        :return: whether all of it is posted
        """
        started = fields.Datetime.now()
        if not self._claim(run, started):
            return False
        failure, trace = self._try(run, started)
        if failure is None:
            return True
        messages = self._messages(run)
        if len(run) == 1:
            self._conclude(messages, failure, trace, started)
            return False
        messages._transition(
            "queued",
            started_at=None,
            attempts=SQL("attempts - 1"),
            tries=SQL("tries - 1"),
        )
        self._checkpoint()
        return all(self._post_run([item]) for item in run)

    def _claim(self, run, started):
        """Note durably that posting begins; False when it must not.

        The note outlives a crash: a message that kills its worker each time is
        found out by its count and parked.
        """
        head = run[0]
        if head.crashed and head.tries >= head.policy.max_attempts:
            detail = self.env._(
                "Posting this message stopped the server %(count)s times.",
                count=head.tries,
            )
            failure = Failure("internal", detail)
            self._conclude(self._messages([head]), failure, None, started)
            return False
        if not self._note_claim([item.id for item in run], started):
            self._checkpoint_after_failure()  # a person was faster: decide anew
            return False
        self._checkpoint()
        return True

    def _note_claim(self, ids, started):
        """Whether all of them could still be claimed.

        Not waiting for the disk: a claim that is lost with the whole database was
        followed by no posting that is not lost as well.
        """
        try:
            claimed = self.env.execute_query(
                SQL(
                    "SET LOCAL synchronous_commit TO off;"
                    " UPDATE mfg_message SET started_at = %s,"
                    " attempts = COALESCE(attempts, 0) + 1,"
                    " tries = COALESCE(tries, 0) + 1"
                    " WHERE id IN %s AND state IN %s RETURNING id",
                    started,
                    tuple(ids),
                    OPEN_STATES,
                )
            )
        except psycopg2.errors.SerializationFailure:
            return False
        self.env["mfg.message"].browse(ids).invalidate_recordset()
        return len(claimed) == len(ids)

    def _try(self, run, started):
        """Post and commit; returns (failure, trace), (None, None) when posted."""
        try:
            self._racing(lambda: self._post_messages(run, started))
        except Exception as error:  # classified: nothing may stop the drain
            return self._failure(error), traceback.format_exc()
        return None, None

    def _racing(self, step):
        """Take a step and commit it, or take it back.

        Of two transactions that collide, the loser repeats it at once: its fresh
        snapshot sees the winner.
        """
        for race in range(RACES):
            try:
                with self._undoable():
                    step()
                    self.env.flush_all()
                break
            except Exception as error:
                self._checkpoint_after_failure()
                if not self._is_race(error) or race == RACES - 1:
                    raise
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
        """The posting transaction: effects, links, states and answers together."""
        messages = self._messages(run)
        env = messages.endpoint_id._service_env()
        env = env(context={**env.context, "mfg_memo": Memo()})
        for items in self._alike(run):
            handler = env["mfg.handler"]._for_type(items[0].type)
            part = env["mfg.message"].browse([item.id for item in items])
            if items[0].policy.shadow:
                self._post_shadow(handler, part, started)
                messages -= self._messages(items)
            else:
                handler._post(part)
        self._note_posted(messages, started)

    def _alike(self, run):
        """Lists of consecutive items that a handler may join; else each alone."""
        return [
            list(items)
            for _key, items in itertools.groupby(
                run, lambda i: (i.type, i.policy, i.policy.join or i.id)
            )
        ]

    def _note_posted(self, messages, started):
        if not messages:
            return
        self.env.flush_all()
        self._note_attempts(messages, "posted", started)
        self.env["mfg.outbox"]._answer_posted(messages)
        messages._transition(
            "posted",
            posted_at=fields.Datetime.now(),
            started_at=None,
            next_try_at=None,
            error_code=None,
            error_detail=None,
            error_fields=None,
            wanted=None,
        )

    def _post_shadow(self, handler, messages, started):
        """Explain instead of posting: what a new interface would do, risk-free."""
        for message in self.env["mfg.message"].browse(messages.ids):
            effects = handler._explain(messages.browse(message.id))
            names = ", ".join(effect["name"] for effect in effects) or "-"
            detail = self.env._("Shadow: would have touched %(names)s", names=names)
            self._note_attempts(message, "cancelled", started)
            message._transition("cancelled", error_detail=detail, started_at=None)

    def _conclude(self, message, failure, trace, started):
        """Write a failure down, in a transaction of its own.

        Drains that park for one cause meet at its issue. If the loser gave up, its
        message would look like one that killed its worker.
        """
        self._racing(lambda: self._finish_failed(message, failure, trace, started))

    def _finish_failed(self, message, failure, trace, started):
        """Write down a failure, by its class: try again later, or park."""
        entry = catalogue.entry_or_internal(failure.code)
        interface = message.interface_id
        passing = entry.failure_class == "passing"
        if passing and message.tries < interface.max_attempts:
            pause = retry.delay(
                message.tries, interface.retry_base, interface.retry_cap
            )
            moment = fields.Datetime.now() + timedelta(seconds=pause)
            message._transition(
                "retrying",
                error_code=failure.code,
                error_detail=failure.detail,
                started_at=None,
                next_try_at=moment,
            )
            self._wake_at(moment, message)
        else:
            message._park(failure.code, failure.detail, failure.errors, failure.wanted)
            self.env["mfg.outbox"]._answer_parked(message)
        outcome = "retrying" if message.state == "retrying" else "parked"
        self._note_attempts(message, outcome, started, failure, trace)

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
