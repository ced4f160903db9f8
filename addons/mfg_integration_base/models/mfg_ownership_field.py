# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class MfgOwnershipField(models.Model):
    """One member of a kind of master data that a plant may be allowed to write.

    Rows rather than code, so that people choose them by name; each addon brings those
    of its kinds.
    """

    _name = "mfg.ownership.field"
    _description = "Master Data Field"
    _order = "kind, sequence, id"

    kind = fields.Char(required=True, readonly=True)
    code = fields.Char(
        required=True, readonly=True, help="Its name in the messages, such as “name”."
    )
    name = fields.Char(required=True, readonly=True, translate=True)
    sequence = fields.Integer(default=10, readonly=True)

    _code_unique = models.UniqueIndex("(kind, code)")

    @api.model
    def _offered(self, kind):
        """Member name -> its row, of all that a plant could ever write."""
        # sudo: the service user does not read the configuration; its code does
        return {row.code: row for row in self.sudo().search([("kind", "=", kind)])}
