# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class MfgDrain(models.AbstractModel):
    """The sweep of the drains sees to master data as well."""

    _inherit = "mfg.drain"

    @api.model
    def _sweep(self):
        result = super()._sweep()
        self.env["mfg.publisher"]._wake_if_due()
        if self.env["mfg.publication.trouble"]._due(1):
            self.env["mfg.publisher"]._wake("again")
        return result
