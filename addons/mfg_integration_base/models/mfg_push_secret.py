# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import api, fields, models

OVERLAP_HOURS = 24


class MfgPushSecret(models.Model):
    """What Odoo signs its deliveries with; nobody reads it, it is shown when made.

    A table of its own without access rights, so that no list, export, chatter or
    template ever holds it. While one is being rotated there are two, and every delivery
    is signed with both.
    """

    _name = "mfg.push.secret"
    _description = "Delivery Secret"
    _order = "id desc"
    _rec_name = "endpoint_id"

    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, readonly=True, ondelete="cascade", index=True
    )
    secret = fields.Char(required=True, readonly=True, exportable=False)
    expires_at = fields.Datetime(readonly=True, help="Empty: the one in use.")

    @api.model
    def _alive(self, endpoints):
        """Endpoint id -> the secrets that sign for it, the newest first."""
        found = self.search(
            [
                ("endpoint_id", "in", endpoints.ids),
                "|",
                ("expires_at", "=", False),
                ("expires_at", ">", fields.Datetime.now()),
            ]
        )
        alive = {endpoint.id: () for endpoint in endpoints}
        for row in found:
            alive[row.endpoint_id.id] += (row.secret,)
        return alive

    @api.model
    def _change(self, endpoint, secret, overlap_hours):
        """Sign with a new secret; with those before it for some hours more."""
        now = fields.Datetime.now()
        until = now + timedelta(hours=overlap_hours)
        old = self.search([("endpoint_id", "=", endpoint.id)])
        old.filtered(lambda row: row.expires_at and row.expires_at <= now).unlink()
        for row in old.exists():
            row.expires_at = min(row.expires_at or until, until)
        self.create({"endpoint_id": endpoint.id, "secret": secret})

    @api.autovacuum
    def _gc_secrets(self):
        self.search([("expires_at", "<", fields.Datetime.now())]).unlink()
