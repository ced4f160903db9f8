# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import math
import time

from odoo import fields, models
from odoo.tools import SQL, groupby

from ..engine import guard
from ..tools.push_crew import Letter, Target

AT_ONCE = 50  # messages of one endpoint in hand
RUN = 10  # messages of one key that go out one after another in one thread


class MfgPush(models.AbstractModel):
    """What may go out now: per endpoint and key, in order."""

    _inherit = "mfg.push"

    def _due(self, flying, left_out=()):
        """What goes out, and for whom nothing more does.

        :return: ([(target, runs of letters of one key each)], ids of endpoints,
            seconds until the first rate allows another; infinite without one, 0 when
            all of it was parked, which makes room for others)

        :param flying: endpoint id -> keys under way, which wait for their turn
        :param left_out: ids of endpoints that get nothing
        """
        endpoints = self._open_endpoints()
        healths = self.env["mfg.push.health"]._of(endpoints)
        now = time.time()
        called_off = {
            id_
            for id_, keys in flying.items()
            if keys and (id_ not in healths or healths[id_]._is_resting(now))
        }
        rooms = {
            id_: room
            for id_, health in healths.items()
            if id_ not in left_out
            and (room := self._room(health, len(flying.get(id_, ())), now)) > 0
        }
        rows = self._due_ids(rooms, flying) if rooms else []
        targets = self._targets(endpoints.browse({id_ for id_, _message in rows}))
        due = []
        for endpoint_id, group in groupby(rows, lambda row: row[0]):
            runs = self._runs([message_id for _endpoint, message_id in group])
            if runs:
                healths[endpoint_id]._note_sending(sum(map(len, runs)), now)
                due.append((targets[endpoint_id], runs))
        paced = [health._paced(now) for health in healths.values()]
        soonest = min((wait for wait in paced if wait > 0), default=math.inf)
        return due, called_off, 0.0 if rows and not due else soonest

    def _open_endpoints(self):
        return self.env["mfg.endpoint"].search(
            [
                ("delivery", "=", "push"),
                ("state", "=", "active"),
                ("push_state", "=", "active"),
                ("push_url", "!=", False),
                ("push_secret_at", "!=", False),
            ]
        )

    def _room(self, health, in_hand, now):
        """How many messages more may be in hand."""
        allowed = health._room(now)
        return (AT_ONCE if allowed is None else allowed) - in_hand

    def _due_ids(self, rooms, flying):
        """[(endpoint id, message id)], by endpoint and then in order.

        What is retrying or parked holds back what follows it in its key, and nothing
        else; so does what is under way.
        """
        pairs = [(id_, key) for id_, keys in flying.items() for key in keys]
        away = tuple(zip(*pairs, strict=True)) if pairs else ((), ())
        return self.env.execute_query(
            SQL(
                """
                SELECT e.id, due.id
                FROM unnest(%s::int[], %s::int[]) AS e (id, room)
                CROSS JOIN LATERAL (
                    SELECT m.id FROM mfg_message m
                    WHERE m.endpoint_id = e.id AND m.direction = 'out' AND %s
                      AND (m.endpoint_id, m.key) NOT IN (
                          SELECT * FROM unnest(%s::int[], %s::varchar[]))
                    ORDER BY m.id LIMIT e.room
                ) due ORDER BY e.id, due.id
                """,
                list(rooms),
                list(rooms.values()),
                self._sql_sendable(),
                list(away[0]),
                list(away[1]),
            )
        )

    def _sql_sendable(self):
        now = fields.Datetime.now()
        return SQL(
            """
            m.state IN ('queued', 'retrying', 'sent')
            AND (m.next_try_at IS NULL OR m.next_try_at <= %s)
            AND NOT EXISTS (
                SELECT 1 FROM mfg_message b
                WHERE b.endpoint_id = m.endpoint_id AND b.key = m.key AND b.id < m.id
                  AND b.direction = 'out'
                  AND ((b.state = 'retrying' AND b.next_try_at > %s)
                       OR (b.state = 'parked' AND NOT coalesce(b.out_of_turn, FALSE)
                           AND %s)))
            """,
            now,
            now,
            self._sql_holds(),
        )

    def _sql_holds(self):
        """Whether a parked message holds back its followers."""
        return SQL(
            "NOT EXISTS (SELECT 1 FROM mfg_interface i WHERE i.id = b.interface_id"
            " AND i.order_policy = 'continue')"
        )

    def _runs(self, ids):
        """Letters by key, each key's in order."""
        # by SQL's order; one read for all
        messages, runs, chosen = self.env["mfg.message"].browse(ids), {}, []
        for message in messages:
            run = runs.setdefault(message.key, [])
            if len(run) < RUN:
                run.append(message)
                chosen.append(message)
        written = dict(self.env["mfg.outbox"]._written(chosen, self._letter))
        runs = [[written[m] for m in run if m in written] for run in runs.values()]
        return [run for run in runs if run]

    def _letter(self, message):
        outbox = self.env["mfg.outbox"]
        content_type, text = outbox._rendered(message)
        ending = self.env["mfg.contract"]._ending_headers([message.type], True)
        headers = (*outbox._headers(message, content_type), *ending)
        name = message.event_id
        return Letter(
            message.id, message.key, name, content_type, text.encode(), headers
        )

    def _targets(self, endpoints):
        secrets = self.env["mfg.push.secret"]._alive(endpoints)
        return {
            endpoint.id: Target(
                endpoint.id,
                endpoint.push_url,
                endpoint.push_profile,
                secrets[endpoint.id],
                guard.networks(endpoint.push_networks),
            )
            for endpoint in endpoints
        }

    # -- when next -----------------------------------------------------------------

    def _next_moment(self):
        """When something may be sent again, None when nothing waits."""
        endpoints = self._open_endpoints()
        if not endpoints:
            return None
        healths = self.env["mfg.push.health"]._of(endpoints)
        now = fields.Datetime.now()
        moments = [
            max(moment or now, healths[endpoint_id]._next_moment() or now, now)
            for endpoint_id, moment in self._next_tries(endpoints)
        ]
        return min(moments, default=None)

    def _next_tries(self, endpoints):
        """(endpoint id, when the first of its messages is due; None: now)."""
        return self.env.execute_query(
            SQL(
                """
                SELECT e.id, due.next_try_at
                FROM unnest(%s::int[]) AS e (id)
                CROSS JOIN LATERAL (
                    (SELECT NULL::timestamp AS next_try_at FROM mfg_message m
                     WHERE m.endpoint_id = e.id AND m.direction = 'out' AND %s LIMIT 1)
                    UNION ALL
                    SELECT min(m.next_try_at) FROM mfg_message m
                    WHERE m.endpoint_id = e.id AND m.direction = 'out'
                      AND m.state = 'retrying' AND m.next_try_at > %s
                    HAVING min(m.next_try_at) IS NOT NULL
                ) due
                """,
                endpoints.ids,
                self._sql_sendable(),
                fields.Datetime.now(),
            )
        )
