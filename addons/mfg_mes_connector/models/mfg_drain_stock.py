# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from .mrp_production_consumption import Shortage


class MfgDrain(models.AbstractModel):
    """Stock may have come between a posting's look at it and its parking."""

    _inherit = "mfg.drain"

    def _finish_failed(self, message, failure, trace, started):
        result = super()._finish_failed(message, failure, trace, started)
        if isinstance(failure, Shortage):
            _kind, place = failure.wanted
            self.env["mfg.message"]._look_again(place, failure.on_hand)
        return result
