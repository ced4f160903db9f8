# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class MfgOutboxMany(models.AbstractModel):
    """Many events of one type to one endpoint, in one statement."""

    _inherit = "mfg.outbox"

    @api.model
    def emit_many(self, interface, event_type, events):
        """Write events for the endpoint of an interface.

        :param events: (subject, data) each; see :meth:`emit`
        :return: the outgoing messages
        """
        rows = [
            self._row(interface.endpoint_id, interface, event_type, subject, data, {})
            for subject, data in events
        ]
        return self._store(rows)
