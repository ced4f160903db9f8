# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The planner's stock: what orders are to be made of, and what is brought later."""

from collections import defaultdict
from decimal import Decimal

from plantsim import recipe


def per_piece(plan):
    """What a bill of materials can say: two digits, at least a hundredth."""
    return max(round(plan.needs / plan.quantity, 2), Decimal("0.01"))


class Stock:
    """The stock location of the warehouse."""

    def __init__(self, odoo):
        self.odoo = odoo
        warehouse = odoo.read("stock.warehouse", [], "lot_stock_id", limit=1)[0]
        self.location = warehouse["lot_stock_id"][0]

    def lay_in(self, plans, products):
        """Stock for the new orders on top of what is there."""
        needs = defaultdict(Decimal)
        for plan in plans:
            blank = recipe.Recipe(plan.part).blank
            needs[blank, None] += plan.quantity * plan.spare
            lots = recipe.PASTE_LOTS if plan.component == recipe.PASTE else (None,)
            for lot in lots:
                planned = max(plan.needs, per_piece(plan) * plan.quantity)
                needs[plan.component, lot] += planned * plan.spare
        lots = self.odoo.ids("stock.lot", "name", recipe.PASTE_LOTS)
        there = self._on_hand([products[code] for code, _lot in needs])
        quants = []
        for (code, lot), amount in needs.items():
            product, lot_id = products[code], lots.get(lot, False)
            total = there.get((product, lot_id), 0.0) + round(float(amount), 2)
            quants.append(self._quant(product, lot_id, total))
        inventory = {"inventory_mode": True}
        self.odoo.call("stock.quant", "create", quants, context=inventory)

    def _quant(self, product, lot, total):
        return {
            "product_id": product,
            "lot_id": lot,
            "location_id": self.location,
            "inventory_quantity_auto_apply": total,
        }

    def _on_hand(self, products):
        domain = [("location_id", "=", self.location), ("product_id", "in", products)]
        rows = self.odoo.read("stock.quant", domain, "product_id", "lot_id", "quantity")
        found = defaultdict(float)
        for row in rows:
            lot = row["lot_id"] and row["lot_id"][0]
            found[row["product_id"][0], lot] += row["quantity"]
        return found

    def bring(self, code, pieces):
        """See to it that so many of a product are there; what waits for it goes on."""
        product = self.odoo.ids("product.product", "default_code", [code])[code]
        if self._on_hand([product])[product, False] < pieces:
            quant = self._quant(product, False, float(pieces))
            inventory = {"inventory_mode": True}
            self.odoo.call("stock.quant", "create", [quant], context=inventory)
