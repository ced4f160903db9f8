# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from ..engine import catalogue
from ..tools.translation import translated


class MfgIssue(models.Model):
    """The issue in a planner's words, from the catalogue of error codes."""

    _inherit = "mfg.issue"

    title = fields.Char(string="Problem", compute="_compute_texts")
    next_action = fields.Char(string="What to Do", compute="_compute_texts")
    cause_text = fields.Char(string="About", compute="_compute_cause_text")

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_texts(self):
        for issue in self:
            entry = catalogue.entry_or_internal(issue.code)
            issue.title = translated(self.env, entry.title)
            issue.next_action = translated(self.env, entry.next_action)

    @api.depends("code", "cause")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for issue in self:
            issue.display_name = f"{issue.title} ({issue.cause_text})"

    @api.depends("cause")
    @api.depends_context("lang")
    def _compute_cause_text(self):
        for issue in self:
            issue.cause_text = issue._cause_text()

    def _cause_text(self):
        """The message type or the unknown code, as a planner calls it."""
        handler = self.env["mfg.handler"]._registry().get(self.cause)
        if handler:
            return translated(self.env, self.env[handler]._mfg_title)
        kind, _colon, code = (self.cause or "").partition(":")
        mappings = self.env["mfg.mapping"]
        kinds = dict(mappings._fields["kind"]._description_selection(self.env))
        return f"{kinds.get(kind, kind)} {code}".strip()
