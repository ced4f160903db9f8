# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json

from odoo import models


class PlantEventProcessor(models.AbstractModel):
    """The handler of the exchange type: reads the file, posts the event."""

    _name = "bench.edi.process"
    _inherit = "edi.oca.handler.process"
    _description = "Plant Event Processor"

    def process(self, exchange_record):
        content = exchange_record._get_file_content()
        self.env["bench.job"]._post(json.loads(content))
