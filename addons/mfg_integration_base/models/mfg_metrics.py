# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.tools import SQL

from ..engine import states
from ..engine.prometheus import Family, Sample


class MfgMetrics(models.AbstractModel):
    """Numbers for Prometheus, read from the log when asked.

    What has not ended well is counted, whatever the size of the log: an index has it.
    What must only rise comes from the tables' id sequences, which nothing ever lowers.
    """

    _name = "mfg.metrics"
    _description = "Plant Integration Metrics"

    @api.model
    def _families(self, endpoint=None):
        """Metric families, of one endpoint or, for whoever watches the server, of all.

        Read in SQL: the service user has no access to the log, and one plant's key
        must not show another plant's numbers.
        """
        only = SQL("m.endpoint_id = %s", endpoint.id) if endpoint else SQL("TRUE")
        families = [self._messages(only), self._parked_age(only), self._open_age(only)]
        families += self._deliveries(only)
        if not endpoint:
            families += [self._jobs(), *self._counters()]
        return families

    def _messages(self, only):
        rows = self.env.execute_query(
            SQL(
                "SELECT e.code, m.direction, coalesce(m.type, ''), m.state, count(*)"
                "  FROM mfg_message m JOIN mfg_endpoint e ON e.id = m.endpoint_id"
                " WHERE m.state NOT IN ('posted', 'acknowledged') AND %s"
                " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
                only,
            )
        )
        labels = ("endpoint", "direction", "type", "state")
        text = "Messages neither posted nor acknowledged, by endpoint, type and state."
        return Family("mfg_messages", "gauge", text, self._samples(labels, rows))

    def _open_age(self, only):
        rows = self._ages(
            SQL(
                "%s AND ((m.direction = 'in' AND m.state IN %s)"
                " OR (m.direction = 'out' AND m.state IN %s))",
                only,
                states.OPEN,
                states.UNDELIVERED,
            )
        )
        text = "Age of the oldest message that has not ended, by lane."
        name = "mfg_oldest_open_message_age_seconds"
        return Family(name, "gauge", text, self._samples(("lane", "direction"), rows))

    def _parked_age(self, only):
        rows = self._ages(SQL("%s AND m.state = 'parked'", only))
        text = "Age of the oldest message that waits for a person, by lane."
        name = "mfg_oldest_parked_message_age_seconds"
        return Family(name, "gauge", text, self._samples(("lane", "direction"), rows))

    def _ages(self, condition):
        return self.env.execute_query(
            SQL(
                "SELECT m.lane, m.direction,"
                " extract(epoch FROM now() AT TIME ZONE 'utc' - min(m.received_at))"
                "  FROM mfg_message m WHERE %s GROUP BY 1, 2 ORDER BY 1, 2",
                condition,
            )
        )

    def _deliveries(self, only):
        """Of endpoints that Odoo pushes to."""
        health = self.env["mfg.push.health"]._sql_rows(only)
        rows = self.env.execute_query(health)
        return [
            self._push_attempts(rows),
            self._push_breakers(rows),
            self._undelivered_age(only),
        ]

    def _push_attempts(self, rows):
        ends = [
            row
            for code, _state, delivered, failed in rows
            for row in ((code, "delivered", delivered), (code, "failed", failed))
        ]
        text = "Attempts at pushing a message, by how they ended."
        samples = self._samples(("endpoint", "outcome"), ends)
        return Family("mfg_push_attempts_total", "counter", text, samples)

    def _push_breakers(self, rows):
        field = self.env["mfg.push.health"]._fields["breaker"]
        breakers = [
            (code, state, int(state == now))
            for code, now, *_numbers in rows
            for state, _title in field.selection
        ]
        text = "1 for the state the circuit breaker is in, else 0."
        samples = self._samples(("endpoint", "state"), breakers)
        return Family("mfg_push_breaker", "gauge", text, samples)

    def _undelivered_age(self, only):
        rows = self.env.execute_query(
            SQL(
                "SELECT e.code, greatest(0,"
                " extract(epoch FROM now() AT TIME ZONE 'utc' - min(m.received_at)))"
                "  FROM mfg_message m JOIN mfg_endpoint e ON e.id = m.endpoint_id"
                " WHERE m.direction = 'out' AND m.state IN %s AND e.delivery = 'push'"
                "   AND e.active AND %s GROUP BY 1 ORDER BY 1",
                states.UNDELIVERED,
                only,
            )
        )
        text = "Age of the oldest message that is still to be pushed."
        name = "mfg_push_oldest_undelivered_seconds"
        return Family(name, "gauge", text, self._samples(("endpoint",), rows))

    def _jobs(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT state, count(*) FROM queue_job"
                " WHERE model_name IN %s"
                " AND state <> 'done' GROUP BY state ORDER BY state",
                self.env["mfg.worker"]._workers(),
            )
        )
        text = "Wake-up jobs of all workers that are not done."
        return Family("mfg_drain_jobs", "gauge", text, self._samples(("state",), rows))

    def _counters(self):
        texts = {
            "mfg_message": "Messages ever received or sent, resent ones included.",
            "mfg_message_attempt": "Attempts ever made at posting or delivering.",
        }
        for table, text in texts.items():
            [(value,)] = self.env.execute_query(
                SQL("SELECT last_value FROM %s", SQL.identifier(f"{table}_id_seq"))
            )
            yield Family(f"{table}s_total", "counter", text, (Sample(value),))

    def _samples(self, labels, rows):
        return tuple(
            Sample(row[-1], dict(zip(labels, row, strict=False))) for row in rows
        )
