# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class MfgMaster(models.AbstractModel):
    """Whoever is told of a record is told who may change it."""

    _inherit = "mfg.master"

    @api.model
    def _items(self, company, endpoint, rows):
        items = super()._items(company, endpoint, rows)
        shown = self.env["mfg.ownership"]._shown(endpoint, self._mfg_kind)
        if shown["owner"] == "odoo":
            return items
        return [{**item, "ownership": shown} for item in items]


class MfgOwnership(models.Model):
    """A plant that was told who may change its records is told when that changes."""

    _inherit = "mfg.ownership"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._tell_again(rows._facts())
        return rows

    def write(self, vals):
        before = self._facts()
        result = super().write(vals)
        self._tell_again(before ^ self._facts())
        return result

    def unlink(self):
        self._tell_again(self._facts())
        return super().unlink()

    def _facts(self):
        """What is said beside records: nothing where Odoo alone is the owner."""
        return {
            (row.endpoint_id, row.kind, row.owner, row.field_ids)
            for row in self
            if row.owner != "odoo"
        }

    def _tell_again(self, facts):
        """New versions of all records of the kinds: the plant knows the old ones."""
        master = self.env["mfg.master"]
        for endpoint, kind in {(plant, kind) for plant, kind, *_said in facts}:
            told = kind in master._wanted() and master._interfaces(kind).endpoint_id
            if told and endpoint in told:
                ids = self.env["mfg.publication"]._alive(endpoint.company_id, kind)
                self.env["mfg.publication.mark"]._note(kind, ids, forced=True)
