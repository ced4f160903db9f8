# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass
from datetime import datetime

from odoo import models

from ..models.mrp_production import OPEN_STATES
from ..models.mrp_production_ledger import ledger_key


@dataclass
class Facts:
    order: object
    product: object
    shares: list  # (stock.lot, Decimal)
    reason: object
    time: datetime


class MfgHandlerProductionScrapped(models.AbstractModel):
    """Goods of an order were scrapped.

    While the order is open its own product is work in progress: it is scrapped where
    it is, in production, and the good stock stays untouched. Components, and goods of
    a finished order, come out of stock, and must be there.
    """

    _name = "mfg.handler.production.scrapped"
    _inherit = "mfg.handler.order"
    _description = "Production Scrapped"
    _mfg_type = "mfg.production.scrapped.v1"
    _mfg_title = "Production scrapped"

    def _resolve(self, message):
        order = self._job_order(message, (*OPEN_STATES, "done"))
        data = message._event_data()
        code = data.get("materialDefinitionId")
        product = order.product_id
        if code:
            product = self._material(message, code, "/data/materialDefinitionId")
        total = self.env["mfg.resolver"].quantity(
            message.endpoint_id, data["quantity"], product, "/data/quantity"
        )
        own = product == order.product_id and order.state != "done"
        lots = self._lots(message, data, product, total, "/data", make=own)
        return Facts(
            order,
            product,
            lots or [(self.env["stock.lot"], total)],
            self._resolved(message, "reason", "reasonCode", "stock.scrap.reason.tag"),
            self._time(message),
        )

    def _post_one(self, message, facts):
        order, product = facts.order, facts.product
        if order.state != "done":
            order._mfg_begin(order.mfg_started_at or facts.time)
        for lot, share in facts.shares:
            key = ledger_key("scrapped", product, lot)
            amount = order._mfg_carry(key, product, share, message)
            for source in self._sources(message, facts, lot, amount):
                message._link(self._scrap(facts, lot, *source))
        message._link(order, "changed")

    def _reverse(self, original, reversal):
        """The scraps stay, with nothing in them: their numbers were given out."""
        self._take_back(original, reversal)
        reversal._link(self._linked(original, "stock.scrap"), "changed")

    def _sources(self, message, facts, lot, amount):
        """(location, package, amount) the scrap comes from."""
        order, product = facts.order, facts.product
        if amount <= 0:
            return []
        if product == order.product_id and order.state != "done":
            return [(order.production_location_id, self.env["stock.package"], amount)]
        location = order.location_src_id
        if product == order.product_id:
            location = order.location_dest_id
        elif order.state != "done":
            order._mfg_release_reservation(product)
        shortage = "allow" if self._allows_negative(message) else "park"
        return order._mfg_sources(
            product, location, lot, amount, shortage, "/data/quantity"
        )

    def _scrap(self, facts, lot, location, package, amount):
        order = facts.order
        scrap = self.env["stock.scrap"].create(
            {
                "company_id": order.company_id.id,
                "product_id": facts.product.id,
                "product_uom_id": facts.product.uom_id.id,
                "scrap_qty": float(amount),
                "lot_id": lot.id,
                "package_id": package.id,
                "location_id": location.id,
                "scrap_location_id": self._scrap_location(order.company_id).id,
                "production_id": order.id,
                "scrap_reason_tag_ids": [(6, 0, facts.reason.ids)],
            }
        )
        scrap.do_scrap()
        if scrap.state != "done":
            raise self._refusal("internal", f"{scrap.name} is not done", "/data")
        scrap.date_done = facts.time
        scrap.move_ids.date = facts.time
        return scrap

    def _scrap_location(self, company):
        """Odoo makes it with the company; its name may be translated, so the first
        inventory location that is no inventory-loss location of a product is it."""
        locations = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", company.id)], order="id"
        )
        loss = self.env["product.template"].with_company(company)
        loss = loss.default_get(["property_stock_inventory"])
        others = locations.filtered(
            lambda loc: loc.id != loss.get("property_stock_inventory")
        )
        named = others.filtered(lambda loc: "scrap" in loc.name.lower())
        return (named or others or locations)[:1]
