# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json

from odoo import models


class EdiExchangeRecord(models.Model):
    _inherit = "edi.exchange.record"

    def action_exchange_process_job_options(self):
        """queue_job's hook for automatic delays: the channel of the order."""
        event = json.loads(self._get_file_content())
        return self.env["bench.job"]._options(event.get("subject") or event["id"])
