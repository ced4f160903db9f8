# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class MfgEndpoint(models.Model):
    """Which language a plant speaks."""

    _inherit = "mfg.endpoint"

    message_format = fields.Selection(
        [
            ("cloudevents", "JSON (CloudEvents)"),
            ("b2mml_0701", "B2MML V7.0.1, OperationsSchedule"),
            ("b2mml_0701_jobs", "B2MML V7.0.1, JobList"),
            ("b2mml_0401", "B2MML V0401, ProductionSchedule"),
        ],
        string="Format",
        default="cloudevents",
        required=True,
        tracking=True,
        help="How job orders are written for the plant. What has no B2MML form, such "
        "as answers to its events, is JSON in any case. The plant may always send "
        "both, whatever is chosen here. Another format holds at once, also for what "
        "waits to be fetched or sent; who changed it is in the log below.",
    )
