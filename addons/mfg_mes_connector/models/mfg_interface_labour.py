# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models, tools


class MfgInterface(models.Model):
    """What a plant that reports labour may say."""

    _inherit = "mfg.interface"

    labor_overlap = fields.Selection(
        [
            ("accept", "Accept both times"),
            ("park", "Park the message"),
        ],
        string="One Person at Two Operations",
        default="accept",
        required=True,
        tracking=True,
        help="What happens when a person's time at one operation overlaps with their "
        "time at another. Accept it where people tend several machines. Time that is "
        "told afterwards is never accepted twice at one operation; time that is told "
        "as it goes (started, resumed, paused, completed) is, unless it is parked.",
    )

    @tools.ormcache("self.id")
    def _parks_overlap(self):
        """Kept, since it is asked whenever somebody begins or ends: writing on any
        interface clears it."""
        return self.labor_overlap == "park"
