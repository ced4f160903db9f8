# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..engine.texts import marker

_lt = marker(__name__)


class MfgHandlerEventPosted(models.AbstractModel):
    """The business answer to the sender: its event took effect."""

    _name = "mfg.handler.event.posted"
    _inherit = "mfg.handler"
    _description = "Event Posted"
    _mfg_type = "mfg.event.posted.v1"
    _mfg_direction = "out"
    _mfg_title = _lt("Answer: posted")


class MfgHandlerEventParked(models.AbstractModel):
    """The business answer to the sender: its event waits for a person."""

    _name = "mfg.handler.event.parked"
    _inherit = "mfg.handler"
    _description = "Event Parked"
    _mfg_type = "mfg.event.parked.v1"
    _mfg_direction = "out"
    _mfg_title = _lt("Answer: parked")
