# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class MfgHealing(models.AbstractModel):
    """A row that gives a plant code its meaning settles the messages parked for it."""

    _name = "mfg.healing"
    _description = "Settles Messages Parked for a Plant Code"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._heal_messages()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self._heal_messages()
        return result

    def _heal_messages(self):
        for row in self:
            if kind := row._heals():
                self.env["mfg.message"]._heal(kind, [row.code], row.endpoint_id)

    def _heals(self):
        """The kind of code this row explains, as in Failure.wanted; None: none now."""
        return None
