# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.mfg_mes_connector.models.mfg_interface_tolerance import exact

from ..engine.explain import beyond

LARGER = "The larger of percent and quantity counts."
RULES = ("reconcile_tolerance", "reconcile_limit")


class MfgInterface(models.Model):
    """How far the plant's counts and Odoo's may be apart, and who may correct it."""

    _inherit = "mfg.interface"

    reconcile_tolerance_percent = fields.Float(
        tracking=True, help="What is as near as this matches. " + LARGER
    )
    reconcile_tolerance_quantity = fields.Float(
        tracking=True,
        digits="Product Unit",
        help="In the product's unit, or minutes of labour. " + LARGER,
    )
    reconcile_limit_percent = fields.Float(
        default=10.0,
        tracking=True,
        help="An operator may post corrections up to this, or take them back, of what "
        "the plant counted, all lots of a product together; beyond it takes a manager. "
        + LARGER,
    )
    reconcile_limit_quantity = fields.Float(
        tracking=True,
        digits="Product Unit",
        help="In the product's unit, or minutes of labour. " + LARGER,
    )

    @api.constrains(
        *(f"{rule}_{kind}" for rule in RULES for kind in ("percent", "quantity"))
    )
    def _check_reconcile(self):
        for interface in self:
            numbers = [
                interface[f"{rule}_{kind}"]
                for rule in RULES
                for kind in ("percent", "quantity")
            ]
            if min(numbers) < 0:
                raise ValidationError(self.env._("A tolerance must be 0 or more."))

    @api.model
    def _reconciling(self, endpoint):
        """The interface that rules the reconciliation of an endpoint, or none."""
        return endpoint.interface_ids.filtered(
            lambda i: i.active and "reconcile_limit_percent" in i.policies
        )[:1]

    def _is_beyond(self, rule, difference, value):
        """Whether a difference (Decimal) is beyond a rule; without interface: always.

        :param rule: one of ``RULES``
        :param value: what the plant counted
        """
        percent = exact(self[f"{rule}_percent"])
        absolute = exact(self[f"{rule}_quantity"])
        return beyond(difference, value, percent, absolute)
