# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import format_datetime

from ..engine import breaker, states


class MfgEndpoint(models.Model):
    """What the delivery page shows; nothing here decides anything."""

    _inherit = "mfg.endpoint"

    # one or none; kept apart, see mfg.push.health
    push_health_ids = fields.One2many("mfg.push.health", "endpoint_id")
    push_breaker = fields.Selection(
        related="push_health_ids.breaker", string="Circuit Breaker"
    )
    push_last_success_at = fields.Datetime(
        related="push_health_ids.last_success_at", string="Last Delivered"
    )
    push_last_failure_at = fields.Datetime(
        related="push_health_ids.last_failure_at", string="Last Failure"
    )
    push_last_error = fields.Char(
        related="push_health_ids.last_error", string="What Went Wrong"
    )
    push_delivered = fields.Integer(
        related="push_health_ids.delivered", string="Delivered"
    )
    push_failed = fields.Integer(
        related="push_health_ids.failed", string="Failed Attempts"
    )
    push_depth = fields.Integer(string="To Deliver", compute="_compute_push_depth")
    push_oldest_at = fields.Datetime(
        string="Oldest of Them", compute="_compute_push_depth"
    )
    push_sentence = fields.Char(compute="_compute_push_sentence")

    def _compute_push_depth(self):
        groups = self.env["mfg.message"]._read_group(
            [
                ("endpoint_id", "in", self.ids),
                ("direction", "=", "out"),
                ("state", "in", states.UNDELIVERED),
            ],
            ["endpoint_id"],
            ["__count", "received_at:min"],
        )
        found = {endpoint.id: (count, oldest) for endpoint, count, oldest in groups}
        for endpoint in self:
            depth, oldest = found.get(endpoint.id, (0, False))
            endpoint.push_depth, endpoint.push_oldest_at = depth, oldest

    @api.depends("delivery", "state", "push_state", "push_secret_at", "push_breaker")
    def _compute_push_sentence(self):
        for endpoint in self:
            pushed = endpoint.delivery == "push"
            endpoint.push_sentence = pushed and endpoint._push_sentence()

    def _push_sentence(self):
        """One sentence a person understands when nothing goes out, else nothing."""
        if not self.push_secret_at:
            return self.env._(
                "There is no secret yet: make one and give it to the plant. Nothing is "
                "sent before."
            )
        if self.push_state == "gone":
            return self.env._(
                "The plant's system answered that it wants nothing more (410). What is "
                "to be delivered is kept. Correct the address, then resume."
            )
        if self.push_state == "paused":
            return self.env._("Paused: nothing is sent until you resume.")
        health = self.push_health_ids
        if self.state != "active" or not health:
            return False
        if health.breaker != breaker.CLOSED:
            return self.env._(
                "Most deliveries fail, so one is tried every 30 seconds: %(error)s",
                error=health.last_error or "",
            )
        if health.rests_until and health.rests_until > fields.Datetime.now():
            return self.env._(
                "The plant's system asked for a pause until %(time)s.",
                time=format_datetime(self.env, health.rests_until, dt_format="short"),
            )
        return False

    def action_push_queue(self):
        """What is still to be delivered."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mfg_integration_base.mfg_message_action_out"
        )
        action["domain"] = [
            ("direction", "=", "out"),
            ("endpoint_id", "=", self.id),
            ("state", "in", states.UNDELIVERED),
        ]
        action["context"] = {}
        return action
