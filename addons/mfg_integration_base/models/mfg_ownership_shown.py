# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class MfgMaster(models.AbstractModel):
    """Whoever is told of a record is told who may change it."""

    _inherit = "mfg.master"

    @api.model
    def _items(self, company, endpoint, rows):
        items = super()._items(company, endpoint, rows)
        shown = self.env["mfg.ownership"]._shown(endpoint, self._mfg_kind)
        if shown["owner"] == "odoo":
            return items
        return [{**item, "ownership": shown} for item in items]
