# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.tools import SQL

from .mrp_production import ACKNOWLEDGED, OPEN_STATES

MANY_LAYERS = 300  # each costs some 3 ms per posting (docs/performance.md)


class MfgEndpoint(models.Model):
    """What slows a plant's postings down, told where the plant is set up."""

    _inherit = "mfg.endpoint"

    def _mfg_answers_joborders(self):
        """Whether the plant can say what becomes of the orders it is told of."""
        return bool(self._interface(ACKNOWLEDGED))

    def _advice(self):
        advice = super()._advice()
        for product, layers in self._mfg_deep_fifo().items():
            advice.append(
                self.env._(
                    "%(product)s is valued first in, first out and has %(layers)s open "
                    "receipts: Odoo goes through them at every posting. Leave joining "
                    "switched on for what is consumed, or value it at average cost.",
                    product=product.display_name,
                    layers=layers,
                )
            )
        return advice

    def _mfg_deep_fifo(self):
        """Product -> open receipts, for components of open orders valued by FIFO."""
        # sudo: valuation is accounting's; only a number of it is told
        own = self.with_context(allowed_company_ids=self.company_id.ids).sudo()
        products = own._mfg_components()
        if "cost_method" not in products._fields:  # valuation is not installed
            return {}
        fifo = products.filtered(lambda p: p.is_storable and p.cost_method == "fifo")
        on_hand = [(p.id, p.qty_available) for p in fifo if p.qty_available > 0]
        if not on_hand:
            return {}
        self.env.flush_all()  # plain SQL sees what is written
        deep = dict(self.env.execute_query(self._mfg_sql_layers(on_hand)))
        return {product: deep[product.id] for product in fifo if product.id in deep}

    def _mfg_components(self):
        moves = self.env["stock.move"]._read_group(
            [
                ("raw_material_production_id.state", "in", OPEN_STATES),
                ("state", "not in", ("done", "cancel")),
                ("company_id", "=", self.company_id.id),
            ],
            ["product_id"],
        )
        return self.env["product.product"].union(*(product for [product] in moves))

    def _mfg_sql_layers(self, on_hand):
        """Receipts that make up what is on hand, the newest first, where many."""
        ids, quantities = zip(*on_hand, strict=True)
        return SQL(
            """
            SELECT newer.product_id, count(*) FROM (
                SELECT m.product_id, stock.quantity AS on_hand,
                       sum(l.quantity) OVER (PARTITION BY m.product_id
                                             ORDER BY m.date DESC, m.id DESC)
                       - l.quantity AS before
                  FROM unnest(%s::int[], %s::numeric[]) AS stock (product_id, quantity)
                  JOIN stock_move m ON m.product_id = stock.product_id
                 CROSS JOIN LATERAL (SELECT sum(quantity_product_uom) AS quantity
                                       FROM stock_move_line WHERE move_id = m.id) l
                 WHERE m.state = 'done' AND m.is_in AND m.company_id = %s
            ) newer
            WHERE newer.before < newer.on_hand
            GROUP BY newer.product_id HAVING count(*) >= %s
            """,
            list(ids),
            list(quantities),
            self.company_id.id,
            MANY_LAYERS,
        )
