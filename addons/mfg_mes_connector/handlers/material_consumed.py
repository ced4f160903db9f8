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
        )

    def _storage(self, message, data, pointer):
        code = data.get("storageLocation")
        if not code:
            return None
        resolver, place = self.env["mfg.resolver"], f"{pointer}/storageLocation"
        return resolver.resolve(message.endpoint_id, "location", code, place)

    def _allows_negative(self, message):
        return message.interface_id.shortage == "allow"

    def _link_lines(self, message, lines):
        """Move lines with what a reversal needs; their moves; the order they are of."""
        for line in lines:
            undo = {"quantity": line.quantity, "lot": line.lot_id.id}
            message._link(line, "created", undo)
        message._link(lines.move_id, "changed")


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

    def _post_one(self, message, facts):
        order = facts.order
        order._mfg_begin(order.mfg_started_at or facts.time)
        lines = order._mfg_consume(
            facts.uses,
            facts.time,
            allow_negative=self._allows_negative(message),
            staged=message.interface_id.consumption == "staged",
        )
        self._link_lines(message, lines)
        message._link(order, "changed")
