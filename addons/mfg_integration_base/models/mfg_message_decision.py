# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import strict_json


class MfgMessageDecision(models.Model):
    """What a person did to a message, and why. Append-only: this is the audit."""

    _name = "mfg.message.decision"
    _description = "Plant Message Decision"
    _order = "id desc"
    _rec_name = "action"

    message_id = fields.Many2one(
        "mfg.message", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="message_id.company_id", store=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True)
    action = fields.Selection(
        [
            ("retry", "Retried"),
            ("approve", "Approved"),
            ("skip", "Skipped"),
            ("cancel", "Cancelled"),
            ("edit", "Edited"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True, readonly=True)
    before = fields.Text(readonly=True)
    after = fields.Text(readonly=True)


class MfgMessage(models.Model):
    """What people do to messages: checked, and recorded with who, when and why."""

    _inherit = "mfg.message"

    def _retry(self, reason):
        """Post again; a message that is out of order goes on regardless."""
        for message in self._decide("retry", reason, "operator"):
            out_of_turn = message.error_code in ("overtaken", "sequence-gap")
            if message.direction == "in":
                message._requeue(out_of_turn=out_of_turn or message.out_of_turn)
            else:
                message._requeue()

    def _approve(self, reason):
        """Post although a limit is exceeded: this limit only, this message only."""
        for message in self._decide("approve", reason, "operator"):
            if not message.approvable:
                raise UserError(
                    self.env._("Only what is parked for a limit can be approved.")
                )
            rules = [*(message.approved or ()), *message._failure().rules]
            message.write({"approved": rules})
            message._requeue()

    def _skip(self, reason):
        """Let the followers of a parked message go on without it."""
        for message in self._decide("skip", reason, "operator"):
            if message.state != "parked":
                raise UserError(self.env._("Only a parked message can be skipped."))
            message.write({"out_of_turn": True})
            message._wake()

    def _cancel(self, reason):
        """End a message without effect."""
        for message in self._decide("cancel", reason, "operator"):
            message._transition("cancelled", next_try_at=None)
            message._wake()

    def _edit(self, payload_text, reason):
        """Post a corrected payload; the original stays as it came.

        Identity is not the person's to change: only ``data`` may differ. What was
        approved was the content before: the approval is withdrawn.
        """
        self.ensure_one()
        edited = strict_json.loads(payload_text.encode())
        event = {**self._event(), "data": edited}
        problems = self.env["mfg.contract"]._errors(self.type, edited)
        if problems:
            raise UserError("\n".join(f"{p.pointer}: {p.detail}" for p in problems))
        before = strict_json.dumps(self._event_data())
        after = strict_json.dumps(edited)
        message = self._decide("edit", reason, "manager", before, after)
        message.write({"payload_edited": strict_json.dumps(event), "approved": False})
        message._requeue()

    def _decide(self, action, reason, role, before=None, after=None):
        """Check the right, record who decides what and why; returns self as sudo."""
        if not self.env.user.has_group(f"mfg_integration_base.group_mfg_{role}"):
            raise AccessError(self.env._("You may read messages but not change them."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: a reason is required."))
        self.check_access("read")
        # sudo: no one has write access to messages by right; deciding is the way
        decisions = self.env["mfg.message.decision"].sudo()
        decisions.create(
            [
                {
                    "message_id": message.id,
                    "user_id": self.env.uid,
                    "action": action,
                    "reason": reason.strip(),
                    "before": before if before is not None else message.state,
                    "after": after,
                }
                for message in self
            ]
        )
        return self.sudo()
