# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

# PackML (ISA-TR88.00.02): the machine is, or will be in a moment, ready to produce
RUNNING = ("Starting", "Execute", "Completing", "Complete", "Completed", "Idle")
# on its way from Stopped, or from Complete, to Idle: as it was before
PASSING = ("Resetting",)
# not producing; acting states stand for the waiting state they belong to
DOWN = {
    "Stopping": "Stopped",
    "Stopped": "Stopped",
    "Aborting": "Aborted",
    "Aborted": "Aborted",
    "Clearing": "Aborted",
    "Holding": "Held",
    "Held": "Held",
    "Unholding": "Held",
    "Suspending": "Suspended",
    "Suspended": "Suspended",
    "Unsuspending": "Suspended",
}


class MfgMapping(models.Model):
    """The plant's reason tree and machine states: Odoo's productivity losses."""

    _inherit = "mfg.mapping"

    kind = fields.Selection(
        selection_add=[("loss", "Downtime reason or machine state")],
        ondelete={"loss": "cascade"},
    )

    @api.model
    def _kind_models(self):
        return {**super()._kind_models(), "loss": "mrp.workcenter.productivity.loss"}


class MfgResolver(models.AbstractModel):
    """Why a machine stands still, as one of Odoo's productivity losses."""

    _inherit = "mfg.resolver"

    @api.model
    def _lookup_loss(self, endpoint, code):
        losses = self.env["mrp.workcenter.productivity.loss"].with_context(lang=None)
        found = self._only(losses.search([("name", "=", code)], limit=2))
        named = found.with_env(self.env)  # see _lookup_reason
        return named or self.env["mfg.reason.block"]._loss(endpoint, code)

    @api.model
    def _unknown(self, endpoint, kind, code, pointer, seen=None):
        if kind != "loss":
            return super()._unknown(endpoint, kind, code, pointer, seen)
        failure = super()._unknown(endpoint, "reason", code, pointer, seen)
        failure.wanted = kind, code
        return failure

    @api.model
    def state_loss(self, endpoint, state, reason):
        """The loss a machine in a PackML state incurs; empty: none, None: as before.

        What the endpoint maps a state to comes before what PackML says of it: a loss
        of the category Productive makes it a running state, any other one a stop.

        :param reason: the plant's reason code, or None; says more than a state
        :raise Failure: unknown-reason
        """
        mapped = self._remembered(
            ("state", endpoint.id, state), lambda: self._mapped(endpoint, "loss", state)
        )
        if not mapped and state in PASSING:
            return None
        if (mapped and mapped.loss_type == "productive") or (
            not mapped and state in RUNNING
        ):
            return self.env["mrp.workcenter.productivity.loss"]
        if reason:
            return self.resolve(endpoint, "loss", reason, "/data/reasonCode")
        return mapped or self.resolve(endpoint, "loss", DOWN[state], "/data/state")
