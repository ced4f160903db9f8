# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import http
from odoo.http import request

OPTIONS = {
    "type": "http",
    "auth": "bearer",
    "methods": ["POST"],
    "csrf": False,
    "save_session": False,
}


class BenchDoors(http.Controller):
    """The doors a developer would write, behind Odoo's own bearer check."""

    @http.route("/bench/plain", **OPTIONS)
    def plain(self):
        """Store and acknowledge."""
        return self._accepted(self._store("received"))

    @http.route("/bench/job", **OPTIONS)
    def job(self):
        """Store, delay one job for the event, acknowledge."""
        event = self._store("queued")
        event._delay_posting()
        return self._accepted(event)

    def _store(self, state):
        content = request.get_json_data()
        return request.env["bench.event"].create(
            {
                "event_id": content["id"],
                "subject": content.get("subject"),
                "payload": request.httprequest.get_data(as_text=True),
                "state": state,
            }
        )

    def _accepted(self, event):
        answer = {"id": event.event_id, "status": "accepted"}
        return request.make_json_response(answer, status=202)
