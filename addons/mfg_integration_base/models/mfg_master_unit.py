# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..engine.texts import marker

_lt = marker(__name__)


class MfgMasterUnit(models.AbstractModel):
    """Units of measure: the code to write, and what one of it is in the reference."""

    _name = "mfg.master.unit"
    _inherit = "mfg.master"
    _description = "Published Units"
    _mfg_kind = "unit"
    _mfg_title = _lt("Units")
    _mfg_model = "uom.uom"
    _mfg_watched = {"uom.uom": {"name", "active", "relative_factor", "relative_uom_id"}}

    def _domain(self, company):
        return [("active", "=", True)]

    def _data(self, endpoint, records):
        resolver = self.env["mfg.resolver"]
        references = {unit: self._reference(unit) for unit in records}
        units = records.union(*references.values())
        codes = resolver.unit_codes(endpoint, units)
        return {
            unit.id: {
                "unitCode": codes[unit.id],
                "name": unit.name,
                "referenceUnitCode": codes[reference.id],
                "factor": f"{resolver._uom_size(unit).normalize():f}",
            }
            for unit, reference in references.items()
        }

    def _reference(self, unit):
        while unit.relative_uom_id:
            unit = unit.relative_uom_id
        return unit

    def _dependents(self, changed, renamed):
        """Units are defined by each other, and materials are counted in them."""
        # sudo: see _records
        units = self.env["uom.uom"].sudo().search([("id", "child_of", changed)])
        products = self.env["product.product"].sudo()
        counted = products.search([("uom_id", "in", list(renamed))])
        return [
            ("unit", (units - units.browse(changed)).ids),
            ("material", counted.ids),
        ]


class UomUom(models.Model):
    _name = "uom.uom"
    _inherit = ["uom.uom", "mfg.master.source"]
