# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import states

# action -> the states of messages it means anything for
CONCERNED = {
    "retry": ("parked", "retrying", "refused"),
    "approve": ("parked",),
    "skip": ("parked",),
    "cancel": states.CANCELLABLE,
}


class MfgMessageDecide(models.TransientModel):
    """Retry, approve, skip or cancel messages: one way, with a reason, before it
    happens showing how many messages it touches and what follows them.
    """

    _name = "mfg.message.decide"
    _description = "Decide on Messages"

    action = fields.Selection(
        [
            ("retry", "Retry: post it again"),
            ("approve", "Approve: post it although it is beyond a limit"),
            ("skip", "Skip: let its followers go on, keep it parked"),
            ("cancel", "Cancel: end it without effect"),
        ],
        required=True,
        default="retry",
    )
    reason = fields.Text(
        required=True, help="Kept with the message, with your name and the time."
    )
    chosen_ids = fields.Many2many(
        "mfg.message",
        default=lambda self: self.env.context.get("active_ids", []),
    )
    seen = fields.Json(
        default=lambda self: self._default_seen(),
        help="Message id -> the limits it was parked for when the dialog was opened.",
    )
    message_ids = fields.Many2many("mfg.message", compute="_compute_message_ids")
    follower_ids = fields.Many2many(
        "mfg.message", string="Followers", compute="_compute_message_ids"
    )
    count = fields.Integer(compute="_compute_message_ids")
    left_out_count = fields.Integer(compute="_compute_message_ids")
    follower_count = fields.Integer(compute="_compute_message_ids")

    @api.model
    def _default_seen(self):
        messages = self.env["mfg.message"].browse(self.env.context.get("active_ids"))
        return {str(m.id): m._failure().rules for m in messages if m.approvable}

    @api.depends("action", "chosen_ids", "seen")
    def _compute_message_ids(self):
        for wizard in self:
            chosen = wizard.chosen_ids._origin
            touched = wizard._touched(chosen)
            followers = touched._followers()
            wizard.message_ids = touched
            wizard.follower_ids = followers
            wizard.count = len(touched)
            wizard.left_out_count = len(chosen - touched)
            wizard.follower_count = len(followers)

    def _touched(self, messages):
        touched = messages.filtered(lambda m: m.state in CONCERNED.get(self.action, ()))
        if self.action == "approve":
            return touched.filtered(self._is_as_seen)
        return touched

    def _is_as_seen(self, message):
        """Whether what may be approved is what the person looks at: another one may
        have approved it, and the message has come back with its next limit."""
        seen = (self.seen or {}).get(str(message.id))
        return message.approvable and message._failure().rules == seen

    def action_apply(self):
        """Decide; what may not be decided this way is left as it is."""
        self.ensure_one()
        if not self.message_ids:
            raise UserError(
                self.env._("None of the chosen messages is in a state for this.")
            )
        getattr(self.message_ids.sorted("id"), f"_{self.action}")(self.reason)
        return {"type": "ir.actions.act_window_close"}
