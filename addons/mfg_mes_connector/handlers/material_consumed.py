# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass
from datetime import datetime

from odoo import models

from ..models.mrp_production_consumption import Use


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
        )

    def _storage(self, message, data, pointer):
        code = data.get("storageLocation")
        if not code:
            return None
        resolver, place = self.env["mfg.resolver"], f"{pointer}/storageLocation"
        return resolver.resolve(message.endpoint_id, "location", code, place)

    def _allows_negative(self, message):
        return message.interface_id.shortage == "allow"

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
    _mfg_title = "Material consumed"

    def _resolve(self, message):
        order = self._job_order(message)
        workorder = self._segment(message, order)
        uses = self._uses(message, order, workorder)
        return Facts(order, workorder, uses, self._time(message))

    def _join_key(self, message):
        if self._ends_component(message):
            return None
        return message._event_data()["jobOrderId"], self._join_day(message)

    def _post_joined(self, messages, reports):
        order = reports[0].order
        time = max(report.time for report in reports)
        order._mfg_begin(order.mfg_started_at or min(r.time for r in reports))
        shares = order._mfg_consume(
            [use for report in reports for use in report.uses],
            time,
            allow_negative=self._allows_negative(messages[0]),
            staged=messages[0].interface_id.consumption == "staged",
        )
        links = self._share_links(shares)
        links += [(message, order, "changed", None) for message in messages]
        self.env["mfg.message.link"]._add(links)
