# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timezone

from odoo import Command, models
from odoo.exceptions import UserError

from odoo.addons.mfg_integration_base.engine.times import parse_time

from .mfg_interface_tolerance import exact


class MrpProduction(models.Model):
    """Back to the version that the plant accepted, after it refused a newer one.

    A new version like any other, with the content of the old one: what was told stays
    in the history.
    """

    _inherit = "mrp.production"

    def action_mfg_go_back(self):
        self.ensure_one()
        versions = self.env["mfg.joborder.version"]._of(self)
        version = versions.filtered(lambda v: v.number == self.mfg_plant_version)
        if not version.plan:
            raise UserError(
                self.env._(
                    "The plant has accepted no version of %(order)s yet: change the "
                    "order so that it can, or cancel it.",
                    order=self.name,
                )
            )
        if version.number == self.mfg_version:
            raise UserError(
                self.env._(
                    "%(order)s is at version %(number)s, which the plant accepted: "
                    "there is nothing to go back to.",
                    order=self.name,
                    number=version.number,
                )
            )
        with self._mfg_planning():
            self._mfg_restore(version.plan)
        self.activity_unlink(["mfg_mes_connector.mail_activity_refused"])
        return True

    def _mfg_restore(self, plan):
        self._mfg_restore_quantity(plan["quantity"])
        self._mfg_restore_segments(plan["segments"])
        self._mfg_restore_lines(plan["materialRequirements"])
        self.priority = str(plan.get("priority", 0))
        dates = {
            name: naive(plan[member])
            for name, member in (
                ("date_start", "startTime"),
                ("date_finished", "endTime"),
            )
            if member in plan and not (name == "date_start" and self.mfg_started_at)
        }
        self.with_context(force_date=True).write(dates)

    def _mfg_restore_quantity(self, amount):
        """What its backorders do not make of the whole."""
        others = self._mfg_family() - self
        rest = float(
            exact(float(amount["value"]))
            - sum(exact(o.product_qty) for o in others if o.state != "cancel")
        )
        if rest <= 0 or not self.product_uom_id.compare(rest, self.product_qty):
            return
        wizard = self.env["change.production.qty"].create(
            {"mo_id": self.id, "product_qty": rest}
        )
        wizard.change_prod_qty()

    # -- operations --------------------------------------------------------------------

    def _mfg_restore_segments(self, segments):
        """As they were; what had been taken out is made anew, what came goes, unless
        it was worked at."""
        there = {w.id: w for w in self._mfg_planned_segments()}
        for segment in segments:
            workorder = there.pop(segment["_workorder"], None)
            values = self._mfg_segment_values(segment)
            if workorder is None:
                self.env["mrp.workorder"].create({"production_id": self.id, **values})
            elif workorder.state in ("ready", "blocked"):
                workorder.with_context(bypass_duration_calculation=True).write(
                    {
                        name: v
                        for name, v in values.items()
                        if differs(workorder, name, v)
                    }
                )
        # sudo: with accounting, this reads analytic lines, which are not for production
        new = self.workorder_ids.browse(there).sudo()
        new.filtered(
            lambda w: w.state in ("ready", "blocked") and not w.mfg_rework_quantity
        ).unlink()

    def _mfg_segment_values(self, segment):
        return {
            "name": segment["name"],
            "workcenter_id": segment["equipmentId"]["workcenter"],
            "duration_expected": float(segment["duration"]["value"]),
            "sequence": segment["_sequence"],
            "date_start": naive(segment.get("startTime")),
            "date_finished": naive(segment.get("endTime")),
        }

    # -- components --------------------------------------------------------------------

    def _mfg_restore_lines(self, requirements):
        lines = self.env["mfg.joborder"]._lines(self._mfg_family())
        there = {str(parts[0].id): parts for parts in lines}
        segments = {code: w for w, code in self._mfg_planned_segments().items()}
        for requirement in requirements:
            parts = there.pop(requirement["materialRequirementId"], None)
            code = requirement.get("operationsSegmentId")
            workorder = segments.get(code, self.workorder_ids.browse())
            if parts is None:
                self._mfg_restore_line(requirement, workorder)
            else:
                quantity = exact(float(requirement["quantity"]["value"]))
                self._mfg_ask_for(parts, quantity, workorder)
        gone = self.env["stock.move"].union(*there.values())
        gone = gone.filtered(lambda m: m.state not in ("done", "cancel"))
        planned = gone.filtered(lambda m: m.product_uom_qty and not m.picked)
        planned._action_cancel()
        planned.unlink()

    def _mfg_ask_for(self, parts, quantity, workorder):
        """Of a line that is posted in part only its open part can still be changed."""
        open_part = parts.filtered(lambda m: m.state not in ("done", "cancel"))[:1]
        if not open_part:
            return
        uom = parts[0].product_uom
        planned = self.env["mfg.joborder"]._planned
        missing = float(quantity - sum(planned(part, uom) for part in parts))
        if not uom.is_zero(missing):
            added = uom._compute_quantity(missing, open_part.product_uom, round=False)
            open_part.product_uom_qty = max(open_part.product_uom_qty + added, 0.0)
        if open_part.workorder_id != workorder:
            open_part.workorder_id = workorder

    def _mfg_restore_line(self, requirement, workorder):
        code = requirement["materialDefinitionId"]["product"]
        product = self.env["product.product"].browse(code)
        amount = requirement["quantity"]
        uom, quantity = (
            self.env["uom.uom"].browse(amount["uom"]),
            float(amount["value"]),
        )
        if requirement["materialUse"] == "Consumed":
            field = "move_raw_ids"
            values = self._get_move_raw_values(product, quantity, uom)
        else:
            field = "move_finished_ids"
            values = self._get_move_finished_values(product.id, quantity, uom.id)
        values["workorder_id"] = workorder.id
        self[field] = [Command.create(values)]


def naive(text):
    """A time of a plan as Odoo keeps it."""
    return text and parse_time(text).astimezone(timezone.utc).replace(tzinfo=None)


def differs(record, name, value):
    present = record[name]
    return (present.id if hasattr(present, "id") else present) != (value or False)
