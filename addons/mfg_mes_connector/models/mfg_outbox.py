# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class MfgInterface(models.Model):
    """Events chosen by where the work is done."""

    _inherit = "mfg.interface"

    only_workcenter_ids = fields.Many2many(
        "mrp.workcenter",
        string="Only Work Centers",
        tracking=True,
        help="The plant gets events of orders with operations at one of these. Empty: "
        "of all. An event that is about no order goes to everybody.",
    )

    def _filters(self):
        return [*super()._filters(), ("workcenter", self.only_workcenter_ids)]


class MfgOutbox(models.AbstractModel):
    _inherit = "mfg.outbox"

    @api.model
    def _fact_workcenter(self, order=None, **_options):
        """Where an order is made; orders without operations are made nowhere."""
        if not order:
            return None
        # sudo: whoever emits need not see work centers; ids are compared
        return set(order.sudo().workorder_ids.workcenter_id.ids)
