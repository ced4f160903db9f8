# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from odoo import models

from odoo.addons.mfg_integration_base.engine import quantity as quantities
from odoo.addons.mfg_integration_base.engine.catalogue import (
    MOOT,
    RULE,
    Entry,
    register,
)
from odoo.addons.mfg_integration_base.engine.failure import Failure
from odoo.addons.mfg_integration_base.engine.texts import marker
from odoo.addons.mfg_integration_base.engine.times import parse_time

from ..models.mfg_interface_tolerance import exact
from ..models.mfg_joborder import decimal_text
from ..models.mrp_production_consumption import Share
from .tolerance import exceeds

_lt = marker(__name__)

register(
    Entry(
        "count-tolerance",
        _lt("The count differs from Odoo by more than is tolerated"),
        RULE,
        _lt(
            "Have it counted again, or look for a report that is missing. If the count "
            "is right, approve the message: the stock becomes what was counted."
        ),
        approvable=True,
    ),
    Entry(
        "count-unclear",
        _lt("Odoo cannot tell which of its stock the count is of"),
        RULE,
        _lt(
            "Have the plant count each place by itself, or adjust the stock in Odoo's "
            "physical inventory and cancel the message."
        ),
    ),
    Entry(
        "count-overtaken",
        _lt("A later count of it is posted"),
        MOOT,
        _lt("Nothing: the later count says what there is."),
    ),
)
QUANTITY = "/data/quantity/value"
AS_OF = "/data/asOf"


@dataclass
class Facts:
    product: object
    lot: object  # or none
    location: object  # with all within
    counted: Decimal  # in the product's unit
    time: datetime


class MfgHandlerInventoryCounted(models.AbstractModel):
    """What there is of a material was counted: Odoo's stock becomes that.

    A count is of its own moment: what was posted of later times is left out of the
    comparison, and stays. The difference becomes a stock move of Odoo's own physical
    inventory, dated as of the count; a count that found what was expected makes one of
    nothing, as in Odoo.
    """

    _name = "mfg.handler.inventory.counted"
    _inherit = "mfg.handler.order"
    _description = "Inventory Counted"
    _mfg_type = "mfg.inventory.counted.v1"
    _mfg_title = _lt("Inventory counted")
    _mfg_order_policy = "continue"
    _mfg_chosen = False  # who lets a plant change stock by counting says so
    _mfg_policies = ("limit_count_difference",)

    def _check(self, message):
        self._check_moment(message, self._time(message), AS_OF)

    def _time(self, message):
        time = parse_time(message._event_data()["asOf"]).replace(tzinfo=None)
        return time.replace(microsecond=0)

    # -- what was counted --------------------------------------------------------------

    def _resolve(self, message):
        data = message._event_data()
        code = data["materialDefinitionId"]
        product = self._material(message, code, "/data/materialDefinitionId")
        if not product.is_storable:
            detail = self.env._(
                "Odoo keeps no stock of %(product)s.", product=product.display_name
            )
            raise self._refusal("count-unclear", detail, "/data/materialDefinitionId")
        product = product.with_company(message.company_id)
        lot = self._lot(message, product)
        return Facts(
            product,
            lot,
            self._place(message),
            self._counted(message, product, lot),
            self._time(message),
        )

    def _counted(self, message, product, lot):
        """In the product's unit, as exact as Odoo keeps stock.

        :raise Failure: quantity-invalid, unknown-unit, unit-mismatch
        """
        amount = quantities.parse(message._event_data()["quantity"])
        resolver, pointer = self.env["mfg.resolver"], "/data/quantity"
        counted = resolver._converted(message.endpoint_id, amount, product, pointer)
        counted = rounded(product.uom_id, counted)
        if counted < 0:
            detail = self.env._("What is counted is 0 or more.")
            raise self._refusal("quantity-invalid", detail, QUANTITY)
        if product.tracking == "serial" and counted > 1:
            detail = self.env._("%s is one piece.", lot.name)
            raise self._refusal("quantity-invalid", detail, QUANTITY)
        return counted

    def _lot(self, message, product):
        name, place = message._event_data().get("materialLotId"), "/data/materialLotId"
        if product.tracking == "none":
            if name:
                detail = self.env._(
                    "%(product)s is not tracked by lots.", product=product.display_name
                )
                raise self._refusal("lot-mismatch", detail, place)
            return self.env["stock.lot"]
        if not name:
            detail = self.env._(
                "%(product)s is counted lot by lot.", product=product.display_name
            )
            raise self._refusal("lot-required", detail, "/data")
        known = self.env["mfg.resolver"].lots(message.endpoint_id, [name], product)
        lot = known.get(name, self.env["stock.lot"])
        if len(lot) != 1:
            raise self._lot_unknown(message, name, product, place)
        self._check_lot_product(lot, product, place)
        return lot

    def _place(self, message):
        """The location named, else where the plant's warehouse keeps its stock."""
        endpoint = message.endpoint_id
        named = self._resolved(message, "location", "storageLocation", "stock.location")
        if named:
            if named.usage != "internal" or named.company_id != endpoint.company_id:
                detail = self.env._(
                    "%(place)s is no place where %(company)s keeps stock.",
                    place=named.display_name,
                    company=endpoint.company_id.name,
                )
                raise self._refusal("count-unclear", detail, "/data/storageLocation")
            return named
        of_company = [("company_id", "=", endpoint.company_id.id)]
        houses = endpoint.warehouse_id or self.env["stock.warehouse"].search(
            of_company, limit=2
        )
        if len(houses) != 1:
            detail = self.env._("There are several warehouses: say where it was.")
            raise self._refusal("count-unclear", detail, "/data")
        return houses.lot_stock_id

    # -- what it changes ---------------------------------------------------------------

    def _post_one(self, message, facts):
        places = [(facts.product, facts.lot, facts.location)]
        self.env["mrp.production"]._mfg_take_turns(places)
        self._check_latest(facts.product, facts.lot, facts.location, facts.time)
        quants = self._quants(facts)
        there = sum((exact(q.quantity) for q in quants), Decimal())
        expected = rounded(facts.product.uom_id, there - self._moved_since(facts))
        difference = facts.counted - expected
        if difference:
            self._check_difference(message, facts, expected)
        quant = self._adjusted(quants, facts, difference)
        message._link(self._move(message, quant, difference, facts.time))

    def _quants(self, facts):
        """The stock that the count is of, whoever it belongs to and packed or not."""
        lot = [("lot_id", "=", facts.lot.id)] if facts.lot else []
        return self.env["stock.quant"].search(
            [
                ("product_id", "=", facts.product.id),
                ("location_id", "child_of", facts.location.id),
                *lot,
            ]
        )

    def _moved_since(self, facts):
        """What came in after the count, less what went out."""
        inside = ("location_id", "child_of", facts.location.id)
        to_inside = ("location_dest_id", "child_of", facts.location.id)
        lot = [("lot_id", "=", facts.lot.id)] if facts.lot else []

        def moved(*conditions):
            return self.env["stock.move.line"]._read_group(
                [
                    ("product_id", "=", facts.product.id),
                    ("state", "=", "done"),
                    ("date", ">", facts.time),
                    *lot,
                    *conditions,
                ],
                aggregates=["quantity_product_uom:sum"],
            )[0][0]

        came = moved(to_inside, "!", inside) or 0.0
        went = moved(inside, "!", to_inside) or 0.0
        return exact(came) - exact(went)

    def _check_latest(self, product, lot, location, time):
        """:raise Failure: count-overtaken"""
        lots = [("lot_id", "=", lot.id)] if lot else []
        later = self.env["stock.move.line"].search(
            [
                ("product_id", "=", product.id),
                ("state", "=", "done"),
                ("is_inventory", "=", True),
                ("date", ">", time),
                *lots,
                "|",
                ("location_id", "child_of", location.id),
                ("location_dest_id", "child_of", location.id),
            ],
            order="date desc",
            limit=1,
        )
        if later:
            detail = self.env._(
                "%(product)s was counted again at %(time)s (UTC).",
                product=(lot or product).display_name,
                time=later.date,
            )
            raise self._refusal("count-overtaken", detail, AS_OF)

    def _check_difference(self, message, facts, expected):
        """:raise Failure: count-tolerance, unless a person approved of it"""
        tolerance = message.interface_id._tolerance("count_difference", expected)
        uom = facts.product.uom_id
        if tolerance is None:
            return
        if exceeds(uom, abs(facts.counted - expected), abs(tolerance)):
            detail = self.env._(
                "%(product)s in %(place)s: %(counted)s %(unit)s were counted, Odoo had "
                "%(expected)s then; at most %(allowed)s of difference are tolerated.",
                product=facts.product.display_name,
                place=facts.location.display_name,
                counted=decimal_text(facts.counted),
                expected=decimal_text(expected),
                unit=uom.name,
                allowed=decimal_text(abs(tolerance)),
            )
            message._insist(self._refusal("count-tolerance", detail, QUANTITY))

    def _adjusted(self, quants, facts, difference):
        """Which stock the difference is of; where there is none, it is in the place.

        :raise Failure: count-unclear
        """
        stocked = quants.filtered(lambda q: q.product_uom_id.compare(q.quantity, 0))
        kinds = stocked.grouped(
            lambda q: (q.location_id, q.lot_id, q.package_id, q.owner_id)
        )
        if difference and len(kinds) > 1:
            detail = self.env._(
                "%(product)s lies in several places, packages or lots of %(place)s: "
                "%(all)s. Odoo cannot tell in which of them %(difference)s differ.",
                product=facts.product.display_name,
                place=facts.location.display_name,
                all=", ".join(sorted(q[0].display_name for q in kinds.values())[:10]),
                difference=decimal_text(difference),
            )
            raise self._refusal("count-unclear", detail, "/data")
        if len(kinds) == 1:
            return stocked[0]
        return self.env["stock.quant"].new(
            {
                "product_id": facts.product.id,
                "location_id": facts.location.id,
                "lot_id": facts.lot.id,
            }
        )

    def _move(self, message, quant, difference, time):
        """The move of Odoo's physical inventory that makes up for a difference."""
        product = quant.product_id.with_company(message.company_id)
        loss, place = product.property_stock_inventory, quant.location_id
        ends = (loss, place) if difference > 0 else (place, loss)
        packages = (False, quant.package_id)
        if difference <= 0:
            packages = (quant.package_id, False)
        name = self.env._("Counted by %(plant)s", plant=message.endpoint_id.name)
        values = quant.with_context(inventory_name=name)._get_inventory_move_values(
            float(abs(difference)), *ends, *packages
        )
        move = self.env["stock.move"].create({**values, "origin": message.event_id})
        move.with_context(ignore_dest_packages=True)._action_done()
        if move.state != "done":
            raise self._refusal("internal", f"Move {move.id} is not done", "/data")
        move.date = time
        move._trigger_assign()
        return move

    # -- taking it back ----------------------------------------------------------------

    def _reverse(self, original, reversal):
        """The difference goes back, and the count is none any more.

        Not once it was counted again: what that found is what there is. Nor where what
        the count had added is gone.
        """
        self._check(original)
        for move in self._linked(original, "stock.move"):
            line, turns = move.move_line_ids, self.env["mrp.production"]
            ends = line.location_id | line.location_dest_id
            place = ends.filtered(lambda end: end.usage == "internal")
            turns._mfg_take_turns([(move.product_id, line.lot_id, place)])
            self._check_not_counted_again(move, line, place)
            self._undo(original, move, line)
            reversal._link(move, "changed")

    def _check_not_counted_again(self, move, line, location):
        try:
            self._check_latest(move.product_id, line.lot_id, location, move.date)
        except Failure as failure:
            raise Failure("not-reversible", failure.detail, failure.errors) from None

    def _undo(self, original, move, line):
        """Edited, not countered: see ``mrp_production_reversal``.

        :raise Failure: not-reversible
        """
        orders = self.env["mrp.production"]
        product = move.product_id.with_company(move.company_id)
        valued = "value" in move._fields
        prices = {product: product.standard_price} if valued else {}
        was = move.value if valued else 0
        orders._mfg_lessen(Share(original, line, exact(line.quantity)))
        if valued:
            move.value = 0
            if not move.company_id.currency_id.is_zero(was):
                orders._mfg_book(move, -was)
                move.value = 0
            if product.lot_valuated:
                line.lot_id._update_standard_price()
        move.picked = False
        move.state = "cancel"
        orders._mfg_settle_prices(prices)


def rounded(uom, amount):
    """To the digits of a unit, half up, as Decimal."""
    digit = exact(uom.rounding)
    return (amount / digit).quantize(Decimal(1), ROUND_HALF_UP) * digit
