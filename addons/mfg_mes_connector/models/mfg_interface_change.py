# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

POLICIES = [
    ("free", "Free"),
    ("consent", "Needs the plant's consent"),
    ("locked", "Locked once started"),
]


def _policy(string, help_):
    return fields.Selection(
        POLICIES,
        string=string,
        default="free",
        required=True,
        tracking=True,
        help=help_,
    )


class MfgInterface(models.Model):
    """What may still be planned anew after an order was released to a plant."""

    _inherit = "mfg.interface"

    change_quantity = _policy(
        "Quantity",
        "How much is to be made. Component quantities and times that follow from it "
        "count as quantity.",
    )
    change_dates = _policy("Dates", "Planned start and end, also of operations.")
    change_components = _policy(
        "Components", "Components and by-products, and how much of them is needed."
    )
    change_operations = _policy(
        "Operations", "Which operations, on which machines, in which order, how long."
    )
    change_priority = _policy("Priority", "Whether the order is urgent.")

    def _mfg_asks_consent(self, found):
        return any(self[f"change_{aspect}"] == "consent" for aspect in found)

    def _mfg_locks(self, found):
        """Of changed aspects those that are locked, as a planner calls them."""
        names = [f"change_{aspect}" for aspect in found]
        return [
            self._fields[name]._description_string(self.env).lower()
            for name in names
            if self[name] == "locked"
        ]
