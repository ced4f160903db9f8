# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass
from datetime import datetime

from odoo import models

from odoo.addons.mfg_integration_base.engine.catalogue import RULE, Entry, register
from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError
from odoo.addons.mfg_integration_base.engine.texts import marker

from ..models.mfg_interface import BEYOND_BOM
from ..models.mrp_production_output import Output

_lt = marker(__name__)

MISMATCH = "material-mismatch"

register(
    Entry(
        MISMATCH,
        _lt("The material is not what the order makes there"),
        RULE,
        _lt(
            "Check with the plant which order the goods are of; correct the order or "
            "the material of the message, then retry it."
        ),
    )
)


@dataclass
class Facts:
    order: object
    workorder: object
    outputs: list  # the finished product first
    uses: list
    backflush: str
    final: bool
    time: datetime
    finished: bool  # its goods go into stock; else they go on to the next operation

    @property
    def quantity(self):
        return self.outputs[0].quantity

    @property
    def posted_outputs(self):
        """By-products are in stock as soon as they are made."""
        return self.outputs if self.finished else self.outputs[1:]


class MfgHandlerProductionReported(models.AbstractModel):
    """A quantity was made, at an operation or as finished goods.

    Pieces of an operation that others follow are counted there and move no stock;
    those of the last operation, or of the order, are finished goods.
    """

    _name = "mfg.handler.production.reported"
    _inherit = "mfg.handler.order"
    _description = "Production Reported"
    _mfg_type = "mfg.production.reported.v1"
    _mfg_title = _lt("Production reported")

    _mfg_policies = (
        "join",
        "shortage",
        "beyond_bom",
        "reserved_lots",
        "limit_over_production",
        "limit_over_consumption",
        "limit_under_production",
        "rest_of_final",
    )

    def _resolve(self, message):
        order = self._job_order(message)
        workorder = self._segment(message, order)
        data = message._event_data()
        final = bool(data.get("final"))
        finished = final or not (
            workorder and self._is_followed(message, order, workorder)
        )
        return Facts(
            order,
            workorder,
            self._outputs(message, order, data, finished),
            self._uses(message, order, workorder),
            data.get("backflush") or "auto",
            final,
            self._time(message),
            finished,
        )

    def _outputs(self, message, order, data, finished):
        self._check_material(message, order, data)
        main = self._output(message, data, order.product_id, "/data", finished)
        outputs = [main]
        for number, part in enumerate(data.get("byProducts") or []):
            pointer = f"/data/byProducts/{number}"
            code, place = (
                part["materialDefinitionId"],
                f"{pointer}/materialDefinitionId",
            )
            product = self._material(message, code, place)
            self._check_no_kit(product, order.move_finished_ids, place)
            if product == order.product_id:
                raise self._main_beside(order, pointer)
            outputs.append(self._output(message, part, product, pointer))
        return outputs

    def _main_beside(self, order, pointer):
        """As a by-product it would be goods of any operation, beyond any limit."""
        detail = self.env._(
            "%(product)s is what %(order)s makes: report it as the quantity, not as a "
            "by-product.",
            product=order.product_id.display_name,
            order=order.name,
        )
        pointer = f"{pointer}/materialDefinitionId"
        return self._refusal(MISMATCH, detail, pointer)

    def _check_material(self, message, order, data):
        """Where the plant names what it made, it must be what the order makes.

        :raise Failure: unknown-material, material-mismatch
        """
        code = data.get("materialDefinitionId")
        if not code:
            return
        pointer = "/data/materialDefinitionId"
        if self._material(message, code, pointer) != order.product_id:
            detail = self.env._(
                "%(code)s is reported, but order %(order)s makes %(product)s.",
                code=code,
                order=order.name,
                product=order.product_id.display_name,
            )
            raise self._refusal(MISMATCH, detail, pointer)

    def _output(self, message, data, product, pointer, finished=True):
        quantity = self.env["mfg.resolver"].quantity(
            message.endpoint_id, data["quantity"], product, f"{pointer}/quantity"
        )
        lots = []
        if finished:
            lots = self._lots(message, data, product, quantity, pointer, make=True)
        else:  # work in progress has no lot in Odoo yet
            self._check_lots_ahead(message, data, product, quantity, pointer)
        return Output(product, quantity, lots, message)

    def _reverse(self, original, reversal):
        """A final report also ended its order: that goes on."""
        ended = bool(original._event_data().get("final"))
        self._take_back(original, reversal, ended)

    def _join_key(self, message):
        data = message._event_data()
        lots = data.get("lots") or []
        if data.get("final") or data.get("byProducts") or len(lots) > 1:
            return None
        if self._ends_component(message):
            return None
        return (
            data["jobOrderId"],
            data.get("version"),
            data.get("operationsSegmentId"),
            data.get("backflush"),
            lots and lots[0]["materialLotId"],
            self._named_components(data),
            self._join_day(message),
        )

    def _named_components(self, data):
        """What is not derived from the goods of this report, unlike from others'."""
        used = data.get("materials") or []
        instead = [part["substitutes"] for part in used if "substitutes" in part]
        return {part["materialDefinitionId"] for part in (*used, *instead)}

    def _post_joined(self, messages, reports):
        first = reports[0]
        order, time = first.order, max(report.time for report in reports)
        order._mfg_begin(order.mfg_started_at or min(r.time for r in reports))
        if first.finished:
            made = sum(report.quantity for report in reports)
            self._check_over_production(messages[0], order, made)
        self._check_by_products(messages[0], order, first.outputs[1:])
        self._check_serials_once([r.outputs[0] for r in reports], "/data/lots")
        if first.final:
            order._mfg_end_labour(time)
        shares = self._consume(messages, reports, time)
        outputs = [output for report in reports for output in report.posted_outputs]
        if outputs:
            shares += order._mfg_produce(outputs, time)
        links = self._share_links(shares) + self._count(messages, reports)
        self.env["mfg.message.link"]._add(links)
        if first.final:
            self._end_order(messages[0], order, time)

    def _check_by_products(self, message, order, outputs):
        """Whether the order was to make them, where the interface asks for that.

        :raise Failure: beyond-bom
        """
        if not outputs or message.interface_id.beyond_bom != "refuse":
            return
        errors = [
            FieldError(
                f"/data/byProducts/{number}/materialDefinitionId",
                self.env._(
                    "%(product)s is no by-product of %(order)s.",
                    product=output.product.display_name,
                    order=order.name,
                ),
            )
            for number, output in enumerate(outputs)
            if not order._mfg_is_by_product(output.product)
        ]
        if errors:
            message._insist(Failure(BEYOND_BOM, errors[0].detail, errors))

    def _consume(self, messages, reports, time):
        """What was reported as used, follows from the quantity, or was staged."""
        order, first = reports[0].order, reports[0]
        uses = [use for report in reports for use in report.uses]
        self._check_lots_used(uses)
        self._claim(order, uses)  # what is reported is not backflushed
        parts = [report.quantity for report in reports] if first.finished else []
        if first.finished:
            made = zip(messages, parts, strict=True)
            uses += order._mfg_backflush_uses(made, first.backflush)
        if not (uses or first.finished):
            return []
        self._check_over_consumption(messages[0], order, uses, sum(parts))
        return self._use_up(messages[0], order, uses, time)

    def _count(self, messages, reports):
        """Count the pieces at their operation; finished goods also passed the last.

        :return: the links of each report to its order and operation
        """
        order, workorder = reports[0].order, reports[0].workorder
        counted = [
            (m, {"quantity": str(r.quantity)})
            for m, r in zip(messages, reports, strict=True)
        ]
        links = [(message, order, "changed", undo) for message, undo in counted]
        if not workorder:
            workorder = order._mfg_flow().sorted(lambda w: (w.sequence, w.id))[-1:]
        if not workorder:
            return links
        begun = min(report.time for report in reports)
        workorder._mfg_begin(min(begun, workorder.date_start or begun))
        workorder._mfg_count(
            order.product_id.uom_id._compute_quantity(
                float(sum(report.quantity for report in reports)),
                order.product_uom_id,
                round=False,
            )
        )
        return links + [(m, workorder, "changed", undo) for m, undo in counted]
