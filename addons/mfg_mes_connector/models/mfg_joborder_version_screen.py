# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import re

from odoo import api, fields, models
from odoo.tools import format_datetime

from .mrp_production_going_back import naive
from .mrp_production_plant import PLANT_STATES

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S+")  # as plans have it
SHOWN = 8  # changes in a row of the list; the form shows all


class MfgJoborderVersion(models.Model):
    """A version in a planner's words."""

    _inherit = "mfg.joborder.version"

    summary = fields.Text(string="What Changed", compute="_compute_texts")
    details = fields.Text(string="All Changes", compute="_compute_texts")
    plant_state = fields.Selection(
        PLANT_STATES, string="Plant's Answer", compute="_compute_plant_state"
    )
    answer_text = fields.Text(string="What the Plant Said", compute="_compute_answer")

    @api.depends("changes", "kind")
    @api.depends_context("lang", "tz")
    def _compute_texts(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for version in self:
            lines = version._change_lines() or [kinds.get(version.kind, "")]
            more = len(lines) - SHOWN
            shown = lines[:SHOWN]
            if more > 0:
                shown.append(self.env._("and %(number)s more", number=more))
            version.summary, version.details = "\n".join(shown), "\n".join(lines)

    @api.depends("answer_ids.state")
    def _compute_plant_state(self):
        for version in self:
            version.plant_state = version._plant_state()

    @api.depends("answer_ids.state", "answer_ids.code", "answer_ids.detail")
    def _compute_answer(self):
        for version in self:
            version.answer_text = "\n".join(
                self.env._(
                    "%(plant)s: %(reason)s",
                    plant=answer.endpoint_id.sudo().name,  # sudo: its name, no more
                    reason=answer._words(),
                )
                for answer in version.answer_ids
                if answer.state == "refused" or answer.code or answer.detail
            )

    @api.depends("job_order", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(order)s, version %(number)s",
                order=version.job_order,
                number=version.number,
            )

    def _change_lines(self):
        return [self._line(change) for change in self.changes or []]

    def _line(self, change):
        words = self._priority if change["what"] == "/priority" else self._value
        values = {
            "what": self._what(change),
            "old": words(change.get("from")),
            "new": words(change.get("to")),
        }
        if "from" not in change:
            if change["what"].count("/") == 2:
                return self.env._("%(what)s added: %(new)s", **values)
            return self.env._("%(what)s: now %(new)s", **values)
        if "to" not in change:
            if change["what"].count("/") == 2:
                return self.env._("%(what)s removed: %(old)s", **values)
            return self.env._("%(what)s: no longer %(old)s", **values)
        return self.env._("%(what)s: %(old)s → %(new)s", **values)

    def _what(self, change):
        """The member that changed, named as on the order's form."""
        words = self._member_words()
        _empty, name, *rest = change["what"].split("/")
        if not rest:
            return words.get(name, name)
        id_ = rest[0].replace("~1", "/").replace("~0", "~")
        whole = len(rest) == 1
        if name == "segments":
            owner = self.env._("Operation %(name)s", name=id_)
        elif whole:
            owner = self.env._("Component")
        else:
            owner = self._component(id_)
        return owner if whole else f"{owner}, {words.get(rest[1], rest[1]).lower()}"

    def _component(self, id_):
        for line in (self.plan or {}).get("materialRequirements", ()):
            if line["materialRequirementId"] == id_:
                return line["materialDefinitionId"]["text"]
        return self.env._("Component")

    def _member_words(self):
        return {
            "quantity": self.env._("Quantity"),
            "priority": self.env._("Priority"),
            "plant": self.env._("Warehouse"),
            "startTime": self.env._("Start"),
            "endTime": self.env._("End"),
            "name": self.env._("Name"),
            "equipmentId": self.env._("Work Center"),
            "duration": self.env._("Expected Duration"),
            "sequence": self.env._("Place"),
            "dependsOn": self.env._("Comes after"),
            "operationsSegmentId": self.env._("Used at"),
            "materialDefinitionId": self.env._("Product"),
            "materialUse": self.env._("Use"),
        }

    def _priority(self, value):
        return self.env._("Urgent") if value else self.env._("Normal")

    def _value(self, value):
        """A value of a plan for people."""
        if isinstance(value, list):
            return ", ".join(value) or self.env._("nothing")
        if isinstance(value, dict):
            return self._node(value)
        if isinstance(value, str) and TIME.fullmatch(value):
            return format_datetime(self.env, naive(value), dt_format="short")
        return "" if value is None else str(value)

    def _node(self, node):
        if "uom" in node:
            return f"{node['value']} {node['text']}"
        if "text" in node:
            return node["text"]
        if "materialRequirementId" in node:
            product = node["materialDefinitionId"]["text"]
            return f"{product}, {self._node(node['quantity'])}"
        if "equipmentId" in node:
            return node["equipmentId"]["text"]
        return self.env._("%(minutes)s minutes", minutes=node["value"])
