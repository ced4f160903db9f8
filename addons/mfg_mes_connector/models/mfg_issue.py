# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class MfgIssue(models.Model):
    """A shortage by the names of what is missing where."""

    _inherit = "mfg.issue"

    @api.model
    def _title(self, code, cause):
        missing = self._missing_text(cause)
        return f"{code}: {missing}" if missing else super()._title(code, cause)

    def _cause_text(self):
        return self._missing_text(self.cause) or super()._cause_text()

    @api.model
    def _missing_text(self, cause):
        """Names of ``stock:<product>:<location>``; None for other causes."""
        kind, _colon, place = (cause or "").partition(":")
        if kind != "stock":
            return None
        product, _colon, location = place.partition(":")
        # sudo: whoever parks it has seen both, and names tell no secret
        product = self.env["product.product"].sudo().browse(int(product)).exists()
        location = self.env["stock.location"].sudo().browse(int(location)).exists()
        return self.env._(
            "%(product)s in %(location)s",
            product=product.display_name,
            location=location.display_name,
        )
