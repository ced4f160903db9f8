# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass
from datetime import datetime

from odoo import models

from odoo.addons.mfg_integration_base.engine.catalogue import RULE, Entry, register
from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError
from odoo.addons.mfg_integration_base.engine.texts import marker

from ..models.mfg_interface import BEYOND_BOM
from ..models.mrp_production_consumption import Use

_lt = marker(__name__)

KIT = "material-kit"

register(
    Entry(
        KIT,
        _lt("The material is a kit"),
        RULE,
        _lt(
            "Odoo has stock of a kit's components only. Put these in its place in the "
            "message and retry it, and have the plant report them from now on."
        ),
    )
)


@dataclass
class Facts:
    order: object
    workorder: object
    uses: list
    time: datetime


class MfgHandlerMaterials(models.AbstractModel):
    """Components used for an order, as two message types report them."""

    _inherit = "mfg.handler.order"

    def _uses(self, message, order, workorder):
        materials = message._event_data().get("materials") or []
        return [
            self._use(message, order, workorder, material, f"/data/materials/{number}")
            for number, material in enumerate(materials)
        ]

    def _use(self, message, order, workorder, data, pointer):
        code, place = data["materialDefinitionId"], f"{pointer}/materialDefinitionId"
        product = self._material(message, code, place)
        self._check_no_kit(product, order.move_raw_ids, place)
        quantity = self.env["mfg.resolver"].quantity(
            message.endpoint_id, data["quantity"], product, f"{pointer}/quantity"
        )
        return Use(
            product,
            quantity,
            lots=self._lots(message, data, product, quantity, pointer),
            location=self._storage(message, data, pointer),
            workorder=workorder,
            final=bool(data.get("final")),
            pointer=pointer,
            report=message,
            replaces=self._replaced(message, data, pointer),
            given=data,
            claims=self._claims(message),
        )

    def _check_no_kit(self, product, lines, pointer):
        """Of what is no line of the order Odoo would make one, and of a kit one for
        each of its components.

        :raise Failure: material-kit
        """
        if product not in lines.product_id and product.is_kits:
            detail = self.env._(
                "%(product)s is a kit: report its components.",
                product=product.display_name,
            )
            raise self._refusal(KIT, detail, pointer)

    def _claims(self, message):
        """Whether the plant itself tells what it uses of a component: then no more of
        it is derived from the goods."""
        return True

    def _replaced(self, message, data, pointer):
        """The planned component that a substitute stood in for and how much of it, in
        its own unit; or None."""
        given = data.get("substitutes")
        if not given:
            return None
        place = f"{pointer}/substitutes"
        code = given["materialDefinitionId"]
        product = self._material(message, code, f"{place}/materialDefinitionId")
        own = "quantity" in given  # else as much as was used
        amount = given["quantity"] if own else data["quantity"]
        place = f"{place if own else pointer}/quantity"
        resolver = self.env["mfg.resolver"]
        return product, resolver.quantity(message.endpoint_id, amount, product, place)

    def _storage(self, message, data, pointer):
        code = data.get("storageLocation")
        if not code:
            return None
        resolver, place = self.env["mfg.resolver"], f"{pointer}/storageLocation"
        return resolver.resolve(message.endpoint_id, "location", code, place)

    def _allows_negative(self, message):
        return message.interface_id.shortage == "allow"

    def _claim(self, order, uses):
        """Say what the plant used itself, before anything is derived from the goods.

        :raise Failure: beyond-bom
        """
        for use in uses:
            if use.report.interface_id.beyond_bom == "refuse":
                self._check_component(use, order, use.product)
            if use.replaces:
                self._check_component(use, order, use.replaces[0], "/substitutes")
                order._mfg_replace(*use.replaces, use.report)
            order._mfg_leave_derived(use)
        order._mfg_find_moves(uses)

    def _check_component(self, use, order, product, part=""):
        was = self._asked_then(use.report, order, product)
        if was is None and not order._mfg_is_component(product):
            detail = self.env._(
                "%(product)s is no component of %(order)s.",
                product=product.display_name,
                order=order.name,
            )
            pointer = f"{use.pointer}{part}/materialDefinitionId"
            error = FieldError(pointer, detail)
            use.report._insist(Failure(BEYOND_BOM, detail, [error]))

    def _use_up(self, message, order, uses, time, staged=False):
        """Post what was used; what there is no stock of, as the interface says.

        :return: list of :class:`~..models.mrp_production_consumption.Share`
        :raise Failure: shortage
        """
        shortage = message.interface_id.shortage
        shares = order._mfg_consume(uses, time, shortage, staged)
        self._queue_rests(order, uses)
        return shares

    def _ends_component(self, message):
        """Whether it says that no more of a component will come."""
        materials = message._event_data().get("materials") or []
        return any(material.get("final") for material in materials)

    def _share_links(self, shares):
        """Each report's part of the move lines, as a reversal needs it; their moves."""
        links = []
        for share in shares:
            undo = {"quantity": float(share.quantity), "lot": share.line.lot_id.id}
            links.append((share.report, share.line, "created", undo))
        moves = {(share.report, share.line.move_id): None for share in shares}
        return links + [(report, move, "changed", None) for report, move in moves]


class MfgHandlerMaterialConsumed(models.AbstractModel):
    """Components were used for an order."""

    _name = "mfg.handler.material.consumed"
    _inherit = "mfg.handler.order"
    _description = "Material Consumed"
    _mfg_type = "mfg.material.consumed.v1"
    _mfg_title = _lt("Material consumed")

    _mfg_policies = (
        "join",
        "consumption",
        "shortage",
        "beyond_bom",
        "reserved_lots",
        "limit_over_consumption",
    )

    def _resolve(self, message):
        rest = bool(message.rest_of_id)
        order = self._rest_order(message) if rest else self._job_order(message)
        workorder, time = self._segment(message, order), self._time(message)
        uses = self._uses(message, order, workorder)
        for use in uses:
            use.waited, use.time = rest, None if rest else time
        return Facts(order, workorder, uses, time)

    def _reverse(self, original, reversal):
        self._take_back(original, reversal)

    def _join_key(self, message):
        if self._ends_component(message) or message.rest_of_id:
            return None
        data = message._event_data()
        return data["jobOrderId"], data.get("version"), self._join_day(message)

    def _post_joined(self, messages, reports):
        order = reports[0].order
        if messages[0].rest_of_id:
            self._post_rest(messages[0], reports[0])
            return
        time = max(report.time for report in reports)
        order._mfg_begin(order.mfg_started_at or min(r.time for r in reports))
        uses = [use for report in reports for use in report.uses]
        self._check_lots_used(uses)
        self._claim(order, uses)
        self._check_over_consumption(messages[0], order, uses)
        staged = messages[0].interface_id.consumption == "staged"
        shares = self._use_up(messages[0], order, uses, time, staged)
        links = self._share_links(shares)
        links += [(message, order, "changed", None) for message in messages]
        self.env["mfg.message.link"]._add(links)
