# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class MfgHandler(models.AbstractModel):
    """Every handler may say what is too raw to be stored at all."""

    _inherit = "mfg.handler"

    def _raw_stream(self, data):
        """Why an event is raw where a summary is wanted, as a Failure; else None.

        :param data: what follows its schema
        """
        return None


class MfgInbox(models.AbstractModel):
    """Raw streams stay outside: nobody should find a million of them parked."""

    _inherit = "mfg.inbox"

    def _refusal(self, event, interfaces):
        failure = super()._refusal(event, interfaces)
        if failure:
            return failure
        return self.env["mfg.handler"]._for_type(event.type)._raw_stream(event.data)
