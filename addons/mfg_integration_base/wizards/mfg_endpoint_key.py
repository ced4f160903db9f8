# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
import shlex
from uuid import uuid4

from odoo import api, fields, models


class MfgEndpointKey(models.AbstractModel):
    """Shows a new key once.

    Without a table, like Odoo's own ``res.users.apikeys.show``: the key travels in
    the action's context and is never stored in clear.
    """

    _name = "mfg.endpoint.key"
    _description = "Endpoint Key"

    # the field 'id' is necessary for the onchange that returns the defaults
    id = fields.Id()
    endpoint_id = fields.Many2one("mfg.endpoint", readonly=True)
    key = fields.Char(string="Endpoint Key", readonly=True)
    push_secret = fields.Char(string="Secret of Deliveries", readonly=True)
    example = fields.Text(string="First event", readonly=True)

    @api.model
    def _show(self, endpoint, key, push_secret=False):
        """The dialog with the key and a command that tries it."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The key of %(endpoint)s", endpoint=endpoint.name),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_endpoint_id": endpoint.id,
                "default_key": key,
                "default_push_secret": push_secret,
                "default_example": self._example(endpoint, key),
            },
        }

    @api.model
    def _example(self, endpoint, key):
        """A curl command an integrator can paste into a shell as it is."""
        event = {
            "specversion": "1.0",
            "id": f"hello-{uuid4().hex[:8]}",
            "source": endpoint.source,
            "type": "mfg.connection.tested.v1",
            "data": {"text": "Hello from the plant"},
        }
        lines = [
            f"curl -i {shlex.quote(endpoint.get_base_url() + '/mfg/v1/events')}",
            f"-H {shlex.quote(f'Authorization: Bearer {key}')}",
            "-H 'Content-Type: application/cloudevents+json'",
            f"-d {shlex.quote(json.dumps(event))}",
        ]
        return " \\\n  ".join(lines)
