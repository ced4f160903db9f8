# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from ..models.mfg_push_secret import OVERLAP_HOURS


class MfgPushRotate(models.TransientModel):
    """Changes what deliveries are signed with, without a gap for the plant."""

    _name = "mfg.push.rotate"
    _description = "Change the Secret of Deliveries"

    endpoint_id = fields.Many2one("mfg.endpoint", required=True, readonly=True)
    secret_made_at = fields.Datetime(
        related="endpoint_id.push_secret_at", related_sudo=False
    )
    overlap_hours = fields.Integer(
        string="Sign with the old one as well for",
        compute="_compute_overlap_hours",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="For as long every delivery has both signatures. 0: the old one ends now.",
    )
    own_secret = fields.Char(
        string="Secret of the Plant",
        exportable=False,
        help="Empty: Odoo makes one. Enter it when the plant's system made its own.",
    )

    @api.depends("endpoint_id")
    def _compute_overlap_hours(self):
        """Of the body-only profile few receivers know where a second one would be."""
        for wizard in self:
            known = wizard.endpoint_id.push_profile != "body_hex"
            wizard.overlap_hours = OVERLAP_HOURS if known else 0

    def action_rotate(self):
        """Change it and show the new one, this once."""
        self.ensure_one()
        hours = max(self.overlap_hours, 0)
        endpoint, own = self.endpoint_id, self.own_secret
        self.unlink()  # what was entered is not kept in a second place
        secret = endpoint._rotate_push_secret(own, hours)
        return self.env["mfg.push.shown"]._show(endpoint, secret)


class MfgPushShown(models.AbstractModel):
    """Shows a new secret once; without a table, as the endpoint's key is shown."""

    _name = "mfg.push.shown"
    _description = "Delivery Secret, Shown Once"

    # the field 'id' is necessary for the onchange that returns the defaults
    id = fields.Id()
    endpoint_id = fields.Many2one("mfg.endpoint", readonly=True)
    secret = fields.Char(readonly=True)

    @api.model
    def _show(self, endpoint, secret):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The secret of %(endpoint)s", endpoint=endpoint.name),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_endpoint_id": endpoint.id, "default_secret": secret},
        }
