# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from odoo.addons.mfg_integration_base.engine.texts import marker
from odoo.addons.mfg_integration_base.models.mfg_master_material import MAX_NAME

from .mfg_joborder import decimal_text

_lt = marker(__name__)


class MfgMasterEquipment(models.AbstractModel):
    """Work centres, under the codes by which orders name them."""

    _name = "mfg.master.equipment"
    _inherit = "mfg.master"
    _description = "Published Equipment"
    _mfg_kind = "equipment"
    _mfg_title = _lt("Equipment")
    _mfg_model = "mrp.workcenter"
    _mfg_watched = {
        "mrp.workcenter": {
            "name",
            "code",
            "active",
            "company_id",
            "time_start",
            "time_stop",
            "time_efficiency",
        },
        "resource.resource": {"name", "active", "time_efficiency", "company_id"},
    }

    def _concerned(self, records):
        """A work centre's name and archival are those of its resource."""
        if records._name != "resource.resource":
            return super()._concerned(records)
        # sudo: see mfg.master._concerned
        centres = self.env["mrp.workcenter"].sudo().with_context(active_test=False)
        return centres.search([("resource_id", "in", records.ids)]).ids

    def _data(self, endpoint, records):
        resolver = self.env["mfg.resolver"].with_company(records.env.company)
        codes = resolver.codes(endpoint, "equipment", records)
        return {
            centre.id: {
                "equipmentId": codes[centre.id],
                "name": centre.name[:MAX_NAME],
                "setupTime": self._minutes(centre.time_start),
                "cleanupTime": self._minutes(centre.time_stop),
                "efficiency": decimal_text(centre.time_efficiency),
            }
            for centre in records
        }

    def _minutes(self, value):
        return {"value": decimal_text(value), "unitCode": "MIN"}

    def _dependents(self, changed, renamed):
        """Routings name their work centres."""
        # sudo: see mfg.master._records
        operations = self.env["mrp.routing.workcenter"].sudo()
        named = operations.search([("workcenter_id", "in", list(renamed))])
        return [("equipment", self._twins(renamed)), ("routing", named.bom_id.ids)]


class MrpWorkcenter(models.Model):
    _name = "mrp.workcenter"
    _inherit = ["mrp.workcenter", "mfg.master.source"]


class ResourceResource(models.Model):
    _name = "resource.resource"
    _inherit = ["resource.resource", "mfg.master.source"]


class MfgWorkcenterCrosswalk(models.Model):
    _name = "mfg.workcenter.crosswalk"
    _inherit = ["mfg.workcenter.crosswalk", "mfg.master.recoding"]

    def _recoded(self):
        return [("equipment", self.workcenter_id)]
