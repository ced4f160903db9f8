# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.mfg_integration_base.engine.catalogue import RULE, Entry, register
from odoo.addons.mfg_integration_base.engine.texts import marker

_lt = marker(__name__)

BEYOND_BOM = "beyond-bom"

register(
    Entry(
        BEYOND_BOM,
        _lt("The material is not planned on the order"),
        RULE,
        _lt(
            "Check the material with the plant. If it was used, or made besides, "
            "approve the message or add the material to the order and retry; else "
            "correct or cancel the message."
        ),
        approvable=True,
    )
)


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
        [
            ("park", "Park the message"),
            ("wait", "Post the rest, the missing waits"),
            ("allow", "Post it, stock may go negative"),
        ],
        default="park",
        required=True,
        tracking=True,
        help="What happens when more is consumed than Odoo has in stock. A parked "
        "message posts nothing and holds back its followers. To wait: goods and what "
        "is in stock are posted, what is missing becomes a parked message of its own "
        "that holds nobody back. Both go on by themselves when stock arrives. Scrap is "
        "parked or posted as a whole.",
    )
    shortage_offered = fields.Json(compute="_compute_shortage_offered")
    beyond_bom = fields.Selection(
        [("accept", "Post them"), ("refuse", "Park the message")],
        string="Materials beyond the BoM",
        default="accept",
        required=True,
        tracking=True,
        help="What happens when the plant used a component that the order does not ask "
        "for, such as a substitute, or made a by-product that is not planned. Posted, "
        "it is a further line of the order. Parked, a person may approve it.",
    )
    reserved_lots = fields.Selection(
        [
            ("take", "Post it, reserve others anew"),
            ("park", "Park the message"),
        ],
        string="Lots Reserved for Others",
        default="take",
        required=True,
        tracking=True,
        help="What happens when the plant used a lot that another order or delivery "
        "has reserved and not picked yet. Posted, Odoo reserves for the other from "
        "what is left.",
    )

    @api.depends("type")
    def _compute_shortage_offered(self):
        for interface in self:
            interface.shortage_offered = interface._offered("shortage")

    @api.constrains("type", "shortage")
    def _check_shortage(self):
        """A scrap is of goods that are there, or it waits as a whole: it has no rest
        that could be posted without them."""
        if self.filtered(lambda i: i.shortage not in i._offered("shortage")):
            raise ValidationError(
                self.env._(
                    "Of scrap nothing can be posted ahead of what is missing: park the "
                    "message, it goes on by itself when stock arrives, or let stock go "
                    "negative."
                )
            )
