# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from .after_commit import after_commit


class MfgHealing(models.AbstractModel):
    """A row that gives a plant code its meaning settles the messages parked for it."""

    _name = "mfg.healing"
    _description = "Settles Messages Parked for a Plant Code"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._settle_messages()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self._settle_messages()
        return result

    def _settle_messages(self):
        """Also those that are parked before this commit, unseen by this transaction.

        Who is parked after it sees the row, since it looks for it once more
        (``mfg.drain._look_again``).
        """
        self._heal_messages()
        after_commit(self, "_heal_again", dict.fromkeys(self.ids))

    @api.model
    def _heal_again(self, ids):
        self.browse(ids).exists()._heal_messages()

    def _heal_messages(self):
        for row in self:
            if kind := row._heals():
                self.env["mfg.message"]._heal(kind, [row.code], row.endpoint_id)

    def _heals(self):
        """The kind of code this row explains, as in Failure.wanted; None: none now."""
        return None
