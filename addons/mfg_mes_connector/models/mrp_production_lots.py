# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import UserError


class MrpProduction(models.Model):
    """Lots and serial numbers of goods: the plant's or a person's, never made up."""

    _inherit = "mrp.production"

    def pre_button_mark_done(self):
        """Odoo's button makes up a lot where none is entered. What a plant has begun
        has its number there already."""
        for order in self.filtered("mfg_started_at"):
            if order.product_tracking != "none" and not order.lot_producing_ids:
                raise UserError(
                    self.env._(
                        "%(order)s is made at the plant, and %(product)s is tracked: "
                        "enter the lot or serial numbers of what is still to be made. "
                        "Odoo would make one up.",
                        order=order.name,
                        product=order.product_id.display_name,
                    )
                )
        return super().pre_button_mark_done()

    def _mfg_show_lot(self, lines):
        """The form shows one lot, Odoo allows no more; the goods may have several."""
        main = lines.filtered(lambda line: line.product_id == self.product_id)
        if self.product_tracking == "lot" and not self.lot_producing_ids:
            self.lot_producing_ids = main.lot_id[:1]

    def _mfg_show_serials(self):
        """A closed order shows all serial numbers made; on an open one Odoo takes
        those entered for those still to be made."""
        if self.product_tracking == "serial":
            done = self.move_finished_ids.filtered(
                lambda m: m.product_id == self.product_id and m.state == "done"
            )
            self.lot_producing_ids = done.move_line_ids.lot_id

    def _mfg_elsewhere(self, lot, location):
        """Where else in the company a lot is, for a person who looks for it."""
        quants = lot.quant_ids.filtered(
            lambda q: q.location_id.usage == "internal" and q.quantity > 0
        )
        return quants.location_id.filtered(lambda place: not place._child_of(location))
