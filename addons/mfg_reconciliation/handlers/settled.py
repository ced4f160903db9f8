# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class MfgHandlerOrder(models.AbstractModel):
    """A correction that is posted settles the differences it was made for.

    Told by its source, which costs nothing where no correction is.
    """

    _inherit = "mfg.handler.order"

    def _claims(self, message):
        """A correction tells of what was used, not that the plant will tell more."""
        made_up = self.env["mfg.reconciler"]._is_made_up(message)
        return not made_up and super()._claims(message)

    def _post_traced(self, messages, facts):
        result = super()._post_traced(messages, facts)
        self.env["mfg.reconciliation.line"]._settle(messages)
        return result


class MfgHandlerEventReversed(models.AbstractModel):
    """So does a reversal; and a correction that is taken back opens them again."""

    _inherit = "mfg.handler.event.reversed"

    def _post_one(self, reversal, original):
        result = super()._post_one(reversal, original)
        lines = self.env["mfg.reconciliation.line"]
        lines._settle(reversal)
        lines._unsettle(original, reversal)
        return result
