# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class MfgMasterRecoding(models.AbstractModel):
    """A row that says by which code a plant knows a record; plants are told by it."""

    _name = "mfg.master.recoding"
    _description = "Code under which Records are Published"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._recode()
        return rows

    def write(self, vals):
        self._recode()  # what it meant until now
        result = super().write(vals)
        self._recode()
        return result

    def unlink(self):
        self._recode()
        return super().unlink()

    def _recode(self):
        for row in self:
            for kind, record in row._recoded():
                self.env["mfg.master"]._recoded(kind, record, row.code)

    def _recoded(self):
        """(kind, record) of what this row gives a code."""
        return []


class MfgMapping(models.Model):
    _name = "mfg.mapping"
    _inherit = ["mfg.mapping", "mfg.master.recoding"]

    def _recoded(self):
        record = self.record and self.record.exists()
        return [(self.kind, record)] if record else []


class MfgUomCrosswalk(models.Model):
    _name = "mfg.uom.crosswalk"
    _inherit = ["mfg.uom.crosswalk", "mfg.master.recoding"]

    def _recoded(self):
        return [("unit", self.uom_id)]
