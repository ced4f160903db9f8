# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError


class MfgReconciliationDecide(models.TransientModel):
    """Correct differences, accept them, or take such a decision back: with a reason,
    after showing what will be posted.
    """

    _name = "mfg.reconciliation.decide"
    _description = "Decide on Differences"

    action = fields.Selection(
        [
            ("correct", "Post the correction: Odoo becomes what the plant counted"),
            ("accept", "Accept the difference: nothing is posted"),
            ("take_back", "Take back what was corrected or accepted"),
        ],
        required=True,
        compute="_compute_action",
        store=True,
        readonly=False,
    )
    reason = fields.Text(
        required=True, help="Kept with the difference, with your name and the time."
    )
    line_ids = fields.Many2many("mfg.reconciliation.line", string="Chosen")
    touched_ids = fields.Many2many(
        "mfg.reconciliation.line", compute="_compute_touched_ids"
    )
    count = fields.Integer(compute="_compute_touched_ids")
    left_out_count = fields.Integer(compute="_compute_touched_ids")
    following_count = fields.Integer(compute="_compute_touched_ids")
    beyond_count = fields.Integer(compute="_compute_touched_ids")
    is_manager = fields.Boolean(compute="_compute_touched_ids")

    @api.depends("line_ids")
    def _compute_action(self):
        for wizard in self:
            lines = wizard.line_ids._origin
            is_open = lines.filtered(lambda x: x.state == "open")
            wizard.action = "accept" if is_open else "take_back"
            if any(line._is_correctable() for line in is_open):
                wizard.action = "correct"

    @api.depends("action", "line_ids")
    def _compute_touched_ids(self):
        for wizard in self:
            lines = wizard.line_ids._origin
            touched = lines.filtered(wizard._applies)
            wizard.touched_ids = touched
            wizard.count = len(touched)
            following = (lines - touched).filtered(wizard._follows)
            wizard.following_count = len(following) if touched else 0
            wizard.left_out_count = len(lines - touched) - wizard.following_count
            wizard.beyond_count = len(wizard._posting(touched)._beyond_limit())
            wizard.is_manager = self.env["mfg.reconciliation"]._is_manager()

    def _applies(self, line):
        if self.action == "correct":
            return line._is_correctable()
        if self.action == "accept":
            return line.state == "open"
        return line.state in ("corrected", "accepted")

    def _posting(self, lines):
        """Those for which something is posted."""
        if self.action == "accept":
            return lines.browse()
        return lines.filtered(lambda x: x.state != "accepted")

    def _follows(self, line):
        """Whether it is corrected with the goods."""
        waits = self.action == "correct" and line.state == "open"
        goods = self.touched_ids.filtered(lambda x: x.what == "produced")
        same = line.reconciliation_id in goods.reconciliation_id
        return bool(waits and same and (line.plan or {}).get("follows"))

    def action_apply(self):
        self.ensure_one()
        if not self.touched_ids:
            raise UserError(self.env._("This applies to none of these differences."))
        actions = {
            "correct": "_correct",
            "accept": "_accept",
            "take_back": "_take_back",
        }
        getattr(self.touched_ids, actions[self.action])(self.reason)
        return {"type": "ir.actions.act_window_close"}
