# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What has to hold after every fault (reference/reliability.md), asked by SQL."""

import time

RUNNER_LOCK = 2293787760715711918  # PG_ADVISORY_LOCK_ID of queue_job's runner
LOCKS_SECONDS = 5  # a drain that found nothing to do is about to end
SHARED = """
    SELECT l.res_model, l.res_id, count(DISTINCT l.message_id),
           sum((l.undo ->> 'quantity')::numeric), max(b.quantity)
    FROM mfg_message_link l LEFT JOIN stock_move_line b
      ON l.res_model = 'stock.move.line' AND b.id = l.res_id
    WHERE l.role = 'created' AND l.message_id IN %s
    GROUP BY 1, 2 HAVING count(DISTINCT l.message_id) > 1
       AND abs(sum((l.undo ->> 'quantity')::numeric) - max(b.quantity)) < 0.005
       IS NOT TRUE
"""
ANSWERS = """
    SELECT m.event_id, m.state, count(o.id) FROM mfg_message m LEFT JOIN mfg_message o
      ON o.direction = 'out' AND o.endpoint_id = m.endpoint_id
     AND o.type = 'mfg.event.posted.v1' AND o.causation_id = m.event_id
    WHERE m.endpoint_id = %s AND m.direction = 'in' AND m.state <> 'rejected'
    GROUP BY 1, 2 HAVING count(o.id) <> (CASE m.state WHEN 'posted' THEN 1 ELSE 0 END)
"""
QUANTS = """
    SELECT p.default_code, l.complete_name, sum(amount) FROM (
        SELECT product_id, location_id, quantity AS amount FROM stock_quant
        UNION ALL
        SELECT product_id, location_dest_id, -quantity_product_uom
        FROM stock_move_line WHERE state = 'done'
        UNION ALL
        SELECT product_id, location_id, quantity_product_uom
        FROM stock_move_line WHERE state = 'done') moved
    JOIN product_product p ON p.id = moved.product_id
    JOIN product_template t ON t.id = p.product_tmpl_id AND t.is_storable
    JOIN stock_location l ON l.id = moved.location_id
    GROUP BY 1, 2 HAVING abs(sum(amount)) >= 0.01
"""


class Invariants:
    """The invariants of one endpoint's messages.

    :param acknowledged: ids of the events that were said to be stored
    """

    def __init__(self, world, endpoint, acknowledged):
        self.world, self.endpoint = world, endpoint
        self.acknowledged = set(acknowledged)
        rows = self._rows(
            "SELECT event_id, count(*), min(id), min(state) FROM mfg_message"
            " WHERE endpoint_id = %s AND direction = 'in' AND state <> 'rejected'"
            " GROUP BY event_id",
            endpoint.id,
        )
        self.stored = {row[0]: row[1] for row in rows}
        self.posted = tuple(row[2] for row in rows if row[3] == "posted")
        self.checks = {
            "nothing is left to do": self.world.still_open,
            "acknowledged is stored": self._lost,
            "stored once": self._stored_twice,
            "exactly one successful attempt": self._attempts,
            "posted with a trace": self._traceless,
            "a record is linked once": self._linked_twice,
            "shares add up to what was made": self._shares,
            "exactly one answer": self._answers,
            "stock is the sum of its moves": self._stock,
            "no drain's lock is left": self._locks,
        }

    def violations(self):
        """Invariant -> what violates it, for people to read."""
        found = {name: check() for name, check in self.checks.items()}
        return {name: rows for name, rows in found.items() if rows}

    def _rows(self, query, *values):
        return self.world.rows(query, *values)

    def _of_posted(self, query):
        return self._rows(query, self.posted or (0,))

    def _lost(self):
        return sorted(self.acknowledged - set(self.stored))

    def _stored_twice(self):
        return [event_id for event_id, count in self.stored.items() if count != 1]

    def _attempts(self):
        return self._of_posted(
            "SELECT m.id, count(a.id) FROM mfg_message m"
            " LEFT JOIN mfg_message_attempt a ON a.message_id = m.id"
            " AND a.outcome = 'posted' WHERE m.id IN %s"
            " GROUP BY m.id HAVING count(a.id) <> 1"
        )

    def _traceless(self):
        return self._of_posted(
            "SELECT m.id, m.type FROM mfg_message m WHERE m.id IN %s AND NOT EXISTS"
            " (SELECT 1 FROM mfg_message_link l WHERE l.message_id = m.id)"
        )

    def _linked_twice(self):
        return self._of_posted(
            "SELECT message_id, res_model, res_id, role, count(*) FROM mfg_message_link"
            " WHERE message_id IN %s AND role = 'created'"
            " GROUP BY 1, 2, 3, 4 HAVING count(*) > 1"
        )

    def _shares(self):
        """A record made by several messages is what their shares add up to."""
        return self._of_posted(SHARED)

    def _answers(self):
        """Posted is told once; what is not posted is not told to be."""
        return self._rows(ANSWERS, self.endpoint.id)

    def _stock(self):
        return self._rows(QUANTS)

    def _locks(self):
        """Advisory locks that nobody should hold any more."""
        deadline = time.monotonic() + LOCKS_SECONDS
        while (left := advisory_locks(self.world)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return left


def advisory_locks(world):
    """(backend, client port, transaction id if it has written) per drain's lock."""
    return world.rows(
        "SELECT DISTINCT a.pid, a.client_port, a.backend_xid::text"
        " FROM pg_locks l JOIN pg_stat_activity a"
        " ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted"
        " AND a.datname = %s AND (l.classid::bigint << 32) + l.objid::bigint <> %s",
        world.db,
        RUNNER_LOCK,
    )


def runner_backends(world):
    """(backend, client port) of the job runner: who holds queue_job's lock."""
    return world.rows(
        "SELECT a.pid, a.client_port FROM pg_locks l JOIN pg_stat_activity a"
        " ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted"
        " AND a.datname = %s"
        " AND (l.classid::bigint << 32) + l.objid::bigint = %s",
        world.db,
        RUNNER_LOCK,
    )
