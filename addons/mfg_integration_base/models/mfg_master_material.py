# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..engine.texts import marker
from .mfg_resolver_codes import CODE

_lt = marker(__name__)

MAX_NAME = 500
VALUES = "product_template_attribute_value_ids"


def fit(code):
    """A code as the contract allows it, or None."""
    return code if code and CODE.fullmatch(code) else None


class MfgMasterMaterial(models.AbstractModel):
    """Materials: all goods of a company, whether bought, made or used up.

    Which of them a plant needs changes with every bill of materials; a plant that
    takes too many is right sooner than one that lacks one.
    """

    _name = "mfg.master.material"
    _inherit = "mfg.master"
    _description = "Published Materials"
    _mfg_kind = "material"
    _mfg_title = _lt("Materials")
    _mfg_model = "product.product"
    _mfg_watched = {
        "product.product": {"default_code", "barcode", "active"},
        "product.template": {
            "name",
            "type",
            "uom_id",
            "tracking",
            "categ_id",
            "company_id",
            "active",
        },
        "product.template.attribute.line": {"value_ids", "active"},
        "product.attribute.value": {"name"},
        "product.category": {"name", "parent_id"},
    }
    _mfg_via = {
        "product.template": "product_variant_ids",
        "product.template.attribute.line": "product_tmpl_id.product_variant_ids",
    }
    _mfg_names = ("unit",)

    def _domain(self, company):
        return [("type", "=", "consu"), *super()._domain(company)]

    def _concerned(self, records):
        """A product is named by its values, and its category by those above."""
        domains = {
            "product.attribute.value": (f"{VALUES}.product_attribute_value_id", "in"),
            "product.category": ("categ_id", "child_of"),
        }
        if records._name not in domains:
            return super()._concerned(records)
        # sudo: see mfg.master._concerned
        products = self.env["product.product"].sudo().with_context(active_test=False)
        path, operator = domains[records._name]
        return products.search([(path, operator, records.ids)]).ids

    def _data(self, endpoint, records):
        resolver = self.env["mfg.resolver"].with_company(records.env.company)
        codes = resolver.codes(endpoint, "material", records)
        units = resolver.unit_codes(endpoint, records.uom_id)
        return {
            product.id: {
                "materialDefinitionId": codes[product.id],
                "name": product.display_name[:MAX_NAME],
                "unitCode": units[product.uom_id.id],
                "tracking": product.tracking,
                "barcode": fit(product.barcode),
                "category": (product.categ_id.complete_name or "")[:MAX_NAME],
            }
            for product in records.with_context(display_default_code=False)
        }

    def _dependents(self, changed, renamed):
        """Lots name their product."""
        lots = self.env["stock.lot"].sudo()  # sudo: see _records
        named = lots.search([("product_id", "in", list(renamed))])
        return [("material", self._twins(renamed)), ("lot", named.ids)]


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "mfg.master.source"]


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "mfg.master.source"]


class ProductTemplateAttributeLine(models.Model):
    _name = "product.template.attribute.line"
    _inherit = ["product.template.attribute.line", "mfg.master.source"]


class ProductAttributeValue(models.Model):
    _name = "product.attribute.value"
    _inherit = ["product.attribute.value", "mfg.master.source"]


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = ["product.category", "mfg.master.source"]
