# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json

from odoo import fields, models


class BenchEvent(models.Model):
    """A received event, as a developer keeps it who writes the door himself."""

    _name = "bench.event"
    _description = "Received Plant Event"

    event_id = fields.Char(required=True)
    subject = fields.Char()
    payload = fields.Text(required=True)
    state = fields.Selection(
        [("received", "Received"), ("queued", "Queued"), ("done", "Done")],
        default="received",
        required=True,
    )

    def _delay_posting(self):
        """Delay one job for the event, in the channel of its order."""
        options = self.env["bench.job"]._options(self.subject or self.event_id)
        self.with_delay(identity_key=f"bench-{self.event_id}", **options)._post_event()

    def _post_event(self):
        """The job."""
        self.env["bench.job"]._post(json.loads(self.payload))
        self.state = "done"
