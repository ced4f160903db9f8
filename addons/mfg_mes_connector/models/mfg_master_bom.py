# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.fields import Domain

from odoo.addons.mfg_integration_base.engine.texts import marker
from odoo.addons.mfg_integration_base.models.mfg_master_material import fit

from .mfg_joborder import decimal_text

_lt = marker(__name__)

APPLIES = "bom_product_template_attribute_value_ids"
LINE = {"product_id", "product_qty", "product_uom_id", "sequence", "operation_id"}
TABLES = ("bom_line_ids", "byproduct_ids")
# by whose names it is said which variants a line or an operation is for
ATTRIBUTES = {"product.attribute": {"name"}, "product.attribute.value": {"name"}}


class MfgMasterBom(models.AbstractModel):
    """Bills of materials: what goes in and comes out, and for which materials."""

    _name = "mfg.master.bom"
    _inherit = "mfg.master"
    _description = "Published Bills of Materials"
    _mfg_kind = "bom"
    _mfg_title = _lt("Bills of materials")
    _mfg_model = "mrp.bom"
    _mfg_watched = {
        "mrp.bom": {
            "code",
            "active",
            "type",
            "product_tmpl_id",
            "product_id",
            "product_qty",
            "product_uom_id",
            "company_id",
        },
        "mrp.bom.line": {*LINE, APPLIES, "bom_id"},
        "mrp.bom.byproduct": {*LINE, APPLIES, "bom_id"},
        "mrp.routing.workcenter": {"name", "active", "bom_id"},
        "product.product": {"active"},
        **ATTRIBUTES,
    }
    _mfg_via = {
        "mrp.bom.line": "bom_id",
        "mrp.bom.byproduct": "bom_id",
        "mrp.routing.workcenter": "bom_id",
        "product.product": "product_tmpl_id.bom_ids",
    }
    _mfg_names = ("material", "unit")

    def _domain(self, company):
        types = ("normal", "phantom")
        return [("type", "in", types), *super()._domain(company)]

    def _concerned(self, records):
        if records._name not in ATTRIBUTES:
            return super()._concerned(records)
        return for_some(self.env, records, TABLES)

    def _data(self, endpoint, records):
        lines = records.bom_line_ids
        made = self._made(records)
        products = lines.product_id | records.byproduct_ids.product_id
        products = products.union(*made.values())
        units = records.product_uom_id | lines.product_uom_id
        resolver = self.env["mfg.resolver"].with_company(records.env.company)
        words = _Words(
            resolver.codes(endpoint, "material", products),
            resolver.unit_codes(endpoint, units | records.byproduct_ids.product_uom_id),
        )
        return {bom.id: self._bom(bom, made[bom], words) for bom in records}

    def _made(self, boms):
        """BoM -> the products it makes."""
        return {
            bom: bom.product_id or bom.product_tmpl_id.product_variant_ids
            for bom in boms
        }

    def _bom(self, bom, products, words):
        operations = bom.operation_ids.filtered("active")
        return {
            "reference": fit(bom.code),
            "materialDefinitionIds": sorted(words.codes[p.id] for p in products),
            "bomType": "kit" if bom.type == "phantom" else "manufacture",
            "quantity": words.quantity(bom),
            "materials": [
                self._line(line, words, operations) for line in bom.bom_line_ids
            ],
            "byProducts": [
                self._line(line, words, operations) for line in bom.byproduct_ids
            ],
            "routingId": str(bom.id) if operations else None,
        }

    def _line(self, line, words, operations):
        data = {
            "lineId": str(line.id),
            "materialDefinitionId": words.codes[line.product_id.id],
            "quantity": words.quantity(line),
        }
        if line.operation_id in operations:
            data["operationId"] = str(line.operation_id.id)
        if variants := line[APPLIES]:
            data["onlyFor"] = [value.display_name[:120] for value in variants]
        return data

    def _name_of(self, data):
        return data.get("reference") or ", ".join(data["materialDefinitionIds"][:3])


def for_some(env, records, tables):
    """Ids of BoMs with a row that is for some variants only: those of these attributes
    or values."""
    is_value = records._name == "product.attribute.value"
    own = "product_attribute_value_id" if is_value else "attribute_id"
    # sudo: see mfg.master._concerned
    boms = env["mrp.bom"].sudo().with_context(active_test=False)
    named = [[(f"{table}.{APPLIES}.{own}", "in", records.ids)] for table in tables]
    return boms.search(Domain.OR(named)).ids


class _Words:
    """The codes of everything that a page of BoMs names."""

    def __init__(self, codes, units):
        self.codes, self.units = codes, units

    def quantity(self, row):
        return {
            "value": decimal_text(row.product_qty),
            "unitCode": self.units[row.product_uom_id.id],
        }


class MrpBom(models.Model):
    _name = "mrp.bom"
    _inherit = ["mrp.bom", "mfg.master.source"]


class MrpBomLine(models.Model):
    _name = "mrp.bom.line"
    _inherit = ["mrp.bom.line", "mfg.master.source"]


class MrpBomByproduct(models.Model):
    _name = "mrp.bom.byproduct"
    _inherit = ["mrp.bom.byproduct", "mfg.master.source"]


class MfgMasterUnit(models.AbstractModel):
    """Bills of materials are counted in units."""

    _inherit = "mfg.master.unit"

    def _dependents(self, changed, renamed):
        paths = ("product_uom_id", *(f"{table}.product_uom_id" for table in TABLES))
        named = [[(path, "in", list(renamed))] for path in paths]
        # sudo: see mfg.master._records
        counted = self.env["mrp.bom"].sudo().search(Domain.OR(named))
        return [*super()._dependents(changed, renamed), ("bom", counted.ids)]


class MfgMasterMaterial(models.AbstractModel):
    """Bills of materials name what goes in and what is made."""

    _inherit = "mfg.master.material"

    def _dependents(self, changed, renamed):
        ids = list(renamed)
        # sudo: see mfg.master._records
        boms = self.env["mrp.bom"].sudo()
        templates = self.env["product.product"].sudo().browse(ids).exists()
        named = boms.search(
            [
                "|",
                "|",
                ("product_tmpl_id", "in", templates.product_tmpl_id.ids),
                ("bom_line_ids.product_id", "in", ids),
                ("byproduct_ids.product_id", "in", ids),
            ]
        )
        return [*super()._dependents(changed, renamed), ("bom", named.ids)]


class ProductAttribute(models.Model):
    _name = "product.attribute"
    _inherit = ["product.attribute", "mfg.master.source"]
