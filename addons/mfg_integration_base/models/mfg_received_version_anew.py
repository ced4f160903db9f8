# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.exceptions import UserError


class MfgReceivedVersion(models.Model):
    """When a plant counts its versions from the beginning again.

    A plant system with a new database starts with version 1. Odoo would take all of it
    for late messages, which change nothing and need nobody. So a person says it.
    """

    _inherit = "mfg.received.version"

    @api.model
    def _begin_anew(self, endpoint, kind, reason):
        """Forget which versions of a kind hold: the next one of each record does.

        Also what each record is in Odoo: a new database may give an old number to
        another record. It is found by its code, as when the plant first spoke of it.

        :return: how many records it was
        :raise UserError: no reason
        """
        endpoint.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: a reason is required."))
        # sudo: the engine's own rows; whoever sets up the endpoint may have them begin
        rows = self.sudo().search(self._anew_domain(endpoint, kind))
        number = len(rows)
        rows.unlink()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        endpoint.message_post(
            body=self.env._(
                "Received versions begin anew: %(kind)s, %(count)s records. %(reason)s",
                kind=kinds[kind],
                count=number,
                reason=reason.strip(),
            )
        )
        return number

    @api.model
    def _anew_domain(self, endpoint, kind):
        return [("endpoint_id", "in", endpoint.ids), ("kind", "=", kind)]

    def action_begin_anew(self):
        """Ask for the reason; endpoint and kind are those of the rows chosen."""
        endpoint, kinds = self.endpoint_id, set(self.mapped("kind"))
        if len(endpoint) > 1 or len(kinds) > 1:
            raise UserError(
                self.env._("Choose records of one endpoint and one kind at a time.")
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mfg_integration_base.mfg_received_version_anew_action"
        )
        chosen = {"default_endpoint_id": endpoint.id, "default_kind": kinds.pop()}
        return {**action, "context": chosen}
