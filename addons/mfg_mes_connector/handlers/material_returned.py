# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from odoo.addons.mfg_integration_base.engine.failure import Failure

from ..models.mrp_production import OPEN_STATES
from .material_consumed import Facts


class MfgHandlerMaterialReturned(models.AbstractModel):
    """Unused components of an order were put back, also after its end.

    Not reversible: a posting that gave its quantity back may have ended with it, its
    value and genealogy are settled. What was used after all is consumed anew, by a new
    event, at the time and the cost of that.
    """

    _name = "mfg.handler.material.returned"
    _inherit = "mfg.handler.order"
    _description = "Material Returned"
    _mfg_type = "mfg.material.returned.v1"
    _mfg_title = "Material returned"

    def _resolve(self, message):
        order = self._job_order(message, (*OPEN_STATES, "done"))
        order = order._mfg_consumer(self._products(message)) or order
        workorder = self._segment(message, order)
        uses = self._uses(message, order, workorder)
        return Facts(order, workorder, uses, self._time(message))

    def _products(self, message):
        products = self.env["product.product"]
        for number, material in enumerate(message._event_data()["materials"]):
            place = f"/data/materials/{number}/materialDefinitionId"
            code = material["materialDefinitionId"]
            products |= self._material(message, code, place)
        return products

    def _reverse(self, original, reversal):
        detail = self.env._(
            "A return cannot be taken back: send what was used after all as a new "
            "“Material consumed”."
        )
        raise Failure("not-reversible", detail)

    def _post_one(self, message, facts):
        order = facts.order
        for use in facts.uses:
            for share in order._mfg_return(use, facts.time):
                # lessened as of then: those books must be open, too
                self._check_moment(message, share.line.date, use.pointer)
                undo = {"returned": float(share.quantity)}
                message._link(share.line, "changed", undo)
        message._link(order, "changed")
