# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from odoo import models

from ..models.mfg_joborder import decimal_text
from ..models.mrp_production_output import Output


@dataclass
class Facts:
    order: object
    workorder: object
    outputs: list  # the finished product first
    uses: list
    backflush: str
    final: bool
    time: datetime

    @property
    def quantity(self):
        return self.outputs[0].quantity


class MfgHandlerProductionReported(models.AbstractModel):
    """A quantity was made, at an operation or as finished goods.

    Pieces of an operation that others follow are counted there and move no stock;
    those of the last operation, or of the order, are finished goods.
    """

    _name = "mfg.handler.production.reported"
    _inherit = "mfg.handler.order"
    _description = "Production Reported"
    _mfg_type = "mfg.production.reported.v1"
    _mfg_title = "Production reported"

    def _resolve(self, message):
        order = self._job_order(message)
        workorder = self._segment(message, order)
        data = message._event_data()
        final = bool(data.get("final"))
        intermediate = workorder and workorder._mfg_successors() and not final
        return Facts(
            order,
            workorder,
            self._outputs(message, order, data, intermediate),
            self._uses(message, order, workorder),
            data.get("backflush") or "auto",
            final,
            self._time(message),
        )

    def _outputs(self, message, order, data, intermediate):
        main = self._output(message, data, order.product_id, "/data", intermediate)
        outputs = [main]
        for number, part in enumerate(data.get("byProducts") or []):
            pointer = f"/data/byProducts/{number}"
            product = self._material(
                message, part["materialDefinitionId"], f"{pointer}/materialDefinitionId"
            )
            outputs.append(self._output(message, part, product, pointer))
        return outputs

    def _output(self, message, data, product, pointer, intermediate=False):
        quantity = self.env["mfg.resolver"].quantity(
            message.endpoint_id, data["quantity"], product, f"{pointer}/quantity"
        )
        if intermediate:  # work in progress has no lot in Odoo yet
            return Output(product, quantity)
        lots = self._lots(message, data, product, quantity, pointer, make=True)
        return Output(product, quantity, lots)

    def _post_one(self, message, facts):
        order, workorder = facts.order, facts.workorder
        order._mfg_begin(order.mfg_started_at or facts.time)
        lines = self._consume(message, facts)
        finished = facts.final or not (workorder and workorder._mfg_successors())
        if finished:
            self._check_tolerance(message, facts)
            lines |= self._finish(message, facts)
        elif len(facts.outputs) > 1:
            lines |= order._mfg_produce(facts.outputs[1:], facts.time)
        self._count(message, facts)
        self._link_lines(message, lines)
        if facts.final:
            order._mfg_close(facts.time)
        message._link(order, "changed", {"quantity": str(facts.quantity)})

    def _consume(self, message, facts):
        if not facts.uses:
            return self.env["stock.move.line"]
        return facts.order._mfg_consume(
            facts.uses, facts.time, self._allows_negative(message)
        )

    def _finish(self, message, facts):
        order = facts.order
        order._mfg_post_picked(facts.time)  # what was staged
        negative = self._allows_negative(message)
        lines = order._mfg_backflush(
            facts.quantity, facts.backflush, facts.time, negative
        )
        return lines | order._mfg_produce(facts.outputs, facts.time)

    def _check_tolerance(self, message, facts):
        order = facts.order
        allowed = Decimal(repr(order.product_uom_qty)) * (
            1 + Decimal(repr(message.interface_id.tolerance_percent)) / 100
        )
        total = order._mfg_produced() + facts.quantity
        if order.product_id.uom_id.compare(float(total), float(allowed)) > 0:
            detail = self.env._(
                "With this report %(total)s would be made; the order is for "
                "%(ordered)s and %(percent)s %% more are tolerated.",
                total=decimal_text(total),
                ordered=decimal_text(order.product_uom_qty),
                percent=decimal_text(message.interface_id.tolerance_percent),
            )
            raise self._refusal("over-tolerance", detail, "/data/quantity/value")

    def _count(self, message, facts):
        """Count the pieces at their operation; finished goods also passed the last."""
        order, workorder = facts.order, facts.workorder
        if not workorder:
            open_ones = order.workorder_ids.filtered(lambda w: w.state != "cancel")
            workorder = open_ones.sorted(lambda w: (w.sequence, w.id))[-1:]
        if workorder:
            workorder._mfg_begin(min(facts.time, workorder.date_start or facts.time))
            workorder._mfg_count(
                order.product_id.uom_id._compute_quantity(
                    float(facts.quantity), order.product_uom_id, round=False
                )
            )
            message._link(workorder, "changed", {"quantity": str(facts.quantity)})
