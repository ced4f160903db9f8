# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from odoo.addons.mfg_integration_base.engine.texts import marker

_lt = marker(__name__)


class MfgHandlerEquipmentEvent(models.AbstractModel):
    """A machine stands still, or works again: time losses of its work centre."""

    _name = "mfg.handler.equipment.event"
    _inherit = "mfg.handler.equipment"
    _description = "Equipment Event"

    def _post_one(self, message, row):
        if row is None:
            return
        fact, made, changed = self.env["mfg.equipment.event"]._note(row)
        message._link(fact)
        message._link(made)
        message._link(changed, "changed")

    def _reverse(self, original, reversal):
        """Forget what was said; the time losses follow from what else was said."""
        for fact in self._made_by(original, "mfg.equipment.event"):
            made, changed = fact._take_back()
            reversal._link(made)
            reversal._link(changed, "changed")


class MfgHandlerEquipmentStatechanged(models.AbstractModel):
    """A machine is in another state from a time on (PackML)."""

    _name = "mfg.handler.equipment.statechanged"
    _inherit = "mfg.handler.equipment.event"
    _description = "Equipment State Changed"
    _mfg_type = "mfg.equipment.statechanged.v1"
    _mfg_title = _lt("Machine state changed")

    def _resolve(self, message):
        """The fact to note, or None when the state says nothing new."""
        row = self._machine_row(message)
        data = message._event_data()
        reason = data.get("reasonCode")
        loss = self.env["mfg.resolver"].state_loss(
            message.endpoint_id, data["state"], reason
        )
        if loss is None:
            return None
        running = not loss or loss.loss_type == "productive"
        return {
            **row,
            "kind": "state",
            "state": data["state"],
            "reason": reason,
            "loss_id": None if running else loss.id,
        }


class MfgHandlerEquipmentDowntime(models.AbstractModel):
    """A machine is, or was, down for a reason."""

    _name = "mfg.handler.equipment.downtime"
    _inherit = "mfg.handler.equipment.event"
    _description = "Equipment Downtime"
    _mfg_type = "mfg.equipment.downtime.v1"
    _mfg_title = _lt("Machine downtime")

    def _resolve(self, message):
        row = self._machine_row(message)
        loss = self._resolved(
            message, "loss", "reasonCode", "mrp.workcenter.productivity.loss"
        )
        order = self._resolved(message, "order", "jobOrderId", "mrp.production")
        return {
            **row,
            "kind": "stop",
            "reason": message._event_data()["reasonCode"],
            "loss_id": None if loss.loss_type == "productive" else loss.id,
            "production_id": order.id or None,
        }
