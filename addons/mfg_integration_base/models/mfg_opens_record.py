# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import UserError


class MfgOpensRecord(models.AbstractModel):
    """Rows about a record of any model (`res_model`, `res_id`), which people open."""

    _name = "mfg.opens.record"
    _description = "Row That Opens Its Record"

    def action_open_record(self):
        """Button: the record's own form. Rows outlive the app that had the model."""
        self.ensure_one()
        if self.res_model not in self.env:
            raise UserError(
                self.env._(
                    "The app that “%(name)s” belonged to is not installed any more: "
                    "there is nothing left to open.",
                    name=self.display_name,
                )
            )
        record = self.env[self.res_model].browse(self.res_id)
        return record._get_records_action(context={})
