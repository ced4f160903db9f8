# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class MfgInterface(models.Model):
    """What a plant that reports production may do beyond the general policies."""

    _inherit = "mfg.interface"

    consumption = fields.Selection(
        [("immediate", "At once"), ("staged", "With the next production report")],
        default="immediate",
        required=True,
        tracking=True,
        help="When consumed material leaves the stock. Staged material is only set "
        "aside until goods are reported from it.",
    )
    shortage = fields.Selection(
        [("park", "Park the message"), ("allow", "Post it, stock may go negative")],
        default="park",
        required=True,
        tracking=True,
        help="What happens when more is consumed than Odoo has in stock.",
    )
