# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import models

from odoo.addons.mfg_integration_base.engine.failure import Failure
from odoo.addons.mfg_integration_base.engine.texts import marker

from ..models.mrp_production import OPEN_STATES
from ..models.mrp_production_consumption import Share
from ..models.mrp_production_return_undone import Returned
from .material_consumed import Facts

_lt = marker(__name__)


class MfgHandlerMaterialReturned(models.AbstractModel):
    """Unused components of an order were put back, also after its end."""

    _name = "mfg.handler.material.returned"
    _inherit = "mfg.handler.order"
    _description = "Material Returned"
    _mfg_type = "mfg.material.returned.v1"
    _mfg_title = _lt("Material returned")

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

    def _post_one(self, message, facts):
        order = facts.order
        for use in facts.uses:
            for share in order._mfg_return(use, facts.time):
                # lessened as of then: those books must be open, too
                self._check_moment(message, share.line.date, use.pointer)
                undo = {"returned": share.product_quantity}
                message._link(share.line, "changed", undo)
        message._link(order, "changed")

    # -- reversal --------------------------------------------------------------------

    def _reverse(self, original, reversal):
        """The reports that had used it have used it after all."""
        for message in (original, reversal):
            self._check_time(message)
        order, trace = self._order_of(original), self._trace_of(original)
        parts = [
            self._given_back(key, noted)
            for key, noted in trace.get("returned", {}).items()
        ]
        for part in parts:
            if part.noted["posted"]:  # used as of then: those books must be open, too
                self._check_moment(reversal, part.line.date, "/data/time")
        order._mfg_take_back(self._put_away(original))
        order._mfg_use_after_all(parts, trace.get("planned", {}))
        order._mfg_untrace(trace, [])
        reversal._link(order, "changed")

    def _put_away(self, original):
        """All of the transfers to where the plant had put it."""
        lines = self._linked(original, "stock.move").move_line_ids
        return [Share(original, k, Decimal(repr(k.quantity))) for k in lines]

    def _given_back(self, key, noted):
        """What the return had taken off of one report, or off of nobody's part of a
        line.

        :param key: of a :class:`~..models.mrp_production_return.Part`
        :raise Failure: not-reversible when that report is taken back itself
        """
        # sudo: links are the engine's
        links, messages = self.env["mfg.message.link"].sudo(), self.env["mfg.message"]
        line = self.env["stock.move.line"].browse(noted["line"]).exists()
        reported = not key.startswith("line:")
        link = links.browse(int(key) if reported else []).exists()
        if (reported and not link) or (noted["posted"] and not line):
            detail = self.env._("A posting of it was deleted in Odoo.")
            raise Failure("not-reversible", detail)
        report = link.message_id
        if report.reversed_by_id or report.rest_of_id.reversed_by_id:
            detail = self.env._(
                "The consumption that it lessened, event “%s”, is taken back itself: "
                "nothing can be used for it any more.",
                report.event_id,
            )
            raise Failure("not-reversible", detail)
        return Returned(messages.browse(report.ids), link, line, noted)
