# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from odoo.addons.mfg_integration_base.engine.texts import marker
from odoo.addons.mfg_integration_base.models.mfg_master_material import MAX_NAME

from .mfg_joborder import decimal_text
from .mfg_master_bom import APPLIES, ATTRIBUTES, for_some

_lt = marker(__name__)


class MfgMasterRouting(models.AbstractModel):
    """Routings: the operations of a bill of materials, where and how long.

    Under the number of its BoM. Times are those entered: what Odoo measures on past
    orders changes with every order, and would make a version each.
    """

    _name = "mfg.master.routing"
    _inherit = "mfg.master"
    _description = "Published Routings"
    _mfg_kind = "routing"
    _mfg_title = _lt("Routings")
    _mfg_model = "mrp.bom"
    _mfg_watched = {
        "mrp.bom": {"code", "active", "type", "company_id"},
        "mrp.routing.workcenter": {
            "name",
            "active",
            "bom_id",
            "sequence",
            "workcenter_id",
            "time_cycle_manual",
            "blocked_by_operation_ids",
            APPLIES,
        },
        **ATTRIBUTES,
    }
    _mfg_via = {"mrp.routing.workcenter": "bom_id"}
    _mfg_names = ("equipment",)

    def _concerned(self, records):
        if records._name not in ATTRIBUTES:
            return super()._concerned(records)
        return for_some(self.env, records, ("operation_ids",))

    def _domain(self, company):
        types = ("normal", "phantom")
        return [
            ("type", "in", types),
            ("operation_ids.active", "=", True),
            *super()._domain(company),
        ]

    def _data(self, endpoint, records):
        resolver = self.env["mfg.resolver"].with_company(records.env.company)
        centres = records.operation_ids.workcenter_id
        codes = resolver.codes(endpoint, "equipment", centres)
        return {
            bom.id: {
                "reference": bom.code and bom.code[:MAX_NAME],
                "bomId": str(bom.id),
                "operations": [
                    self._operation(operation, codes, number)
                    for number, operation in enumerate(self._ordered(bom), 1)
                ],
            }
            for bom in records
        }

    def _ordered(self, bom):
        return bom.operation_ids.filtered("active").sorted(lambda o: (o.sequence, o.id))

    def _operation(self, operation, codes, number):
        before = operation.blocked_by_operation_ids.filtered("active")
        data = {
            "operationId": str(operation.id),
            "name": operation.name[:MAX_NAME],
            "equipmentId": codes[operation.workcenter_id.id],
            "duration": {
                "value": decimal_text(operation.time_cycle_manual),
                "unitCode": "MIN",
            },
            "sequence": number,
        }
        if before:
            data["dependsOn"] = [str(id_) for id_ in sorted(before.ids)]
        if variants := operation[APPLIES]:
            data["onlyFor"] = [value.display_name[:120] for value in variants]
        return data

    def _name_of(self, data):
        return data.get("reference") or data["bomId"]


class MrpRoutingWorkcenter(models.Model):
    _name = "mrp.routing.workcenter"
    _inherit = ["mrp.routing.workcenter", "mfg.master.source"]
