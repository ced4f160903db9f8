# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from odoo.addons.mfg_mes_connector.models.mfg_joborder import decimal_text


class MfgReconciliationLine(models.Model):
    """What the screens show of a difference."""

    _inherit = "mfg.reconciliation.line"

    figure = fields.Char(compute="_compute_figure")
    plant_shown = fields.Char(string="Plant", compute="_compute_shown")
    odoo_shown = fields.Char(string="Odoo", compute="_compute_shown")
    difference_shown = fields.Char(string="Off By", compute="_compute_shown")
    summary = fields.Char(string="In Short", compute="_compute_summary")
    next_step = fields.Char(string="What to Do", compute="_compute_next_step")

    @api.depends("what", "product_id", "lot_id", "segment")
    def _compute_figure(self):
        words = dict(self._fields["what"]._description_selection(self.env))
        for line in self:
            parts = [words.get(line.what), line.product_id.display_name, line.segment]
            if line.lot_id:
                # sudo: a name, for operators and auditors who are no stock users
                parts.append(self.env._("lot %s", line.sudo().lot_id.name))
            line.figure = ", ".join(filter(None, parts))

    @api.depends("plant_value", "odoo_value", "plant_text", "odoo_text")
    def _compute_shown(self):
        for line in self:
            if line.what in ("state", "messages"):
                line.plant_shown = line.plant_text
                line.odoo_shown = line.odoo_text
                line.difference_shown = False
                continue
            line.plant_shown = line._shown(line.plant_value)
            line.odoo_shown = line._shown(line.odoo_value)
            sign = "+" if line.difference > 0 else "−"
            line.difference_shown = sign + line._shown(abs(line.difference))

    def _shown(self, value):
        unit = self.product_id.uom_id.name if self.product_id else self.env._("min")
        return f"{decimal_text(round(value, 4))} {unit}"

    @api.depends("explanation")
    def _compute_summary(self):
        """One line of a list: the rest is on the form."""
        for line in self:
            first, _newline, rest = (line.explanation or "").partition("\n")
            line.summary = f"{first} …" if rest else first

    @api.depends("cause", "state", "plan", "correctable", "correction_ids.state")
    def _compute_next_step(self):
        for line in self:
            line.next_step = line._next_step()

    def _next_step(self):
        if self.state == "posting":
            parked = self.correction_ids.filtered(lambda m: m.state == "parked")
            if parked:
                return self.env._(
                    "Its correction is parked: %s", parked[0].error_title or ""
                )
            return self.env._("Its correction is being posted.")
        if self.state == "corrected":
            return self.env._("Nothing. The correction can be taken back.")
        if self.state == "accepted":
            return self.env._("Nothing: it was accepted.")
        if self.plan and self.plan.get("follows"):
            return self.env._("Comes with the correction of what was produced.")
        if self._is_correctable():
            return self.env._("Post the correction, or accept the difference.")
        if self.correctable and self._lacks_lot():
            return self.env._(
                "The plant did not say of which lots: ask for a snapshot that names "
                "them, or put it right in Odoo."
            )
        return {
            "parked": self.env._("Settle the parked message; then compare again."),
            "waiting": self.env._("Wait until it is posted; then compare again."),
            "late": self.env._("Nothing: the next snapshot counts it."),
        }.get(self.cause) or self.env._(
            "Put it right in Odoo or at the plant, or accept the difference."
        )

    def action_open_proofs(self):
        """The messages that prove it."""
        self.ensure_one()
        return self._open_messages(
            self.message_ids, self.env._("What Proves It: %s", self.figure)
        )

    def action_open_corrections(self):
        self.ensure_one()
        return self._open_messages(self.correction_ids, self.env._("Corrections"))

    def _open_messages(self, messages, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "mfg.message",
            "view_mode": "list,kanban,form",
            "domain": [("id", "in", messages.ids)],
        }

    def action_decide(self):
        """Correct or accept these differences."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mfg_reconciliation.mfg_reconciliation_decide_action"
        )
        action["context"] = {"default_line_ids": self.ids}
        return action
