# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timezone

from odoo import api, models

from odoo.addons.mfg_integration_base.engine.times import format_time

ID_LENGTH = 120  # of an identifier of the contract
PRIORITIES = {"0": 0, "1": 1}


class MfgJoborder(models.AbstractModel):
    """A production order in the plant's words (ISA-95 / B2MML JobOrder).

    Built per endpoint, because the same product has another code at another plant.
    """

    _name = "mfg.joborder"
    _description = "Job Order as Published"

    @api.model
    def _data(self, order, endpoint):
        """``data`` of mfg.joborder.released.v1."""
        # sudo: codes come from the endpoint's configuration, which the planner who
        # confirms the order may not read
        resolver = self.env["mfg.resolver"].sudo().with_company(order.company_id)
        segments = order._mfg_segments()
        data = {
            "jobOrderId": order.mfg_job_order_id,
            "version": order.mfg_version,
            "material": self._material(resolver, endpoint, order.product_id),
            "quantity": self._quantity(
                endpoint, order.product_qty, order.product_uom_id
            ),
            "dispatchStatus": "Ready",
            "priority": PRIORITIES.get(order.priority, 0),
            "startTime": self._time(order.date_start),
            "endTime": self._time(order.date_finished),
            "materialRequirements": [
                self._requirement(resolver, endpoint, move, segments)
                for move in self._required(order)
            ],
            "segments": [
                self._segment(resolver, endpoint, workorder, segments)
                for workorder in segments
            ],
            "origin": " ".join((order.origin or "").split())[:ID_LENGTH],
            "plant": self._plant(order),
        }
        return {name: value for name, value in data.items() if value not in (None, "")}

    def _required(self, order):
        moves = order.move_raw_ids | order.move_byproduct_ids
        return moves.filtered(lambda m: m.state != "cancel" and m.product_uom_qty > 0)

    def _material(self, resolver, endpoint, product):
        return {
            "materialDefinitionId": resolver.material_code(endpoint, product),
            "name": product.name[:500],
            "tracking": product.tracking,
        }

    def _requirement(self, resolver, endpoint, move, segments):
        by_product, product = move.production_id, move.product_id
        quantity = self._quantity(endpoint, move.product_uom_qty, move.product_uom)
        requirement = {
            "materialRequirementId": str(move.id),
            "materialDefinitionId": resolver.material_code(endpoint, product),
            "quantity": quantity,
            "materialUse": "By-product Produced" if by_product else "Consumed",
        }
        if move.workorder_id in segments:
            requirement["operationsSegmentId"] = segments[move.workorder_id]
        return requirement

    def _segment(self, resolver, endpoint, workorder, segments):
        siblings = workorder.production_id.workorder_ids
        before = workorder.blocked_by_workorder_ids & siblings
        return {
            "operationsSegmentId": segments[workorder],
            "name": workorder.name[:500],
            "equipmentId": resolver.equipment_code(endpoint, workorder.workcenter_id),
            "duration": {
                "value": f"{workorder.duration_expected:.2f}",
                "unitCode": "MIN",
            },
            "sequence": list(segments).index(workorder) + 1,
            "dependsOn": [segments[w] for w in before],
        }

    def _quantity(self, endpoint, value, uom):
        # sudo: see _data
        crosswalk = self.env["mfg.uom.crosswalk"].sudo()
        return {
            "value": decimal_text(uom.round(value)),
            "unitCode": crosswalk._code_of(endpoint, uom),
        }

    def _time(self, moment):
        if not moment:
            return None
        return format_time(moment.replace(microsecond=0, tzinfo=timezone.utc))

    def _plant(self, order):
        warehouse = order.picking_type_id.warehouse_id.sudo()  # its code, no more
        return warehouse.code or order.company_id.name[:ID_LENGTH].strip()


def decimal_text(value):
    """A float of Odoo as the shortest decimal text, never with an exponent."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return text or "0"
