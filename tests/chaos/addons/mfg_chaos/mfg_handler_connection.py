# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import os
import signal

from odoo import models

DEADLY = "kill your worker"


class MfgHandlerConnection(models.AbstractModel):
    """Dies of one text, in the middle of its posting, as a bug in C would."""

    _inherit = "mfg.handler.connection.tested"

    def _post_one(self, message, facts):
        super()._post_one(message, facts)
        if message._event_data().get("text") == DEADLY:
            self.env.flush_all()
            os.kill(os.getpid(), signal.SIGKILL)
