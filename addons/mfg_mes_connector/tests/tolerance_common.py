# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)


from .common import MesCase

OPERATOR = "mfg_integration_base.group_mfg_operator"
AUDITOR = "mfg_integration_base.group_mfg_auditor"
WHY = "The shift counted again: it is right."


class ToleranceCase(MesCase):
    def setUp(self):
        super().setUp()
        self.order = self.make_order()

    def limit(self, event_type, rule, percent=0.0, quantity=0.0):
        self.interface(event_type).write(
            {
                f"limit_{rule}": True,
                f"{rule}_percent": percent,
                f"{rule}_quantity": quantity,
            }
        )

    def approve(self, message, reason=WHY):
        message._approve(reason)
        self.drain()
        self.order.invalidate_recordset()

    def made(self, order=None):
        return float((order or self.order)._mfg_produced())
