# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from odoo import models

from odoo.addons.mfg_integration_base.engine.failure import Failure
from odoo.addons.mfg_integration_base.engine.texts import marker

from ..models.mrp_production import OPEN_STATES
from ..models.mrp_production_ledger import rounded
from ..models.mrp_production_rework import Rework

_lt = marker(__name__)

LONGEST = timedelta(days=365)  # an expectation only: nothing is posted from it


@dataclass
class Facts:
    order: object
    rework: Rework
    location: object  # where the pieces are taken out of; none: they are in process
    lots: list  # (stock.lot, Decimal)
    time: datetime


class MfgHandlerProductionReworked(models.AbstractModel):
    """Pieces have to be worked over.

    Those in process stay in the order, which gets an operation more. Those that are
    good stock leave it at once, into an order of their own.
    """

    _name = "mfg.handler.production.reworked"
    _inherit = "mfg.handler.order"
    _description = "Production Reworked"
    _mfg_type = "mfg.production.reworked.v1"
    _mfg_title = _lt("Production reworked")

    def _resolve(self, message):
        order = self._job_order(message, (*OPEN_STATES, "done"))
        data, product = message._event_data(), order.product_id
        quantity = self._quantity(message, data, product)
        location = self._storage(message, data, "/data")
        if order.state == "done":
            location = location or order.location_dest_id
        lots = []
        if location:  # work in progress has no lot in Odoo yet
            lots = self._lots(message, data, product, quantity, "/data")
        rework = Rework(
            quantity,
            self._resolved(message, "reason", "reasonCode", "stock.scrap.reason.tag"),
            self._operations(message, order, quantity),
        )
        return Facts(order, rework, location, lots, self._time(message))

    def _quantity(self, message, data, product):
        """What is reworked, in the product's unit; never less than it can count."""
        quantity = self.env["mfg.resolver"].quantity(
            message.endpoint_id, data["quantity"], product, "/data/quantity"
        )
        if not rounded(product.uom_id, quantity):
            detail = self.env._(
                "%(quantity)s %(unit)s are less than Odoo can count.",
                quantity=quantity,
                unit=product.uom_id.name,
            )
            raise self._refusal("quantity-invalid", detail, "/data/quantity/value")
        return quantity

    def _operations(self, message, order, quantity):
        """Values of the work orders to make; by default one, where the order ends."""
        parts = message._event_data().get("segments")
        if not parts:
            last = order._mfg_flow().sorted(lambda w: (w.sequence, w.id))[-1:]
            if not last:
                raise self._place_missing(order)
            return [self._operation(last.workcenter_id, self.env._("Rework"))]
        ratio = quantity / Decimal(repr(order.product_uom_qty))
        return [
            self._part(message, order, part, f"/data/segments/{number}", ratio)
            for number, part in enumerate(parts)
        ]

    def _part(self, message, order, part, pointer, ratio):
        repeated = self._segment(message, order, part, pointer)
        workcenter = self._resolved(
            message, "equipment", "equipmentId", "mrp.workcenter", part, pointer
        )
        name = self.env._("Rework")
        if repeated:
            name = self.env._("%s (rework)", repeated.name)
        return self._operation(
            workcenter or repeated.workcenter_id,
            part.get("name") or name,
            self._minutes(message, part, pointer, repeated, ratio),
        )

    def _minutes(self, message, part, pointer, repeated, ratio):
        """As long as the plant expects; else the operation's share for these pieces."""
        if "duration" not in part:
            return repeated.duration_expected * float(ratio)
        length = self.env["mfg.resolver"].duration(
            message.endpoint_id, part["duration"], f"{pointer}/duration", LONGEST
        )
        return length.total_seconds() / 60

    def _operation(self, workcenter, name, minutes=0.0):
        return {
            "workcenter_id": workcenter.id,
            "name": name,
            "duration_expected": minutes,
        }

    def _place_missing(self, order):
        detail = self.env._(
            "Order %s has no operations: name the machine of the rework in segments.",
            order.name,
        )
        return self._refusal("unknown-segment", detail, "/data/segments")

    def _post_one(self, message, facts):
        order, rework, time = facts.order, facts.rework, facts.time
        if not facts.location:
            order._mfg_begin(order.mfg_started_at or time)
            message._link(order._mfg_add_rework(rework))
            message._link(order, "changed")
            return
        made = order._mfg_make_rework_order(rework, facts.location, time)
        message._link(made)
        message._link(order, "changed")
        shares = made._mfg_take_in(
            facts.location, facts.lots, rework.quantity, message, time
        )
        self.env["mfg.message.link"]._add(self._share_links(shares))

    # -- reversal --------------------------------------------------------------------

    def _reverse(self, original, reversal):
        made = self._links(original, "mrp.production").filtered(
            lambda link: link.role == "created"
        )
        workorders = self._linked(original, "mrp.workorder")
        if made:
            rework = self.env["mrp.production"].browse(made.res_id).exists()
            workorders = rework.workorder_ids
            self._check_not_reported(rework, original)
        for workorder in workorders:
            self._check_not_begun(workorder)
        if made:
            self._put_back(rework, original, reversal)
        else:
            # sudo: with accounting, this reads analytic lines, which are not for
            # production; nothing has been logged at the operations
            workorders.sudo().unlink()
            self._take_back(original, reversal)

    def _put_back(self, rework, original, reversal):
        for message in (original, reversal):
            self._check_time(message)
        rework._mfg_take_back(self._shares_of(original))
        rework._mfg_cancel_rework()
        reversal._link(rework, "changed")
        reversal._link(self._order_of(original), "changed")

    def _check_not_reported(self, rework, original):
        if rework.state != "progress" or self._staying(rework, original):
            detail = self.env._(
                "%s was worked on, or ended, since: take that back first.",
                rework.name or self.env._("The rework order"),
            )
            raise Failure("not-reversible", detail)

    def _check_not_begun(self, workorder):
        begun = workorder.state not in ("ready", "blocked")
        if begun or workorder.time_ids or workorder.qty_produced:
            detail = self.env._(
                "%s was worked on, or ended, since: take that back first.",
                workorder.display_name,
            )
            raise Failure("not-reversible", detail)
