# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..engine.texts import marker
from .mfg_master_material import MAX_NAME

_lt = marker(__name__)


class MfgMasterLocation(models.AbstractModel):
    """Stock locations in which a plant may find or leave goods."""

    _name = "mfg.master.location"
    _inherit = "mfg.master"
    _description = "Published Locations"
    _mfg_kind = "location"
    _mfg_title = _lt("Locations")
    _mfg_model = "stock.location"
    _mfg_watched = {
        "stock.location": {
            "name",
            "barcode",
            "active",
            "usage",
            "location_id",
            "company_id",
        }
    }

    def _domain(self, company):
        usages = ("internal", "transit")
        return [("usage", "in", usages), *super()._domain(company)]

    def _data(self, endpoint, records):
        resolver = self.env["mfg.resolver"].with_company(records.env.company)
        parents = records.location_id.filtered(
            lambda l: l.usage in ("internal", "transit")
        )
        codes = resolver.codes(endpoint, "location", records | parents)
        return {
            location.id: {
                "storageLocation": codes[location.id],
                "name": location.complete_name[:MAX_NAME],
                "parent": codes.get(location.location_id.id),
                "usage": location.usage,
                "plant": location.warehouse_id.code,
            }
            for location in records
        }

    def _concerned(self, records):
        """What is inside has the name in its own; of a view nothing else is told."""
        # sudo: see mfg.master._concerned
        inside = self.env["stock.location"].sudo().with_context(active_test=False)
        return inside.search([("id", "child_of", records.ids)]).ids

    def _dependents(self, changed, renamed):
        """What is inside has the name of its surroundings in its own."""
        locations = self.env["stock.location"].sudo()  # sudo: see _records
        inside = locations.search([("id", "child_of", changed)])
        others = (inside - locations.browse(changed)).ids
        return [("location", [*others, *self._twins(renamed)])]


class StockLocation(models.Model):
    _name = "stock.location"
    _inherit = ["stock.location", "mfg.master.source"]
