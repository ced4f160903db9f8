# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
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
                self._post_run(self._messages(decision.run))
                progress = True
            elif not (decision.park or decision.heal):
                return progress
        self._release_followers(self._first_of(endpoint_id, key))
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
                SELECT id, state, type, sequence, received_at, next_try_at, expiry_time,
                       error_code, out_of_turn, started_at, interface_id
                FROM mfg_message
                WHERE endpoint_id = %s AND key = %s AND direction = 'in'
                  AND state IN ('queued', 'waiting', 'retrying', 'parked')
                ORDER BY sequence NULLS LAST, id LIMIT %s
                """,
                endpoint_id,
                key,
                ITEMS_PER_KEY,
            )
        )
        return [self._item(*row) for row in rows]

    def _item(self, id_, state, type_, sequence, received, next_try, expiry, *rest):
        code, out_of_turn, started, interface_id = rest
        return ordering.Item(
            id=id_,
            state=state,
            type=type_,
            sequence=None if sequence is None else int(sequence),
            received_at=received,
            next_try_at=next_try,
            expiry=expiry,
            code=code,
            out_of_turn=bool(out_of_turn),
            crashed=started is not None,
            policy=self._policy(self.env["mfg.interface"].browse(interface_id)),
        )

    def _policy(self, interface):
        return ordering.Policy(
            hold=interface.order_policy != "continue",
            counted=interface.sequence_scope != "source",
            gap=timedelta(seconds=interface.gap_seconds),
            gap_parks=interface.gap_policy != "continue",
            join=interface.join,
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

    def _first_of(self, endpoint_id, key):
        return self.env["mfg.message"].search(
            [("endpoint_id", "=", endpoint_id), ("key", "=", key)], limit=1
        )

    @api.model
    def _release_followers(self, messages):
        """Queue again what waited behind these messages; the drain decides anew."""
        keys = {(m.endpoint_id.id, m.key) for m in messages if m.key}
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

    def _post_run(self, messages):
        """Post a run as one; when it fails as one, each on its own.

        Singly, the good ones before the bad one take effect and the bad one shows
        its own error.
        """
        started = fields.Datetime.now()
        if not self._claim(messages, started):
            return
        failure, trace = self._try(messages, started)
        if failure is None:
            return
        if len(messages) == 1:
            self._conclude(messages, failure, trace, started)
            return
        messages._transition(
            "queued",
            started_at=None,
            attempts=SQL("attempts - 1"),
            tries=SQL("tries - 1"),
        )
        self._checkpoint()
        for message in messages:
            self._post_run(message)
            if message.state != "posted":
                return

    def _claim(self, messages, started):
        """Note durably that posting begins; False when it must not.

        The note outlives a crash: a message that kills its worker each time is
        found out by its count and parked.
        """
        limit = messages[:1].interface_id.max_attempts or 1
        poison = len(messages) == 1 and messages.started_at and messages.tries >= limit
        if poison:
            detail = self.env._(
                "Posting this message stopped the server %(count)s times.",
                count=messages.tries,
            )
            self._conclude(messages, Failure("internal", detail), None, started)
            return False
        if not self._note_claim(messages, started):
            self._checkpoint_after_failure()  # a person was faster: decide anew
            return False
        self._checkpoint()
        return True

    def _note_claim(self, messages, started):
        """Whether all of them could still be claimed."""
        try:
            claimed = self.env.execute_query(
                SQL(
                    "UPDATE mfg_message SET started_at = %s,"
                    " attempts = COALESCE(attempts, 0) + 1,"
                    " tries = COALESCE(tries, 0) + 1"
                    " WHERE id IN %s AND state IN %s RETURNING id",
                    started,
                    tuple(messages.ids),
                    OPEN_STATES,
                )
            )
        except psycopg2.errors.SerializationFailure:
            return False
        messages.invalidate_recordset()
        return len(claimed) == len(messages)

    def _try(self, messages, started):
        """Post and commit; returns (failure, trace), (None, None) when posted."""
        try:
            self._racing(lambda: self._post_messages(messages, started))
        except Exception as error:  # classified: nothing may stop the drain
            return self._failure(error), traceback.format_exc()
        return None, None

    def _racing(self, step):
        """Take a step in a savepoint and commit it.

        Of two transactions that collide, the loser repeats it at once: its fresh
        snapshot sees the winner.
        """
        for race in range(RACES):
            try:
                with self.env.cr.savepoint():
                    step()
                break
            except Exception as error:
                if not self._is_race(error) or race == RACES - 1:
                    raise
                self._checkpoint_after_failure()
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

    def _post_messages(self, messages, started):
        """The posting transaction: effect, links, state and answers together."""
        head = messages[0]
        env = head.endpoint_id._service_env()
        env = env(context={**env.context, "mfg_memo": Memo()})
        handler = env["mfg.handler"]._for_type(head.type)
        if head.interface_id.shadow:
            self._post_shadow(handler, messages, started)
            return
        handler._post(env["mfg.message"].browse(messages.ids))
        self.env.flush_all()
        now = fields.Datetime.now()
        messages._transition(
            "posted",
            posted_at=now,
            started_at=None,
            next_try_at=None,
            error_code=None,
            error_detail=None,
            error_fields=None,
            wanted=None,
        )
        self._note_attempts(messages, "posted", started)
        self.env["mfg.outbox"]._answer_posted(messages)

    def _post_shadow(self, handler, messages, started):
        """Explain instead of posting: what a new interface would do, risk-free."""
        for message in messages:
            effects = handler._explain(handler.env["mfg.message"].browse(message.id))
            names = ", ".join(effect["name"] for effect in effects) or "-"
            detail = self.env._("Shadow: would have touched %(names)s", names=names)
            message._transition("cancelled", error_detail=detail, started_at=None)
        self._note_attempts(messages, "cancelled", started)

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
