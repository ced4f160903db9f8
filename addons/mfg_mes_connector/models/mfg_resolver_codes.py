# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class MfgResolver(models.AbstractModel):
    """Codes of many work centres at once: the crosswalk stands behind the mappings."""

    _inherit = "mfg.resolver"

    @property
    def _own_keys(self):
        return {**super()._own_keys, "equipment": ("code", "name")}

    @property
    def _numbered(self):
        return {**super()._numbered, "equipment": "workcenter"}

    def _mapped_codes(self, endpoint, kind, records):
        codes = super()._mapped_codes(endpoint, kind, records)
        if kind == "equipment":
            rows = self._crosswalk(endpoint, ("workcenter_id", "in", records.ids))
            for row in rows.sorted(lambda row: (row.level != "WorkCenter", row.id)):
                codes[row.workcenter_id.id].append(row.code)
        return codes

    def _keyed(self, endpoint, kind, codes):
        meant = super()._keyed(endpoint, kind, codes)
        if kind == "equipment":
            for row in self._crosswalk(endpoint, ("code", "in", list(codes))):
                meant[row.code] = row.workcenter_id.id
        return meant

    def _crosswalk(self, endpoint, condition):
        rows = self.env["mfg.workcenter.crosswalk"]
        mine = [("endpoint_id", "=", endpoint.id), condition]
        return rows.search(mine) if endpoint else rows
