# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import catalogue, ordering
from ..engine.failure import Failure

ITEMS_PER_KEY = 500


class MfgDrainKey(models.AbstractModel):
    """The drain of one key: decide what may go, hold back the rest, claim, post."""

    _inherit = "mfg.drain"

    def _drain_key(self, endpoint_id, key, deadline):
        """Post what is due of one key, in order, until nothing more may go.

        Who was held back is decided on once more, after that commit: what it waits for
        may have been settled meanwhile. See ``mfg.message._wake`` for the other half.
        Returns whether anything was done.
        """
        progress = False
        while time.monotonic() < deadline:
            decision = self._decide(endpoint_id, key)
            settled = self._settle(decision)
            progress |= settled
            if decision.run:
                self._keep_in_sight(decision.mark)
                self._post_run(decision.run)
                progress = True
            elif not settled:
                return progress
        self._release_followers({(endpoint_id, key)})
        self._checkpoint()
        return progress

    def _decide(self, endpoint_id, key):
        """Decide by the first messages of a key, which is enough for a run.

        Before any is held back, all are read that a drain could still see, and the
        reversals, of which one may end the wait.
        """
        rows = self._rows(endpoint_id, key, self._sql_first())
        decision = self._decision(endpoint_id, key, rows)
        is_cut = sum(row[1] != "parked" for row in rows) >= ITEMS_PER_KEY
        if decision.wait and is_cut:
            rows += self._rows(endpoint_id, key, self._sql_more())
            decision = self._decision(endpoint_id, key, rows)
        return decision

    def _decision(self, endpoint_id, key, rows):
        revoked = self._revoked(rows)
        items = [
            ordering.Item(
                *row[:11], policy=self._policy(*row[11:]), revoked=row[0] in revoked
            )
            for row in rows
        ]
        last = self._last_sequence(endpoint_id, key, items)
        return ordering.decide(items, last, self._now())

    def _rows(self, endpoint_id, key, which):
        return self.env.execute_query(
            SQL(
                """
                SELECT m.id, m.state, m.type, m.sequence::bigint, m.received_at,
                       m.next_try_at, m.expiry_time, m.error_code,
                       coalesce(m.out_of_turn, false), c.id IS NOT NULL,
                       coalesce(m.tries, 0) + coalesce(c.tries, 0),
                       i.order_policy, i.sequence_scope, i.gap_seconds, i.gap_policy,
                       i.join, i.max_attempts, i.shadow OR i.stage = 'proposed'
                  FROM (SELECT *, row_number() OVER (
                                PARTITION BY state = 'parked' ORDER BY sequence, id
                            ) AS place
                          FROM mfg_message
                         WHERE endpoint_id = %s AND key = %s AND direction = 'in'
                           AND state IN ('queued', 'waiting', 'retrying', 'parked')) m
                       LEFT JOIN mfg_interface i ON i.id = m.interface_id
                       LEFT JOIN mfg_message_claim c ON c.message_id = m.id
                 WHERE %s
                """,
                endpoint_id,
                key,
                which,
            )
        )

    def _sql_first(self):
        """The first that are open, and of what is parked all that others heed: it holds
        them back, or has a number. The rest may be many and must not fill the room."""
        return SQL(
            """
            CASE WHEN m.state <> 'parked' THEN m.place <= %s
                 ELSE m.sequence IS NOT NULL
                      OR (m.out_of_turn IS NOT TRUE
                          AND i.order_policy IS DISTINCT FROM 'continue') END
            """,
            ITEMS_PER_KEY,
        )

    def _sql_more(self):
        """Of the other open ones: what a drain could see, and reversals."""
        return SQL(
            "m.state <> 'parked' AND m.place > %s"
            " AND (m.state = 'queued' OR m.next_try_at IS NOT NULL OR m.type = %s)",
            ITEMS_PER_KEY,
            ordering.REVERSAL,
        )

    def _revoked(self, rows):
        """The parked messages of a key whose reversal waits in the same key (ids)."""
        reversals = [row[0] for row in rows if row[2] == ordering.REVERSAL]
        if not reversals or all(row[1] != "parked" for row in rows):
            return set()
        handler = self.env["mfg.handler"]._for_type(ordering.REVERSAL)
        messages = self.env["mfg.message"].browse(reversals)
        return {handler._original(message).id for message in messages}

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
        """Queue again what waits in these keys; the drain decides anew.

        :return: what was queued
        """
        released = self.env["mfg.message"]
        for endpoint_id, key in keys:
            released |= released.search(
                [
                    ("endpoint_id", "=", endpoint_id),
                    ("key", "=", key),
                    ("direction", "=", "in"),
                    ("state", "=", "waiting"),
                ]
            )
        released._transition("queued", next_try_at=None)
        return released

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
        """Take followers out of the drain's sight until their turn comes.

        If the server stopped while they were in hand, it was not for one of them.
        Returns whether anything changed: else a drain would look again at once.
        """
        in_hand = [item for item in decision.wait if item.crashed]
        self.env["mfg.message.claim"]._drop(self._messages(in_hand))
        until, followers = decision.wait_until, decision.wait
        timed = self._messages([])
        if until:
            [first, *followers] = followers
            if first.next_try_at != until:
                timed = self._messages([first])
                timed._transition("waiting", next_try_at=until)
                self._wake_at(until, timed)
        held = [i for i in followers if i.state == "queued" or i.next_try_at]
        self._messages(held)._transition("waiting", next_try_at=None)
        return bool(held or timed or in_hand)

    def _keep_in_sight(self, mark):
        """What waits does so out of sight. If the server stops after this run, the
        sweep must find the key, though what it waited for has ended."""
        if mark.state == "waiting":
            self._messages([mark])._transition("queued", next_try_at=None)

    # -- posting -------------------------------------------------------------------

    def _post_run(self, run):
        """Post a run in one transaction; when it fails, each message on its own.

        Singly, the good ones before the bad one take effect and the bad one shows
        its own error.

        :param run: items of a decision
        :return: whether all of it is posted
        """
        started = fields.Datetime.now()
        if not self._claim(run):
            return False
        failure, trace = self._try(run, started)
        if failure is None:
            return True
        messages = self._messages(run)
        if len(run) == 1:
            self._conclude(messages, failure, trace, started)
            return False
        self.env["mfg.message.claim"]._drop(messages)
        self._checkpoint()
        return all(self._post_run([item]) for item in run)

    def _claim(self, run):
        """Note durably that posting begins; False when it must not.

        The note outlives a crash. After the first one a message is posted alone, after
        more of them later and later: it may stop its server each time, or be in its
        hands by chance when something else does.
        """
        head = run[0]
        if head.crashed and head.tries > 1:
            detail = self.env._(
                "The server stopped %(count)s times while it posted this message.",
                count=head.tries,
            )
            failure = Failure("server-stopped", detail)
            self._conclude(self._messages([head]), failure, None, None)
            return False
        if not self.env["mfg.message.claim"]._begin([item.id for item in run]):
            self._checkpoint_after_failure()  # a person was faster: decide anew
            return False
        self._checkpoint()
        return True
