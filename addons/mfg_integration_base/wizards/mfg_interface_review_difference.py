# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class MfgInterfaceReviewDifference(models.TransientModel):
    """One field that is not what it was in the version before."""

    _name = "mfg.interface.review.difference"
    _description = "Difference between Versions"
    _rec_name = "path"

    review_id = fields.Many2one(
        "mfg.interface.review", required=True, ondelete="cascade"
    )
    path = fields.Char(string="Field", readonly=True)
    change = fields.Selection(
        [
            ("new-required", "New, must be there"),
            ("gone", "Not taken any more"),
            ("now-required", "Must be there now"),
            ("other", "Follows other rules"),
            ("new", "New, may be there"),
            ("now-optional", "May be left out now"),
        ],
        string="What Is Different",
        readonly=True,
    )
    before = fields.Char(string="Until Now", readonly=True)
    after = fields.Char(string="In This Version", readonly=True)
