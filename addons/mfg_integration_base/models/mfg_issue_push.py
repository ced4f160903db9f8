# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..engine import delivery_codes as codes

PUSH_CAUSE = "push"  # what such an issue is about, instead of a message type


class MfgIssue(models.Model):
    """Issues of an endpoint that Odoo pushes to, apart from any message of it."""

    _inherit = "mfg.issue"

    def _push_broken(self, endpoint, health):
        """Its breaker has opened: people should know before the backlog is long."""
        issue = self._for_endpoint(endpoint, codes.FAILED)
        issue.message_post(
            body=self.env._(
                "Most deliveries fail, so only one is tried now and then: %(error)s",
                error=health.last_error or "",
            )
        )

    def _push_gone(self, endpoint):
        self._for_endpoint(endpoint, codes.GONE)

    def _push_mended(self, endpoints):
        """Delivery works again, or a person says so."""
        self.search(
            [
                ("endpoint_id", "in", endpoints.ids),
                ("cause", "=", PUSH_CAUSE),
                ("state", "!=", "resolved"),
            ]
        ).state = "resolved"

    def _for_endpoint(self, endpoint, code):
        """The open issue of an endpoint's delivery; its followers hear of it."""
        stand_in = self.env["mfg.message"].new({"endpoint_id": endpoint.id})
        return self._for_message(stand_in, code, PUSH_CAUSE)

    def _cause_text(self):
        if self.cause == PUSH_CAUSE:
            return self.env._("Delivery by push")
        return super()._cause_text()
