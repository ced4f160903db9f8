# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from markupsafe import escape

from odoo import fields, models

from ..engine import delivery_codes as codes

PUSH_CAUSE = "push"  # what such an issue is about, instead of a message type
TO_DO = "mail.mail_activity_data_todo"


class MfgIssue(models.Model):
    """Issues of an endpoint that Odoo pushes to, apart from any message of it."""

    _name = "mfg.issue"
    _inherit = ["mfg.issue", "mail.activity.mixin"]

    def _push_broken(self, endpoint, health):
        """Its breaker has opened: people should know before the backlog is long."""
        self._push_tell(
            endpoint,
            codes.FAILED,
            self.env._(
                "Most deliveries fail, so only one is tried now and then: %(error)s",
                error=health.last_error or "",
            ),
        )

    def _push_misdirected(self, endpoint, health):
        """The plant knows neither us nor the address: time will hardly mend that."""
        self._push_tell(endpoint, codes.MISDIRECTED, health.last_error or "")

    def _push_gone(self, endpoint):
        self._push_tell(endpoint, codes.GONE)

    def _push_works(self, endpoints):
        """Something was delivered: the plant knows us."""
        self._push_open(endpoints, codes.MISDIRECTED)._push_resolve()

    def _push_mended(self, endpoints):
        """Delivery works again, or a person says so."""
        self._push_open(endpoints)._push_resolve()

    def _push_open(self, endpoints, code=None):
        domain = [
            ("endpoint_id", "in", endpoints.ids),
            ("cause", "=", PUSH_CAUSE),
            ("state", "!=", "resolved"),
        ]
        return self.search([*domain, ("code", "=", code)] if code else domain)

    def _push_tell(self, endpoint, code, text=None):
        """The open issue of an endpoint's delivery; when it opens, its owner hears of
        it and has it on the list of what is to do."""
        if issue := self._push_open(endpoint, code):
            issue.last_seen = fields.Datetime.now()
            return
        stand_in = self.env["mfg.message"].new({"endpoint_id": endpoint.id})
        issue = self._for_message(stand_in, code, PUSH_CAUSE)
        issue.owner_id = issue.owner_id or self._push_owner(endpoint)
        issue.message_subscribe(issue.owner_id.partner_id.ids)
        if text:
            later = issue.with_context(
                mail_notify_force_send=False
            )  # no mail from here
            later.message_post(body=text, subtype_xmlid="mail.mt_comment")
        issue = issue.with_context(lang=issue.owner_id.lang)
        if issue.owner_id:
            issue.activity_schedule(
                TO_DO,
                summary=issue.title,
                note=escape(issue.next_action),
                user_id=issue.owner_id.id,
            )

    def _push_resolve(self):
        self.state = "resolved"
        self.activity_unlink([TO_DO])

    def _push_owner(self, endpoint):
        """Who owns what goes to the plant; else who owns anything of it."""
        interfaces = endpoint.interface_ids.sorted(lambda i: i.direction != "out")
        return interfaces.owner_id[:1]

    def _cause_text(self):
        if self.cause == PUSH_CAUSE:
            return self.env._("Delivery by push")
        return super()._cause_text()
