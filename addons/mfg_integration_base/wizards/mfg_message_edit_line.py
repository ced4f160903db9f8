# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class MfgMessageEditLine(models.TransientModel):
    """One value of a message that is being corrected."""

    _name = "mfg.message.edit.line"
    _description = "Value of a Corrected Message"

    edit_id = fields.Many2one(
        "mfg.message.edit", required=True, ondelete="cascade", index=True
    )
    pointer = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Field", readonly=True)
    heading = fields.Boolean(readonly=True)
    before = fields.Char(string="As sent", readonly=True)
    value = fields.Char()
    problem = fields.Char(readonly=True)

    def _old_value(self, data):
        """What stands at this line's pointer now."""
        for part in self.pointer[1:].split("/"):
            if isinstance(data, list):
                data = data[int(part)]
            else:
                data = data[part.replace("~1", "/").replace("~0", "~")]
        return data
