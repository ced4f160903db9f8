# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import math
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import breaker


class MfgPushHealth(models.Model):
    """How an endpoint that Odoo pushes to is doing: its circuit breaker, its figures.

    Apart from the endpoint, because it is written at every delivery, and kept in the
    database, so that a restart forgets nothing of it.
    """

    _name = "mfg.push.health"
    _description = "Delivery Health"
    _rec_name = "endpoint_id"

    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="endpoint_id.company_id", store=True)
    breaker = fields.Selection(
        [
            ("closed", "Sending"),
            ("half_open", "Trying one"),
            ("open", "Stopped for a while"),
        ],
        default="closed",
        required=True,
        readonly=True,
    )
    since = fields.Datetime(readonly=True)
    requests = fields.Integer(readonly=True, default=0, aggregator=None)
    failures = fields.Integer(readonly=True, default=0, aggregator=None)
    rests_until = fields.Datetime(readonly=True)
    paced_until = fields.Float(
        readonly=True, aggregator=None, help="Unix time of the next one, with a rate."
    )
    last_success_at = fields.Datetime(readonly=True)
    last_failure_at = fields.Datetime(readonly=True)
    last_error = fields.Char(readonly=True)
    delivered = fields.Integer(readonly=True, default=0, aggregator=None)
    failed = fields.Integer(readonly=True, default=0, aggregator=None)

    _endpoint_unique = models.UniqueIndex("(endpoint_id)")

    @api.model
    def _of(self, endpoints):
        """Endpoint id -> its health; made where there is none yet."""
        found = self.search([("endpoint_id", "in", endpoints.ids)])
        for endpoint in endpoints - found.endpoint_id:
            found |= self._made(endpoint)
        return {health.endpoint_id.id: health for health in found}

    def _made(self, endpoint):
        now = fields.Datetime.now()
        return self.create({"endpoint_id": endpoint.id, "since": now})

    def _breaker(self):
        """The breaker as the engine knows it."""
        self.ensure_one()
        return breaker.Breaker(
            self.breaker, _unix(self.since), self.requests, self.failures
        )

    def _keep(self, kept):
        """Write the engine's breaker down, if it is another one."""
        if kept != self._breaker():
            self.write(
                {
                    "breaker": kept.state,
                    "since": _moment(kept.since),
                    "requests": kept.requests,
                    "failures": kept.failures,
                }
            )

    def _room(self, now):
        """How many may be in hand at a Unix time; None: as many as one likes."""
        if self._is_resting(now):
            return 0
        allowed = breaker.allowed(self._breaker(), now)
        if not self.endpoint_id.push_rate:
            return allowed
        # one at a time
        return 0 if self._paced(now) > 0 else min(1, 1 if allowed is None else allowed)

    def _paced(self, now):
        """Seconds until a rate allows the next one; 0 or less: it may go out."""
        wait = self.paced_until - now if self.endpoint_id.push_rate else 0.0
        # a clock that was set back is no reason to wait for long
        return wait if wait <= 60 else 0.0

    def _is_resting(self, now):
        """Whether nothing at all may go out at a Unix time."""
        kept = self._breaker()
        stopped = kept.state == breaker.OPEN and not breaker.ready(kept, now)
        return stopped or _unix(self.rests_until) > now

    def _note_sending(self, count, now):
        """Something goes out: the one that finds out, or one of a rate."""
        self._keep(breaker.probing(self._breaker(), now))
        if rate := self.endpoint_id.push_rate:
            self.paced_until = now + 60.0 * count / rate

    def _next_moment(self):
        """When something may be sent again, if not now."""
        opens = 0.0
        if self.breaker == breaker.OPEN:
            opens = self._breaker().since + breaker.PAUSE
        paced = self.paced_until if self.endpoint_id.push_rate else 0.0
        moment = max(opens, paced, _unix(self.rests_until))
        return _moment(math.ceil(moment)) if moment else None

    def _let_try(self):
        """A person says that it should work now: try one at once."""
        for health in self:
            if health.breaker != breaker.CLOSED:
                health.breaker = breaker.HALF_OPEN
            health.rests_until = False

    @api.model
    def _sql_rows(self, only):
        """(endpoint code, breaker, delivered, failed) for the metrics."""
        return SQL(
            "SELECT e.code, m.breaker, m.delivered, m.failed FROM mfg_push_health m"
            " JOIN mfg_endpoint e ON e.id = m.endpoint_id"
            " WHERE e.active AND e.delivery = 'push' AND %s ORDER BY e.code",
            only,
        )


def _unix(moment):
    return moment.replace(tzinfo=UTC).timestamp() if moment else 0.0


def _moment(seconds):
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None, microsecond=0)
