# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import models

from .mfg_joborder import decimal_text
from .mrp_production import OPEN_STATES
from .mrp_production_residues import USED, VISIBLE

TOLD = 5  # products; more of the same helps nobody
LOOKED_AT = 200  # orders, the newest


class MfgEndpoint(models.Model):
    """Where a plant counts finer than Odoo, told where the plant is set up."""

    _inherit = "mfg.endpoint"

    def _advice(self):
        return super()._advice() + self._mfg_precision_advice()

    def _mfg_precision_advice(self):
        # sudo: orders are the planner's; only units of their products are told
        own = self.with_context(allowed_company_ids=self.company_id.ids).sudo()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        finest = {}
        for product, size in own._mfg_plant_steps():
            if VISIBLE <= size < finest.get(product, Decimal(1).scaleb(-digits)):
                finest[product] = size
        return [
            self.env._(
                "%(product)s is kept in %(unit)s with %(digits)s decimals, but the "
                "plant counts in steps of %(size)s %(unit)s. What is less than the "
                "last decimal waits for further reports. Give the decimal accuracy "
                "“Product Unit” more digits, or keep the product in a smaller unit.",
                product=product.display_name,
                unit=product.uom_id.name,
                digits=digits,
                size=decimal_text(size),
            )
            for product, size in list(finest.items())[:TOLD]
        ]

    def _mfg_plant_steps(self):
        """(product, one piece of a unit in which the plant counts it, in its own unit).

        Units of the lines of open orders, as the plant was told them; units the
        endpoint's own crosswalk adds; and what the plant reported in fact.
        """
        ratio = self.env["mfg.resolver"]._uom_ratio
        steps = []
        for product, uom in self._mfg_lines_by_unit():
            steps.append((product, ratio(uom, product.uom_id)))
            steps += [
                (product, Decimal(repr(row.factor)) * ratio(row.uom_id, product.uom_id))
                for row in self.uom_crosswalk_ids
                if row.uom_id._has_common_reference(product.uom_id)
            ]
        return steps + self._mfg_reported_steps()

    def _mfg_lines_by_unit(self):
        """(product, unit) of open orders' components and goods."""
        lines = []
        for order in ("raw_material_production_id", "production_id"):
            lines += self.env["stock.move"]._read_group(
                [
                    (f"{order}.state", "in", OPEN_STATES),
                    ("state", "not in", ("done", "cancel")),
                    ("company_id", "=", self.company_id.id),
                ],
                ["product_id", "product_uom"],
            )
        return lines

    def _mfg_reported_steps(self):
        """(product, amount) that open orders could not post; not what was derived."""
        orders = self.env["mrp.production"].search(
            [
                ("state", "in", OPEN_STATES),
                ("company_id", "=", self.company_id.id),
                ("mfg_ledger", "!=", False),
            ],
            order="id desc",
            limit=LOOKED_AT,
        )
        return [
            (product, abs(sum(lots.values())))
            for order in orders
            for (kind, product), lots in order._mfg_residues().items()
            if kind != USED or product in order._mfg_reported_products()
        ]
