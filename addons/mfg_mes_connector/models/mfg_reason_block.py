# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MfgReasonBlock(models.Model):
    """A row of numbers in a plant's reason tree that mean one thing in Odoo.

    Reason trees have thousands of numbers; planners want to see a dozen losses. A code
    that is mapped by itself keeps its own meaning; of blocks within each other the
    narrower one says more.
    """

    _name = "mfg.reason.block"
    _description = "Block of Downtime Reasons"
    _inherit = ["mfg.healing", "mail.thread"]
    _order = "endpoint_id, first, last desc"
    _rec_name = "code"

    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, ondelete="cascade", index=True, tracking=True
    )
    company_id = fields.Many2one(
        related="endpoint_id.company_id", store=True, index=True
    )
    active = fields.Boolean(default=True, tracking=True)
    code = fields.Char(
        string="Block", required=True, tracking=True, help="What the plant calls it."
    )
    first = fields.Integer(string="From", required=True, tracking=True, aggregator=None)
    last = fields.Integer(string="To", required=True, tracking=True, aggregator=None)
    loss_id = fields.Many2one(
        "mrp.workcenter.productivity.loss",
        string="Loss Reason",
        required=True,
        ondelete="cascade",
        tracking=True,
    )

    _code_unique = models.UniqueIndex(
        "(endpoint_id, code)", "This block is defined for this endpoint already."
    )

    @api.constrains("first", "last")
    def _check_range(self):
        for block in self:
            if not 0 <= block.first <= block.last:
                raise ValidationError(self.env._("A block begins before it ends."))

    @api.model
    def _loss(self, endpoint, code):
        """The loss of the narrowest block that a reason number lies in, or none."""
        losses = self.env["mrp.workcenter.productivity.loss"]
        if not (code.isascii() and code.isdigit() and len(code) < 10):
            return losses
        number = int(code)
        blocks = self.search(
            [
                ("endpoint_id", "=", endpoint.id),
                ("first", "<=", number),
                ("last", ">=", number),
            ]
        )
        return min(blocks, key=lambda b: b.last - b.first).loss_id if blocks else losses

    def _heal_messages(self):
        """Settle what was parked for any number in the block."""
        messages = self.env["mfg.message"]
        for block in self.filtered("active"):
            # sudo: whoever knows the code need not see the messages it settles
            parked = messages.sudo().search(
                [
                    ("state", "=", "parked"),
                    ("wanted", "=like", "loss:%"),
                    ("endpoint_id", "=", block.endpoint_id.id),
                ]
            )
            codes = {message.wanted.partition(":")[2] for message in parked}
            mine = sorted(c for c in codes if block._loss(block.endpoint_id, c))
            messages._heal("loss", mine, block.endpoint_id)
