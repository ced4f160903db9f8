# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from odoo.addons.mfg_integration_base.engine.texts import marker

_lt = marker(__name__)


class MfgHandlerPublishedBom(models.AbstractModel):
    """Odoo tells the plant of a bill of materials."""

    _name = "mfg.handler.published.bom"
    _inherit = "mfg.handler.published"
    _description = "Bill of Materials"
    _mfg_type = "mfg.master.bom.v1"
    _mfg_title = _lt("Master data: bill of materials")


class MfgHandlerPublishedRouting(models.AbstractModel):
    """Odoo tells the plant of a routing."""

    _name = "mfg.handler.published.routing"
    _inherit = "mfg.handler.published"
    _description = "Routing"
    _mfg_type = "mfg.master.routing.v1"
    _mfg_title = _lt("Master data: routing")


class MfgHandlerPublishedEquipment(models.AbstractModel):
    """Odoo tells the plant of a work centre."""

    _name = "mfg.handler.published.equipment"
    _inherit = "mfg.handler.published"
    _description = "Equipment"
    _mfg_type = "mfg.master.equipment.v1"
    _mfg_title = _lt("Master data: equipment")
