# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

RULES = (
    "over_production",
    "under_production",
    "over_consumption",
    "count_difference",
)
LARGER = "The larger of percent and quantity counts; 0 and 0: nothing is tolerated."


class MfgInterface(models.Model):
    """How far a plant may be from its order before a person has to approve it."""

    _inherit = "mfg.interface"

    limit_over_production = fields.Boolean(
        default=True,
        tracking=True,
        help="Park a report with which more would be made than ordered and tolerated. "
        "Off: any quantity is posted.",
    )
    over_production_percent = fields.Float(tracking=True, help=LARGER)
    over_production_quantity = fields.Float(
        tracking=True,
        digits="Product Unit",
        help="In the product's unit. " + LARGER,
    )
    limit_under_production = fields.Boolean(
        tracking=True,
        help="Park the end of an order of which more is missing than tolerated. Off: "
        "any quantity may be missing.",
    )
    under_production_percent = fields.Float(tracking=True, help=LARGER)
    under_production_quantity = fields.Float(
        tracking=True,
        digits="Product Unit",
        help="In the product's unit. " + LARGER,
    )
    limit_over_consumption = fields.Boolean(
        tracking=True,
        help="Park a report with which more of a component would be used than the "
        "order asks for and is tolerated. A bill of materials with Flexible "
        "Consumption “Allowed” is never limited, one with “Blocked” always and without "
        "tolerance.",
    )
    over_consumption_percent = fields.Float(tracking=True, help=LARGER)
    over_consumption_quantity = fields.Float(
        tracking=True,
        digits="Product Unit",
        help="In the component's unit. " + LARGER,
    )
    limit_count_difference = fields.Boolean(
        default=True,
        tracking=True,
        help="Park a count that differs from Odoo by more than is tolerated until a "
        "person approves it. Off: any difference is posted.",
    )
    count_difference_percent = fields.Float(
        tracking=True, help="Of what Odoo had when it was counted. " + LARGER
    )
    count_difference_quantity = fields.Float(
        tracking=True,
        digits="Product Unit",
        help="In the material's unit. " + LARGER,
    )
    rest_of_final = fields.Selection(
        [("close", "Close without backorder"), ("backorder", "Make a backorder")],
        string="Rest of a Final Report",
        default="close",
        required=True,
        tracking=True,
        help="What becomes of the quantity an order is short of when the plant ends "
        "it. What is missing within the tolerance never makes a backorder.",
    )

    @api.constrains(
        *(f"{rule}_{kind}" for rule in RULES for kind in ("percent", "quantity"))
    )
    def _check_tolerances(self):
        for interface in self:
            for rule in RULES:
                if (
                    interface[f"{rule}_percent"] < 0
                    or interface[f"{rule}_quantity"] < 0
                ):
                    raise ValidationError(self.env._("A tolerance must be 0 or more."))

    def _tolerance(self, rule, quantity):
        """How far from ``quantity`` is tolerated, in its unit; None: not limited.

        :param rule: one of ``RULES``
        :param quantity: Decimal, what the percent is of
        """
        if not self[f"limit_{rule}"]:
            return None
        percent, absolute = self[f"{rule}_percent"], self[f"{rule}_quantity"]
        return max(quantity * exact(percent) / 100, exact(absolute))


def exact(number):
    """A float of Odoo as the Decimal people see."""
    return Decimal(repr(number))
