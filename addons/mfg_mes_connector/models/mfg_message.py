# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import AccessError

from odoo.addons.mfg_integration_base.engine.catalogue import RULE, Entry, register
from odoo.addons.mfg_integration_base.engine.texts import marker

_lt = marker(__name__)

BLOCKED = "consumption-blocked"

register(
    Entry(
        BLOCKED,
        _lt("More is used than the bill of materials allows"),
        RULE,
        _lt(
            "Check the quantity with the plant. If it is right, a manufacturing "
            "manager approves the message; else correct or cancel it."
        ),
        approvable=True,
    )
)


class MfgMessage(models.Model):
    """Who may approve what a bill of materials blocks."""

    _inherit = "mfg.message"

    def _approve(self, reason):
        """Odoo lets only a manufacturing manager close an order that used something
        else than its bill of materials says, where that is “Blocked”."""
        blocked = self.filtered(lambda message: message.error_code == BLOCKED)
        if blocked and not self.env.user.has_group("mrp.group_mrp_manager"):
            raise AccessError(
                self.env._(
                    "The bill of materials of %(orders)s blocks this consumption: only "
                    "a manufacturing manager may approve it.",
                    orders=", ".join(blocked.mapped(lambda m: m.subject or m.event_id)),
                )
            )
        return super()._approve(reason)
