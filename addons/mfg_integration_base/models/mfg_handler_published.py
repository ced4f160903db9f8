# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..engine.texts import marker

_lt = marker(__name__)


class MfgHandlerPublished(models.AbstractModel):
    """What the handlers of published records have in common: mass data, not urgent.

    A plant is not told of any unless somebody chose so: it may be very many.
    """

    _name = "mfg.handler.published"
    _inherit = "mfg.handler"
    _description = "Published Record"
    _mfg_direction = "out"
    _mfg_lane = "batch"
    _mfg_order_policy = "continue"
    _mfg_chosen = False


class MfgHandlerPublishedMaterial(models.AbstractModel):
    """Odoo tells the plant of a product."""

    _name = "mfg.handler.published.material"
    _inherit = "mfg.handler.published"
    _description = "Material"
    _mfg_type = "mfg.master.material.v1"
    _mfg_title = _lt("Master data: material")


class MfgHandlerPublishedUnit(models.AbstractModel):
    """Odoo tells the plant of a unit of measure."""

    _name = "mfg.handler.published.unit"
    _inherit = "mfg.handler.published"
    _description = "Unit"
    _mfg_type = "mfg.master.unit.v1"
    _mfg_title = _lt("Master data: unit")


class MfgHandlerPublishedLocation(models.AbstractModel):
    """Odoo tells the plant of a stock location."""

    _name = "mfg.handler.published.location"
    _inherit = "mfg.handler.published"
    _description = "Location"
    _mfg_type = "mfg.master.location.v1"
    _mfg_title = _lt("Master data: location")


class MfgHandlerPublishedLot(models.AbstractModel):
    """Odoo tells the plant of a lot or serial number."""

    _name = "mfg.handler.published.lot"
    _inherit = "mfg.handler.published"
    _description = "Lot"
    _mfg_type = "mfg.master.lot.v1"
    _mfg_title = _lt("Master data: lot")
