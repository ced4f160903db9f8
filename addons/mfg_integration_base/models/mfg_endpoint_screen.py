# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

KEY_ADVICE_DAYS = 30  # ahead of its end


class MfgEndpoint(models.Model):
    """Buttons of the endpoint's form; what they do is the endpoint's own business."""

    _inherit = "mfg.endpoint"

    today_count = fields.Integer(string="Today", compute="_compute_today_count")
    open_issue_count = fields.Integer(compute="_compute_open_issue_count")
    has_key = fields.Boolean(compute="_compute_has_key")
    advice = fields.Text(compute="_compute_advice")

    def _compute_today_count(self):
        midnight = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        midnight = midnight.replace(hour=0, minute=0, second=0, microsecond=0)
        since = midnight.astimezone(tz=None).replace(tzinfo=None)
        groups = self.env["mfg.message"]._read_group(
            [("endpoint_id", "in", self.ids), ("received_at", ">=", since)],
            ["endpoint_id"],
            ["__count"],
        )
        counts = {endpoint.id: number for endpoint, number in groups}
        for endpoint in self:
            endpoint.today_count = counts.get(endpoint.id, 0)

    def _compute_open_issue_count(self):
        groups = self.env["mfg.issue"]._read_group(
            [("endpoint_id", "in", self.ids), ("state", "!=", "resolved")],
            ["endpoint_id"],
            ["__count"],
        )
        counts = {endpoint.id: number for endpoint, number in groups}
        for endpoint in self:
            endpoint.open_issue_count = counts.get(endpoint.id, 0)

    def _compute_has_key(self):
        now = fields.Datetime.now()
        for endpoint in self:
            expires = endpoint.key_expires_at
            endpoint.has_key = bool(expires and expires > now)

    @api.depends_context("lang")
    def _compute_advice(self):
        for endpoint in self:
            endpoint.advice = "\n".join(endpoint._advice()) or False

    def _advice(self):
        """Sentences on what an administrator should look at; connectors know more."""
        self.ensure_one()
        interfaces = self.interface_ids
        proposed = interfaces.filtered(lambda i: i.stage == "proposed")
        endings = [interface.ending for interface in interfaces if interface.ending]
        return (
            self._key_advice()
            + endings
            + [
                self.env._(
                    "“%(name)s” waits for approval: open its interface and review it.",
                    name=dict(interface._selection_type())[interface.type],
                )
                for interface in proposed
            ]
        )

    def _key_advice(self):
        expires = self.key_expires_at
        soon = fields.Datetime.add(fields.Datetime.now(), days=KEY_ADVICE_DAYS)
        if not expires or expires > soon:
            return []
        return [
            self.env._(
                "The key ends on %(day)s, and then nothing comes in any more: Rotate "
                "the Key and give the plant the new one.",
                day=fields.Datetime.context_timestamp(self, expires).date(),
            )
        ]

    def action_rotate_key(self):
        """Make a new key and show it, this once."""
        self.ensure_one()
        return self.env["mfg.endpoint.key"]._show(self, self._rotate_key())

    def action_revoke_keys(self):
        self.ensure_one()
        self._revoke_keys()
