# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass
from datetime import datetime

from odoo import models

from odoo.addons.mfg_integration_base.engine.texts import marker

from ..models.mrp_production import OPEN_STATES
from ..models.mrp_production_ledger import ledger_key
from ..tools.posting_day import as_of

_lt = marker(__name__)


@dataclass
class Facts:
    order: object
    product: object
    shares: list  # (stock.lot, Decimal)
    reason: object
    time: datetime
    in_process: bool  # never good stock


class MfgHandlerProductionScrapped(models.AbstractModel):
    """Goods of an order were scrapped.

    Before the end of the order its own product is work in progress: it is scrapped
    where it is, in production, and the good stock stays untouched. Components, and
    goods scrapped after the end, come out of stock, and must be there.
    """

    _name = "mfg.handler.production.scrapped"
    _inherit = "mfg.handler.order"
    _description = "Production Scrapped"
    _mfg_type = "mfg.production.scrapped.v1"
    _mfg_title = _lt("Production scrapped")

    _mfg_policies = ("shortage",)
    _mfg_withheld = {"shortage": ("wait",)}  # it has no rest to be posted without

    def _resolve(self, message):
        order, time = self._order_scrapped(message), self._time(message)
        data = message._event_data()
        product = self._product(message, order)
        total = self.env["mfg.resolver"].quantity(
            message.endpoint_id, data["quantity"], product, "/data/quantity"
        )
        own = product == order.product_id and not order._mfg_over(time)
        lots = self._lots(message, data, product, total, "/data", make=own)
        return Facts(
            order,
            product,
            lots or [(self.env["stock.lot"], total)],
            self._resolved(message, "reason", "reasonCode", "stock.scrap.reason.tag"),
            time,
            own,
        )

    def _product(self, message, order):
        code = message._event_data().get("materialDefinitionId")
        if not code:
            return order.product_id
        return self._material(message, code, "/data/materialDefinitionId")

    def _order_scrapped(self, message):
        """Of an order and its backorders the one that was worked on then. Goods are of
        the order that made them; of one that is not begun there are none.

        :raise Failure: unknown-order, order-not-open, unknown-material
        """
        states = (*OPEN_STATES, "done")
        order = self._job_order(message, states, self._time(message))
        if self._product(message, order) != order.product_id:
            return order
        family = order._mfg_family().filtered(lambda o: o.state in states).sorted("id")
        makers = self._makers(message, family)
        if makers and order not in makers:
            return makers[-1]
        ended = family.filtered(lambda o: o.state == "done")
        begun = order.state == "done" or order.mfg_plant_open or order._mfg_is_begun()
        return order if begun else ended[-1:] or order

    def _makers(self, message, orders):
        """Those that made a lot that is named."""
        given = message._event_data().get("lots") or []
        names = [lot["materialLotId"] for lot in given]
        known = self.env["mfg.resolver"].lots(
            message.endpoint_id, names, orders.product_id
        )
        lots = self._union(known.values())
        return orders.filtered(lambda o: lots & o._mfg_goods().lot_id)

    def _post_one(self, message, facts):
        order, product = facts.order, facts.product
        if order.state != "done":
            order._mfg_begin(order.mfg_started_at or facts.time)
        reserved = self._give_way(facts)
        for lot, share in facts.shares:
            key = ledger_key("scrapped", product, lot)
            amount = order._mfg_carry(key, product, share, message)
            for source in self._sources(message, facts, lot, amount):
                message._link(self._scrap(facts, lot, *source))
        if reserved:
            order._mfg_reserve_again(reserved)
        message._link(order, "changed")

    def _give_way(self, facts):
        """What the order has reserved of a component is there to be scrapped.

        :return: the product, where it had; what is left is to be reserved again
        """
        order, product = facts.order, facts.product
        if product == order.product_id or order.state == "done":
            return product.browse()
        reserved = order._mfg_reserving(product)
        order._mfg_release_reservation(product)
        return reserved

    def _reverse(self, original, reversal):
        """The scraps stay, with nothing in them: their numbers were given out."""
        self._take_back(original, reversal)
        reversal._link(self._linked(original, "stock.scrap"), "changed")

    def _sources(self, message, facts, lot, amount):
        """(location, package, amount) the scrap comes from."""
        order, product = facts.order, facts.product
        if amount <= 0:
            return []
        if facts.in_process:
            return [(order.production_location_id, self.env["stock.package"], amount)]
        location = order.location_src_id
        if product == order.product_id:
            location = order.location_dest_id
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
        as_of(scrap, facts.time).do_scrap()
        if scrap.state != "done":
            raise self._refusal("internal", f"{scrap.name} is not done", "/data")
        scrap.date_done = facts.time
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
