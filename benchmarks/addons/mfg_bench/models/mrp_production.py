# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from .bench_posting import UNLINKED
from .bench_webhook import WEBHOOK


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    def _mfg_take_turns(self, places):
        """A rival promises nothing about the last piece: it races, as Odoo does."""
        if not self.env.context.get(UNLINKED):
            super()._mfg_take_turns(places)

    def action_confirm(self):
        result = super().action_confirm()
        if url := self.env.context.get(WEBHOOK):
            self.env["bench.webhook"]._released(url, self)
        return result
