# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from datetime import timezone

from odoo import api, models

from odoo.addons.mfg_integration_base.engine.times import format_time

from .mfg_interface_tolerance import exact

ID_LENGTH = 120  # of an identifier of the contract
PRIORITIES = {"0": 0, "1": 1}
RECORDS = ("product", "workcenter", "uom")  # what stands in a plan by its number


class MfgJoborder(models.AbstractModel):
    """A production order in the plant's words (ISA-95 / B2MML JobOrder).

    First as a plan that is the same for every plant, by which versions are compared,
    then in the codes of an endpoint: one product has another code at another plant.
    """

    _name = "mfg.joborder"
    _description = "Job Order as Published"

    @api.model
    def _data(self, orders, endpoint):
        """Order -> ``data`` of mfg.joborder.released.v1."""
        self._read_at_once(orders)
        plans = [self._plan(order) for order in orders]
        return dict(zip(orders, self._encoded(endpoint, plans), strict=True))

    def _read_at_once(self, orders):
        """What plans are made of, in a few queries for all orders."""
        orders |= orders.production_group_id.production_ids
        moves = orders.move_raw_ids | orders.move_finished_ids
        moves.mapped("product_id.display_name")
        for field in ("name", "blocked_by_workorder_ids"):
            orders.workorder_ids.mapped(field)

    # -- the plan: the same for every plant --------------------------------------------

    @api.model
    def _plan(self, order):
        """The job order of an order, its backorders included, before any plant's codes.

        Records stand in it by number, with their name for people; what begins with an
        underscore is Odoo's alone.
        """
        family = order._mfg_family()
        family = family.filtered(lambda o: o.state != "cancel") or family
        member = family._mfg_member()
        segments = member._mfg_planned_segments()
        plan = {
            "jobOrderId": order.mfg_job_order_id,
            "version": order.mfg_version,
            "material": self._material(order.product_id),
            "quantity": self._amount(
                sum(exact(o.product_qty) for o in family), order.product_uom_id
            ),
            "dispatchStatus": "Ready",
            "priority": PRIORITIES.get(member.priority, 0),
            "startTime": self._time(member._mfg_planned_begin()),
            "endTime": self._time(member.date_finished),
            "materialRequirements": self._requirements(family, segments),
            "segments": [
                self._segment(workorder, segments, number)
                for number, workorder in enumerate(segments, 1)
            ],
            "origin": " ".join((order.origin or "").split())[:ID_LENGTH],
            "plant": self._plant(order),
        }
        return {name: value for name, value in plan.items() if value not in (None, "")}

    def _material(self, product):
        return {
            "materialDefinitionId": self._product(product),
            "name": product.name[:500],
            "tracking": product.tracking,
        }

    def _requirements(self, family, segments):
        requirements = []
        for parts in self._lines(family):
            planned = sum(self._planned(part, parts[0].product_uom) for part in parts)
            if planned > 0:
                requirements.append(self._requirement(parts, planned, segments))
        return requirements

    @api.model
    def _lines(self, family):
        """The lines a job order asks for, each with the parts that postings, and
        backorders, made of it; the first part gave it its number.

        What nobody asks for any more is not among them.
        """
        lines = {}
        for move in (family.move_raw_ids | family.move_byproduct_ids).sorted("id"):
            line = move.bom_line_id or move.byproduct_id
            beside = "" if line else move.workorder_id.name  # entered by hand
            key = (move.product_id, line, bool(move.production_id), beside)
            lines[key] = lines.get(key, move) | move
        return [p for p in lines.values() if set(p.mapped("state")) != {"cancel"}]

    def _planned(self, part, uom):
        quantity = part.product_uom_qty
        if part.product_uom != uom:
            quantity = part.product_uom._compute_quantity(quantity, uom, round=False)
        return exact(quantity)

    def _requirement(self, parts, planned, segments):
        first = parts[0]
        requirement = {
            "materialRequirementId": str(first.id),
            "materialDefinitionId": self._product(first.product_id),
            "quantity": self._amount(planned, first.product_uom),
            "materialUse": "By-product Produced" if first.production_id else "Consumed",
        }
        workorder = next((w for w in parts.workorder_id if w in segments), None)
        if workorder:
            requirement["operationsSegmentId"] = segments[workorder]
        return requirement

    def _segment(self, workorder, segments, number):
        before = [w for w in segments if w in workorder.blocked_by_workorder_ids]
        workcenter = workorder.workcenter_id
        times = {
            "startTime": self._time(workorder.date_start),
            "endTime": self._time(workorder.date_finished),
        }
        return {
            "operationsSegmentId": segments[workorder],
            "name": workorder.name[:500],
            "equipmentId": {"workcenter": workcenter.id, "text": workcenter.name},
            "duration": {
                "value": f"{workorder.duration_expected:.2f}",
                "unitCode": "MIN",
            },
            "sequence": number,
            "dependsOn": [segments[w] for w in before],
            **{name: time for name, time in times.items() if time},
            "_workorder": workorder.id,
            "_sequence": workorder.sequence,
        }

    def _product(self, product):
        return {"product": product.id, "text": product.display_name}

    def _amount(self, value, uom):
        rounded = decimal_text(uom.round(float(value)))
        return {"uom": uom.id, "text": uom.name, "value": rounded}

    # -- a plant's words ---------------------------------------------------------------

    @api.model
    def _encoded(self, endpoint, node):
        """A plan, any part of one or a list of them, in the codes of a plant."""
        return self._in_codes(self._codes(endpoint, node), node)

    def _codes(self, endpoint, node):
        """Kind of record -> id -> the plant's code, of all records that stand in it."""
        # sudo: codes come from the endpoint's configuration, which the planner who
        # confirms the order may not read
        resolver = self.env["mfg.resolver"].sudo()
        ids = defaultdict(set)
        for kind, id_ in self._records_in(node):
            ids[kind].add(id_)
        products = resolver.env["product.product"].browse(ids["product"])
        workcenters = resolver.env["mrp.workcenter"].browse(ids["workcenter"])
        units = resolver.env["uom.uom"].browse(ids["uom"])
        return {
            "product": resolver.codes(endpoint, "material", products),
            "workcenter": resolver.codes(endpoint, "equipment", workcenters),
            "uom": resolver.unit_codes(endpoint, units),
        }

    def _records_in(self, node):
        """(kind, id) of every record in a plan that a plant is told of."""
        kind = self._kind_of(node)
        if kind:
            yield kind, node[kind]
        else:
            for part in self._parts(node):
                yield from self._records_in(part)

    def _kind_of(self, node):
        return isinstance(node, dict) and next((k for k in RECORDS if k in node), None)

    def _parts(self, node):
        if isinstance(node, dict):
            return self._public(node).values()
        return node if isinstance(node, list) else ()

    def _public(self, node):
        return {name: v for name, v in node.items() if not name.startswith("_")}

    def _in_codes(self, codes, node):
        kind = self._kind_of(node)
        if kind:
            code = codes[kind][node[kind]]
            return {"value": node["value"], "unitCode": code} if kind == "uom" else code
        if isinstance(node, list):
            return [self._in_codes(codes, item) for item in node]
        if isinstance(node, dict):
            public = self._public(node).items()
            return {name: self._in_codes(codes, value) for name, value in public}
        return node

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
