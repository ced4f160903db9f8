# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from .bench_posting import UNLINKED


class MfgMessageLink(models.Model):
    _inherit = "mfg.message.link"

    @api.model
    def _add(self, entries):
        """Handlers write the links of joined messages here; a rival has no messages."""
        if not self.env.context.get(UNLINKED):
            super()._add(entries)
