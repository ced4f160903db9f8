# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class MfgMasterSource(models.AbstractModel):
    """An Odoo model whose changes plants may have to hear of.

    What it costs where no plant wants any of it: a look into a cache. What it misses
    (plain SQL, stored computed fields), the nightly comparison finds.
    """

    _name = "mfg.master.source"
    _description = "Source of Published Records"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env["mfg.master"]._note(records)
        return records

    def write(self, vals):
        self.env["mfg.master"]._note_twins(self, vals.keys())
        self.env["mfg.master"]._note_left(self, vals.keys())
        result = super().write(vals)
        self.env["mfg.master"]._note(self, vals.keys())
        return result

    def unlink(self):
        self.env["mfg.master"]._note_twins(self)
        self.env["mfg.master"]._note(self)
        return super().unlink()
