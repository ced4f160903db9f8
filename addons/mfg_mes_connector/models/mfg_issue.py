# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class MfgIssue(models.Model):
    """A shortage by the names of what is missing where."""

    _inherit = "mfg.issue"

    @api.model
    def _title(self, code, cause):
        kind, _colon, place = cause.partition(":")
        if code != "shortage" or kind != "stock":
            return super()._title(code, cause)
        product, _colon, location = place.partition(":")
        # sudo: whoever parks it has seen both
        product = self.env["product.product"].sudo().browse(int(product))
        location = self.env["stock.location"].sudo().browse(int(location))
        return self.env._(
            "%(code)s: %(product)s in %(location)s",
            code=code,
            product=product.display_name,
            location=location.display_name,
        )
