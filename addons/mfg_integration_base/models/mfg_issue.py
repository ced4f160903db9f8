# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from ..engine import delivery_codes as codes

LEFT_TO_PEOPLE = ("parked", "refused")  # states of messages that somebody must settle
# kinds of which each message wants another one: what they have in common is the type
SINGLE = ("event",)


class MfgIssue(models.Model):
    """Failures with one cause, one owner, one clock.

    A hundred messages that miss the same mapping are one thing to do, not a
    hundred; it reopens by itself when the cause comes back.
    """

    _name = "mfg.issue"
    _description = "Plant Issue"
    _inherit = ["mail.thread"]
    _order = "last_seen desc, id desc"

    name = fields.Char(required=True, readonly=True)
    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="endpoint_id.company_id", store=True)
    code = fields.Char(required=True, readonly=True)
    cause = fields.Char(readonly=True, help="The unknown code, or the message type.")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("acknowledged", "Acknowledged"),
            ("resolved", "Resolved"),
        ],
        default="open",
        required=True,
        tracking=True,
    )
    owner_id = fields.Many2one("res.users", tracking=True)
    parked_message_ids = fields.One2many(
        "mfg.message",
        "issue_id",
        string="Messages to Settle",
        domain=[("state", "in", LEFT_TO_PEOPLE)],
    )
    parked_count = fields.Integer(compute="_compute_parked_count")
    first_seen = fields.Datetime(readonly=True)
    last_seen = fields.Datetime(readonly=True)

    _cause_unique = models.UniqueIndex("(endpoint_id, code, cause)")

    def _compute_parked_count(self):
        groups = self.env["mfg.message"]._read_group(
            [("issue_id", "in", self.ids), ("state", "in", LEFT_TO_PEOPLE)],
            ["issue_id"],
            ["__count"],
        )
        counts = {issue.id: number for issue, number in groups}
        for issue in self:
            issue.parked_count = counts.get(issue.id, 0)

    def action_acknowledge(self):
        self.write({"state": "acknowledged", "owner_id": self.env.uid})

    def action_open_messages(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mfg_integration_base.mfg_message_action"
        )
        action["domain"] = [("issue_id", "=", self.id)]
        action["context"] = {}
        return action

    @api.model
    def _refresh(self, messages):
        """Follow the messages: open or reopen for those that are left to people,
        resolve what is empty.

        sudo: an issue follows its messages, whoever moved them.
        """
        left = messages.sudo().filtered(lambda m: m.state in LEFT_TO_PEOPLE)
        for message in left:
            # what a plant refuses it may name as it likes: the reason is its own
            code = codes.REFUSED if message.state == "refused" else None
            message.issue_id = self.sudo()._for_message(message, code)
        (messages.sudo() - left).issue_id._resolve_empty()

    def _resolve_empty(self):
        self.invalidate_recordset(["parked_count"])
        self.filtered(
            lambda i: i.state != "resolved" and not i.parked_count
        ).state = "resolved"

    @api.model
    def _alert_gap(self, message):
        """A message went on although an earlier one of its key never came."""
        issue = self._for_message(message, "sequence-gap", message.key)
        issue.message_post(
            body=self.env._(
                "Event %(event)s went on; an earlier one of %(key)s is missing.",
                event=message.event_id,
                key=message.key,
            )
        )

    @api.model
    def _for_message(self, message, code=None, cause=None):
        """The issue of a cause: found and reopened, or made."""
        now = fields.Datetime.now()
        code = code or message.error_code
        cause = cause or self._cause(message)
        issue = self.search(
            [
                ("endpoint_id", "=", message.endpoint_id.id),
                ("code", "=", code),
                ("cause", "=", cause),
            ]
        )
        if issue:
            state = "open" if issue.state == "resolved" else issue.state
            issue.write({"last_seen": now, "state": state})
            return issue
        return self.create(
            {
                "name": self._title(code, cause),
                "endpoint_id": message.endpoint_id.id,
                "code": code,
                "cause": cause,
                "owner_id": message.interface_id.owner_id.id,
                "first_seen": now,
                "last_seen": now,
            }
        )

    @api.model
    def _cause(self, message):
        """What its failure has in common with others: the unknown code, or the type."""
        kind = (message.wanted or "").partition(":")[0]
        return message.type if kind in ("", *SINGLE) else message.wanted

    @api.model
    def _title(self, code, cause):
        return f"{code}: {cause}"
