# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..engine import strict_json
from ..engine.failure import Failure
from ..tools import payload_table


class MfgMessageEdit(models.TransientModel):
    """Correct what a plant sent, value by value, and post that instead.

    The original stays as it came; who changed what and why is kept beside it. The
    JSON tab is for what a value alone cannot say: a missing or superfluous member.
    """

    _name = "mfg.message.edit"
    _description = "Correct a Message"

    message_id = fields.Many2one("mfg.message", required=True, readonly=True)
    # Anybody may name any message here: its fields are read by the person's rights.
    type_title = fields.Char(
        related="message_id.type_title", related_sudo=False, string="Message Type"
    )
    sentence = fields.Char(related="message_id.sentence", related_sudo=False)
    line_ids = fields.One2many("mfg.message.edit.line", "edit_id", string="Values")
    payload_text = fields.Text(
        string="JSON",
        compute="_compute_payload_text",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
    )
    problems = fields.Text(
        compute="_compute_problems", help="What the schema says of it now."
    )
    reason = fields.Text(
        required=True, help="Kept with the message, with your name and the time."
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        message = self.env["mfg.message"].browse(self.env.context.get("active_id"))
        if not message:
            return values
        wrong = message._pointed_at()
        rows = payload_table.rows(message._event_data(), compact=False)
        lines = [
            Command.create(self._line_values(row, wrong))
            for row in rows
            if not isinstance(row.value, dict | list)
        ]
        return {**values, "message_id": message.id, "line_ids": lines}

    @api.model
    def _line_values(self, row, wrong):
        text = payload_table.as_text(row.value)
        return {
            "pointer": row.pointer,
            "label": "\u2003" * row.depth + row.label,
            "heading": row.heading,
            "before": text,
            "value": text,
            "problem": wrong.get(f"/data{row.pointer}"),
        }

    @api.depends("line_ids.value")
    def _compute_payload_text(self):
        for edit in self:
            data = edit.message_id._event_data()
            for line in edit.line_ids.filtered(lambda li: li.value != li.before):
                old = line._old_value(data)
                new = payload_table.parse_like(old, line.value)
                data = payload_table.replace(data, line.pointer, new)
            edit.payload_text = payload_table.pretty(data)

    @api.depends("payload_text")
    def _compute_problems(self):
        for edit in self:
            edit.problems = "\n".join(edit._problems())

    def _problems(self):
        try:
            data = strict_json.loads((self.payload_text or "").encode())
        except Failure as failure:
            return [failure.detail]
        errors = self.env["mfg.contract"]._errors(self.message_id.type, data)
        return [f"{error.pointer}: {error.detail}" for error in errors]

    def action_apply(self):
        """Post the corrected message; the schema is checked again by the engine."""
        self.ensure_one()
        if self.problems:
            raise UserError(self.problems)
        self.message_id._edit(self.payload_text, self.reason)
        return {"type": "ir.actions.act_window_close"}
