# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import models

from ..engine import quantity as quantities
from ..engine.texts import marker

_lt = marker(__name__)


class MfgHandlerPublishedUnit(models.AbstractModel):
    """A plant counts in a unit of its own: a row of its unit crosswalk, if accepted."""

    _name = "mfg.handler.published.unit"
    _inherit = ["mfg.handler.published.unit", "mfg.handler.owned"]
    _mfg_direction = "both"
    _mfg_kind = "unit"
    _mfg_kind_title = _lt("Units")
    _mfg_model = "mfg.uom.crosswalk"
    _mfg_owners = ("odoo", "propose")
    _mfg_naming = ("unitCode", "name")
    _mfg_ends = False
    _mfg_columns = {"referenceUnitCode": "uom_id", "factor": "factor"}

    def _find(self, endpoint, data):
        return self.env["mfg.uom.crosswalk"].search(
            [("endpoint_id", "=", endpoint.id), ("code", "=", self._code(data))]
        )

    def _take_over(self, changes, data, record, members):
        endpoint = changes.endpoint
        values = self._values(endpoint, members) | {"code": self._code(data)}
        self._check_free(endpoint, data, record)
        if record:
            changes.change(record, values)
            return record
        named = {"endpoint_id": endpoint.id}
        return changes.make(self.env["mfg.uom.crosswalk"], named | values)

    def _check_free(self, endpoint, data, record):
        other = self._find(endpoint, data) - record
        if other:
            raise self._taken(endpoint, data, other.uom_id, record.uom_id)

    def _called(self, endpoint, record):
        return record.code

    def _values(self, endpoint, members):
        """One of the plant's unit, in the Odoo unit that its reference leads to."""
        place = "/data/fields/factor"
        amount = {"value": members["factor"], "unitCode": members["referenceUnitCode"]}
        size = quantities.positive(amount, place).value
        place = "/data/fields/referenceUnitCode"
        unit, factor = self.env["mfg.resolver"].unit(
            endpoint, amount["unitCode"], place
        )
        return {"uom_id": unit.id, "factor": float(size * factor)}

    def _said(self, endpoint, member, value):
        if member == "referenceUnitCode":
            return self.env["mfg.uom.crosswalk"]._name_of(endpoint, value) or value
        return self._words(Decimal(str(value)))

    def _shown(self, endpoint, record, member):
        return self._words(record[self._mfg_columns[member]])
