# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from .mfg_snapshot import SNAPSHOT


class MfgInbox(models.AbstractModel):
    """A snapshot that has no number waits behind nobody.

    It tells what is parked or still queued of its order; behind these it could not.
    """

    _inherit = "mfg.inbox"

    def _envelope_columns(self, event):
        columns = super()._envelope_columns(event)
        if event.type == SNAPSHOT and event.sequence is None:
            columns["key"] = f"snapshot:{event.key}"
        return columns
