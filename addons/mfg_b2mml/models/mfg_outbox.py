# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, timezone

from odoo import api, models

from odoo.addons.mfg_integration_base.engine.times import format_time
from odoo.addons.mfg_mes_connector.models.mrp_production import RELEASED

from ..b2mml import writing
from .mfg_contract import XML

DEFAULT = "b2mml_0701"


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

    @api.model
    def _b2mml_order(self, endpoint, item):
        """The document of an order as it stands: as if it were released anew.

        :param item: see ``mfg.master.joborder``
        """
        form = endpoint.message_format
        event = {
            "id": f"{item['jobOrderId']}/{item['revision']}",
            "source": self._source(),
            "type": RELEASED,
            "time": format_time(datetime.now(timezone.utc)),
            "data": item,
        }
        return writing.write(event, form if form in writing.FORMS else DEFAULT)
