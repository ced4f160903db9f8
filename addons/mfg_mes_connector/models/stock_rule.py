# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from odoo.addons.mfg_integration_base.tools.posting import PLANNING


class StockRule(models.Model):
    _inherit = "stock.rule"

    @api.model
    def run(self, procurements, raise_user_error=True):
        """What a posting makes necessary elsewhere is planning there: a rule may raise
        the quantity of another released order."""
        rules = self.with_context(**PLANNING)
        return super(StockRule, rules).run(procurements, raise_user_error)
