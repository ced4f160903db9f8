# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..engine.texts import marker

_lt = marker(__name__)


class MfgHandlerConnection(models.AbstractModel):
    """An integrator's first event: proves key, envelope, inbox and drain at once."""

    _name = "mfg.handler.connection.tested"
    _inherit = "mfg.handler"
    _description = "Connection Tested"
    _mfg_type = "mfg.connection.tested.v1"
    _mfg_lane = "realtime"
    _mfg_title = _lt("Connection tested")

    def _post_one(self, message, facts):
        message._link(message.endpoint_id, "changed")

    def _reverse(self, original, reversal):
        """There is nothing to undo: an integrator can try a reversal, too."""
        reversal._link(original.endpoint_id, "changed")
