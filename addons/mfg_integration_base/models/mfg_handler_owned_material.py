# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..engine.failure import Failure, FieldError
from ..engine.texts import marker

_lt = marker(__name__)


class MfgHandlerPublishedMaterial(models.AbstractModel):
    """A plant would have a product: whether Odoo gets it, a person decides."""

    _name = "mfg.handler.published.material"
    _inherit = ["mfg.handler.published.material", "mfg.handler.owned"]
    _mfg_direction = "both"
    _mfg_kind = "material"
    _mfg_kind_title = _lt("Materials")
    _mfg_model = "product.product"
    _mfg_owners = ("odoo", "shared", "propose")
    _mfg_naming = ("materialDefinitionId",)
    _mfg_columns = {
        "name": "name",
        "barcode": "barcode",
        "unitCode": "uom_id",
        "tracking": "tracking",
    }

    def _find(self, endpoint, data):
        return self._by_code(endpoint, self._code(data), "default_code")

    def _values(self, endpoint, members):
        values = super()._values(endpoint, members)
        if "unitCode" in members:
            values["uom_id"] = self._unit(endpoint, members["unitCode"]).id
        return values

    def _unit(self, endpoint, code):
        """The Odoo unit of a code that means exactly one of it."""
        place = "/data/fields/unitCode"
        unit, factor = self.env["mfg.resolver"].unit(endpoint, code, place)
        if factor != 1:
            detail = self.env._("%(code)s is no unit of its own.", code=code)
            raise Failure("unit-mismatch", detail, [FieldError(place, detail)])
        return unit

    def _take_over(self, changes, data, record, members):
        endpoint, code = changes.endpoint, self._code(data)
        values = self._values(endpoint, members)
        if record:
            changes.activate(record)
            changes.change(record, values)
        else:
            named = {"name": code, "default_code": code, "is_storable": True}
            company = {"company_id": endpoint.company_id.id}
            record = changes.make(self.env["product.product"], named | company | values)
        self._map(changes, data, record)
        return record

    def _end(self, changes, data, record):
        changes.activate(record, False)

    def _said(self, endpoint, member, value):
        if member == "unitCode":
            found = self.env["mfg.uom.crosswalk"]._name_of(endpoint, value)
            return found or value
        return self._words_of(member, super()._said(endpoint, member, value))

    def _shown(self, endpoint, record, member):
        if member == "unitCode":
            return record.uom_id.name or ""
        return self._words_of(member, super()._shown(endpoint, record, member))

    def _words_of(self, member, value):
        if member != "tracking":
            return value
        field = self.env["product.template"]._fields["tracking"]
        return dict(field._description_selection(self.env)).get(value, value)
