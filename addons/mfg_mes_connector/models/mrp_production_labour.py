# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class MrpProduction(models.Model):
    """Labour that Odoo makes up when a person closes an order where none was logged."""

    _inherit = "mrp.production"

    def _post_inventory(self, cancel_backorder=False):
        """Mark what it makes up: a plant's late report takes its place."""
        marking = self.with_context(mfg_made_up=True)
        return super(MrpProduction, marking)._post_inventory(cancel_backorder)
