# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from decimal import Decimal

from odoo import models

from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError

from ..models.mfg_interface_tolerance import exact
from ..models.mfg_joborder import decimal_text
from ..models.mfg_message import BLOCKED

SHOWN = 20  # components in the sentence; the errors name all


class MfgHandlerTolerance(models.AbstractModel):
    """How far a report may be from its order, and the end of an order.

    What goes too far is parked until a person approves of it: then the message posts
    with this one limit lifted. A message answers for what it adds.
    """

    _inherit = "mfg.handler.order"

    # -- production --------------------------------------------------------------------

    def _check_over_production(self, message, order, added):
        """:raise Failure: over-tolerance"""
        ordered, uom = self._ordered(message, order), order.product_id.uom_id
        tolerance = message.interface_id._tolerance("over_production", ordered)
        made = order._mfg_produced()
        if tolerance is None or not exceeds(uom, made + added, ordered + tolerance):
            return
        detail = self.env._(
            "%(order)s is for %(ordered)s %(unit)s; %(made)s are made, this report "
            "adds %(added)s: that makes %(total)s, at most %(allowed)s are tolerated.",
            order=order.name,
            ordered=decimal_text(ordered),
            unit=uom.name,
            made=decimal_text(made),
            added=decimal_text(added),
            total=decimal_text(made + added),
            allowed=decimal_text(ordered + tolerance),
        )
        message._insist(self._refusal("over-tolerance", detail, "/data/quantity/value"))

    # -- consumption -------------------------------------------------------------------

    def _check_over_consumption(self, message, order, uses, making=0):
        """What uses add to what an order used, against what it asks for the quantity
        ordered, or made where that is more.

        :param making: Decimal, the goods that this report adds
        :raise Failure: over-tolerance, consumption-blocked
        """
        if not self._limits_consumption(message, order):
            return
        ordered = exact(order.product_uom_qty)
        quantity = max(ordered, order._mfg_produced() + making)
        asked, used = self._asked(order, quantity), self._used(order)
        added, pointers = defaultdict(Decimal), {}
        for use in uses:
            added[use.product] += use.quantity
            pointers.setdefault(use.product, use.pointer)
        asked = self._with_asked_then(message, order, asked, added)
        self._insist_on_use(
            message,
            order,
            [
                (product, asked.get(product), used[product], amount, pointers[product])
                for product, amount in added.items()
            ],
        )

    def _check_use_at_end(self, message, order, pointer):
        """What was used against what the quantity made asks for. Use beyond what the
        whole order asks for was a matter when it was reported."""
        if not self._limits_consumption(message, order):
            return
        asked, used = self._asked(order, order._mfg_produced()), self._used(order)
        whole = self._asked(order, exact(order.product_uom_qty))
        self._insist_on_use(
            message,
            order,
            [
                (product, asked[product], min(used[product], planned), 0, pointer)
                for product, planned in whole.items()
            ],
        )

    def _limits_consumption(self, message, order):
        """As the bill of materials says; between always and never, the interface."""
        limited = message.interface_id.limit_over_consumption
        return order.consumption == "strict" or (
            order.consumption == "warning" and limited
        )

    def _asked(self, order, quantity):
        """Product -> what the order's lines ask for a quantity of goods, as Decimal."""
        share = quantity / exact(order.product_uom_qty)
        asked = defaultdict(Decimal)
        for parts, planned in order._mfg_plan(order.move_raw_ids):
            asked[parts.product_id] += planned * share
        return asked

    def _used(self, order):
        """Product -> what is consumed or set aside for the order."""
        used = defaultdict(Decimal)
        moves = order.move_raw_ids.filtered(lambda move: move.state != "cancel")
        for line in moves.move_line_ids.filtered("picked"):
            used[line.product_id] += exact(line.quantity_product_uom)
        return used

    def _insist_on_use(self, message, order, claims):
        """:param claims: (product, asked, used before, added, pointer); asked is None
        for what is no component of the order"""
        errors = []
        for product, asked, used, added, pointer in claims:
            allowed = self._allowed_use(message, order, asked)
            if allowed is not None and exceeds(product.uom_id, used + added, allowed):
                detail = self._over_used(order, product, asked, used, added, allowed)
                errors.append(FieldError(pointer, detail))
        if errors:
            code = BLOCKED if order.consumption == "strict" else "over-tolerance"
            detail = "\n".join(error.detail for error in errors[:SHOWN])
            message._insist(Failure(code, detail, errors))

    def _allowed_use(self, message, order, asked):
        """None: not for this rule to say."""
        if order.consumption == "strict":
            return asked or Decimal()
        if asked is None:  # the interface says whether it may be used at all
            return None
        return asked + message.interface_id._tolerance("over_consumption", asked)

    def _over_used(self, order, product, asked, used, added, allowed):
        values = {
            "product": product.display_name,
            "unit": product.uom_id.name,
            "asked": decimal_text(asked or 0),
            "used": decimal_text(used),
            "added": decimal_text(added),
            "total": decimal_text(used + added),
            "allowed": decimal_text(allowed),
            "order": order.name,
        }
        if not added:
            return self.env._(
                "%(product)s: what was made of %(order)s asks for %(asked)s %(unit)s, "
                "%(used)s are used, at most %(allowed)s are tolerated.",
                **values,
            )
        return self.env._(
            "%(product)s: %(order)s asks for %(asked)s %(unit)s; %(used)s are used, "
            "this report adds %(added)s: that makes %(total)s, at most %(allowed)s are "
            "tolerated.",
            **values,
        )

    # -- the end -----------------------------------------------------------------------

    def _end_order(self, message, order, time):
        """The plant ends an order: close it; its rest goes as the interface says.

        What is missing within a tolerance is no rest. An order of which nothing was
        made is its own rest: it stays open.

        :raise Failure: under-tolerance, over-tolerance, consumption-blocked
        """
        pointer = "/data/final" if "final" in message._event_data() else "/data"
        self._check_use_at_end(message, order, pointer)
        interface, uom = message.interface_id, order.product_id.uom_id
        ordered, made = exact(order.product_uom_qty), order._mfg_produced()
        tolerance = interface._tolerance("under_production", ordered)
        rest = exceeds(uom, ordered - made, tolerance or Decimal())
        if rest and tolerance is not None:
            detail = self._missing(order, ordered, made, tolerance)
            message._insist(self._refusal("under-tolerance", detail, pointer))
        backorder = rest and interface.rest_of_final == "backorder"
        if made or not backorder:
            message._link(order._mfg_close(time, backorder=backorder))

    def _missing(self, order, ordered, made, tolerance):
        return self.env._(
            "%(order)s is for %(ordered)s %(unit)s and ends with %(made)s made: "
            "%(missing)s are missing, at most %(allowed)s may be.",
            order=order.name,
            ordered=decimal_text(ordered),
            unit=order.product_id.uom_id.name,
            made=decimal_text(made),
            missing=decimal_text(ordered - made),
            allowed=decimal_text(tolerance),
        )


def exceeds(uom, amount, limit):
    """By more than the unit can tell."""
    return uom.compare(float(amount), float(limit)) > 0
