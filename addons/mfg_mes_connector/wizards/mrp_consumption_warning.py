# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, models

from odoo.addons.mfg_integration_base.tools.posting import for_client


class MrpConsumptionWarning(models.TransientModel):
    """*Set Quantities*: Odoo puts what it expects of a component on the first of its
    lines, posted or not, and nothing on the others. Where the plant reports, posted
    lines and those set aside are facts: only what is missing beyond them is set."""

    _inherit = "mrp.consumption.warning"

    def action_set_qty(self):
        orders = self.mrp_production_ids._mfg_as_posting()  # it says what was used
        posting = self.with_env(orders.env)
        lines = posting.mrp_consumption_warning_line_ids
        ours = lines.filtered(lambda line: line._mfg_facts())
        for line in ours:
            line._mfg_set_rest()
        ours.unlink()
        return for_client(super(MrpConsumptionWarning, posting).action_set_qty())


class MrpConsumptionWarningLine(models.TransientModel):
    _inherit = "mrp.consumption.warning.line"

    def _mfg_facts(self):
        """The component's lines that are posted, or that the plant set aside."""
        return self._mfg_moves().filtered(
            lambda m: m.state == "done" or any(m.move_line_ids.mapped("mfg_plant"))
        )

    def _mfg_moves(self):
        return self.mrp_production_id.move_raw_ids.filtered(
            lambda m: m.product_id == self.product_id and m.state != "cancel"
        )

    def _mfg_set_rest(self):
        """Set on the other lines, or on a new one, what is missing of the expected."""
        facts = self._mfg_facts()
        there = sum(
            m.product_uom._compute_quantity(
                m.quantity, self.product_uom_id, rounding_method="HALF-UP"
            )
            for m in facts
        )
        missing = max(self.product_expected_qty_uom - there, 0.0)
        for move in self._mfg_moves() - facts:
            move.quantity = self.product_uom_id._compute_quantity(
                missing, move.product_uom, rounding_method="HALF-UP"
            )
            move.picked = True
            missing = 0.0
        if not self.product_uom_id.is_zero(missing):
            self.mrp_production_id.move_raw_ids = [
                Command.create(
                    {
                        "product_id": self.product_id.id,
                        "product_uom": self.product_uom_id.id,
                        "product_uom_qty": missing,
                        "quantity": missing,
                        "additional": True,
                        "picked": True,
                    }
                )
            ]
