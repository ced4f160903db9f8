# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timezone

from odoo import models

from ..engine.texts import marker
from ..engine.times import format_time
from .mfg_master_material import fit

_lt = marker(__name__)


class MfgMasterLot(models.AbstractModel):
    """Lots and serial numbers of the materials that are published."""

    _name = "mfg.master.lot"
    _inherit = "mfg.master"
    _description = "Published Lots"
    _mfg_kind = "lot"
    _mfg_title = _lt("Lots")
    _mfg_model = "stock.lot"
    _mfg_watched = {
        "stock.lot": {"name", "ref", "product_id", "company_id", "expiration_date"}
    }
    _mfg_names = ("material",)

    def _domain(self, company):
        goods = [("product_id.active", "=", True), ("product_id.type", "=", "consu")]
        return [*goods, *super()._domain(company)]

    def _data(self, endpoint, records):
        resolver = self.env["mfg.resolver"].with_company(records.env.company)
        materials = resolver.codes(endpoint, "material", records.product_id)
        names = resolver.lot_codes(endpoint, records)
        return {
            lot.id: {
                "materialLotId": names[lot.id],
                "materialDefinitionId": materials[lot.product_id.id],
                "reference": fit(lot.ref),
                "expirationTime": self._expiry(lot),
            }
            for lot in records
            if names[lot.id]
        }

    def _expiry(self, lot):
        """Known where Odoo's expiry dates are installed."""
        if "expiration_date" not in lot._fields or not lot.expiration_date:
            return None
        return format_time(lot.expiration_date.replace(tzinfo=timezone.utc))


class MfgResolver(models.AbstractModel):
    _inherit = "mfg.resolver"

    def lot_codes(self, endpoint, lots):
        """Lot id -> its code: the plant's own, else its name if the contract allows
        it. Unlike other codes it means a lot only together with its material."""
        mapped = self._mapped_codes(endpoint, "lot", lots)
        return {
            lot.id: next(filter(fit, [*mapped[lot.id], lot.name]), None) for lot in lots
        }


class StockLot(models.Model):
    _name = "stock.lot"
    _inherit = ["stock.lot", "mfg.master.source"]
