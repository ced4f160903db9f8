# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from ..b2mml import writing
from .mfg_contract import XML


class MfgOutbox(models.AbstractModel):
    """What is handed out, in the language of its plant."""

    _inherit = "mfg.outbox"

    @api.model
    def _rendered(self, message):
        form = message.endpoint_id.message_format
        if form in writing.FORMS:
            text = writing.write(message._event(), form)
            if text:
                return XML, text
        return super()._rendered(message)
