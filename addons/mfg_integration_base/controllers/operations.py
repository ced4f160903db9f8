# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.http import Controller, request
from odoo.tools import SQL

from ..engine import prometheus
from . import problem
from .room import plant_route

READ_ONLY = SQL(
    "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'"
)


class OperationsController(Controller):
    """For those who keep it running: liveness and numbers."""

    @plant_route("/health", ["GET"], auth="none", readonly=False)
    def get_health(self, **_query):
        """Whether events can be taken in: the database answers and may be written.

        Without a database Odoo never comes here; see `hooks.py` for that 503.
        """
        [(read_only,)] = request.env.execute_query(READ_ONLY)
        if read_only:
            return problem.unavailable("The database is read-only.")
        return problem.json_answer({"status": "ok"})

    @plant_route("/metrics", ["GET"], auth="mfg_metrics")
    def get_metrics(self, **_query):
        """Prometheus text: of one endpoint with its key, of all with the token."""
        families = request.env["mfg.metrics"]._families(request.mfg_endpoint)
        text = prometheus.render(families)
        return problem.answer(text, content_type=prometheus.CONTENT_TYPE)
