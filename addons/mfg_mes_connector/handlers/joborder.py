# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from odoo.addons.mfg_integration_base.engine.texts import marker

from ..models.mrp_production import CANCELLED, CHANGED, RELEASED

_lt = marker(__name__)


class MfgHandlerJoborderReleased(models.AbstractModel):
    """Odoo tells the plant to make something (B2MML JobOrder, command Store)."""

    _name = "mfg.handler.joborder.released"
    _inherit = "mfg.handler"
    _description = "Job Order Released"
    _mfg_type = RELEASED
    _mfg_direction = "out"
    _mfg_title = _lt("Job order released")


class MfgHandlerJoborderChanged(models.AbstractModel):
    """Odoo tells the plant what is planned anew (B2MML JobOrder, command Update)."""

    _name = "mfg.handler.joborder.changed"
    _inherit = "mfg.handler"
    _description = "Job Order Changed"
    _mfg_type = CHANGED
    _mfg_direction = "out"
    _mfg_title = _lt("Job order changed")

    _mfg_policies = (
        "change_quantity",
        "change_dates",
        "change_components",
        "change_operations",
        "change_priority",
    )


class MfgHandlerJoborderCancelled(models.AbstractModel):
    """Odoo tells the plant not to make it after all."""

    _name = "mfg.handler.joborder.cancelled"
    _inherit = "mfg.handler"
    _description = "Job Order Cancelled"
    _mfg_type = CANCELLED
    _mfg_direction = "out"
    _mfg_title = _lt("Job order cancelled")
