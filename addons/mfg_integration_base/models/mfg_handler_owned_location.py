# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..engine.texts import marker

_lt = marker(__name__)


class MfgHandlerPublishedLocation(models.AbstractModel):
    """A plant would have a stock location: whether Odoo gets it, a person decides."""

    _name = "mfg.handler.published.location"
    _inherit = ["mfg.handler.published.location", "mfg.handler.owned"]
    _mfg_direction = "both"
    _mfg_kind = "location"
    _mfg_kind_title = _lt("Locations")
    _mfg_model = "stock.location"
    _mfg_owners = ("odoo", "shared", "propose")
    _mfg_naming = ("storageLocation",)
    _mfg_columns = {"name": "name", "parent": "location_id"}

    def _find(self, endpoint, data):
        return self._by_code(endpoint, self._code(data), "barcode", "complete_name")

    def _values(self, endpoint, members):
        values = {}
        if "name" in members:
            values["name"] = _last(members["name"])
        if members.get("parent"):
            parent = self.env["mfg.resolver"].resolve(
                endpoint, "location", members["parent"], "/data/fields/parent"
            )
            values["location_id"] = parent.id
        return values

    def _take_over(self, changes, data, record, members):
        endpoint, code = changes.endpoint, self._code(data)
        values = self._values(endpoint, members) | {"active": True}
        if record:
            changes.change(record, values)
        else:
            named = {
                "name": _last(code),
                "barcode": code,
                "usage": "internal",
                "location_id": self._warehouse(endpoint).lot_stock_id.id,
                "company_id": endpoint.company_id.id,
            }
            record = changes.make(self.env["stock.location"], named | values)
        self._map(changes, data, record)
        return record

    def _warehouse(self, endpoint):
        """Where a location is that is said to be in none: the plant's own stock."""
        here = [("company_id", "=", endpoint.company_id.id)]
        warehouses = self.env["stock.warehouse"]
        return endpoint.warehouse_id or warehouses.search(here, limit=1)

    def _said(self, endpoint, member, value):
        if member == "parent":
            found = self.env["mfg.resolver"]._found(endpoint, "location", value)
            return found.complete_name if found else value
        return _last(value)

    def _shown(self, endpoint, record, member):
        if member == "parent":
            return record.location_id.complete_name or ""
        return record.name or ""


def _last(name):
    """Odoo tells a location by its whole way; its name is the end of it."""
    return name.rpartition("/")[2]
