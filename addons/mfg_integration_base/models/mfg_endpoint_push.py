# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import guard, signature

# what decides who gets an event (mfg.outbox._subscribers)
SUBSCRIBING = {"active", "delivery", "warehouse_id", "company_id"}

WAKING = {"state", "active", "delivery", "push_url", "push_state", "push_secret_at"}


class MfgEndpoint(models.Model):
    """How an endpoint gets what Odoo has for it: it fetches, or Odoo pushes."""

    _inherit = "mfg.endpoint"

    delivery = fields.Selection(
        [("pull", "The plant fetches"), ("push", "Odoo pushes")],
        default="pull",
        required=True,
        tracking=True,
        help="How messages to the plant get there. Fetching needs no open door at the "
        "plant; pushing needs an address that Odoo can reach.",
    )
    push_url = fields.Char(
        string="Push To",
        tracking=True,
        help="Address of the plant's system that takes the messages, one per request.",
    )
    push_profile = fields.Selection(
        [
            ("standard", "Standard Webhooks"),
            ("body_hex", "Body only, hex HMAC-SHA256"),
        ],
        string="Signed As",
        default="standard",
        required=True,
        tracking=True,
        help="How the plant can tell that a message is from Odoo and unchanged.",
    )
    push_rate = fields.Integer(
        string="Deliveries at Most",
        tracking=True,
        help="Messages per minute that Odoo sends, one after another and 20 per second "
        "at most. 0: no limit, up to four at a time.",
    )
    push_networks = fields.Char(
        string="Allowed Networks",
        groups="base.group_system",
        tracking=True,
        help="Networks inside the company that may be pushed to, such as 10.20.0.0/16. "
        "Without TLS (http://) only addresses in them are used. Everything that is not "
        "on the public internet is refused otherwise.",
    )
    push_state = fields.Selection(
        [
            ("active", "Active"),
            ("paused", "Paused"),
            ("gone", "Ended by the plant"),
        ],
        string="Delivery",
        default="active",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    push_secret_at = fields.Datetime(string="Secret Made", readonly=True, copy=False)
    push_secret_old_until = fields.Datetime(
        string="Old Secret Until", readonly=True, copy=False
    )

    @api.constrains("push_profile")
    def _check_push_profile(self):
        """The secrets in use must be ones that the profile can sign with."""
        # sudo: nobody may read a secret, and nothing of it is shown
        secrets = self.env["mfg.push.secret"].sudo()._alive(self)
        for endpoint in self:
            if not all(map(endpoint._can_sign, secrets[endpoint.id])):
                raise ValidationError(
                    self.env._(
                        "The secret in use is none of Standard Webhooks (whsec_ and "
                        "base64 of 24 to 64 bytes). Change the secret first, without "
                        "the old one living on; leave it empty and Odoo makes one "
                        "that both profiles can use."
                    )
                )

    @api.constrains("delivery", "push_url", "push_rate")
    def _check_push(self):
        for endpoint in self:
            if endpoint.delivery == "push" and not endpoint.push_url:
                raise ValidationError(
                    self.env._("Enter the address that Odoo should push to.")
                )
            if endpoint.push_rate < 0:
                raise ValidationError(
                    self.env._(
                        "The deliveries per minute must be 0 (no limit) or more."
                    )
                )
            endpoint._check_push_url()

    def _check_push_url(self):
        try:
            if self.push_url:
                guard.parts(self.push_url)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    @api.constrains("push_networks")
    def _check_push_networks(self):
        for endpoint in self:
            try:
                guard.networks(endpoint.push_networks)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Write networks as 10.20.0.0/16, by commas apart: %(error)s",
                        error=error,
                    )
                ) from None

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("push_url"):
                vals["push_url"] = vals["push_url"].strip()
        endpoints = super().create(vals_list)
        endpoints._subscribe_push()
        return endpoints

    def write(self, vals):
        if vals.get("push_url"):
            vals = {**vals, "push_url": vals["push_url"].strip()}
        result = super().write(vals)
        if SUBSCRIBING & vals.keys():
            self.env.registry.clear_cache()
        if vals.get("delivery") == "push":
            self._subscribe_push()
        if WAKING & vals.keys():
            self.env["mfg.push"]._wake_after_commit()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _subscribe_push(self):
        """What an endpoint needs that is pushed to."""
        pushed = self.filtered(lambda e: e.delivery == "push")
        # sudo: the engine's own record
        self.env["mfg.push.health"].sudo()._of(pushed)

    def _set_push_secret(self, secret, overlap_hours):
        self.ensure_one()
        # sudo: nobody may read a secret, and whoever changes one was checked
        self.env["mfg.push.secret"].sudo()._change(self, secret, overlap_hours)
        now = fields.Datetime.now()
        overlap = bool(self.push_secret_at and overlap_hours)
        self.write(
            {
                "push_secret_at": now,
                "push_secret_old_until": overlap
                and fields.Datetime.add(now, hours=overlap_hours),
            }
        )

    def _rotate_push_secret(self, secret=None, overlap_hours=0):
        """Sign with another secret and return it: the only time it is ever seen."""
        self.ensure_one()
        self.check_access("write")
        secret = (secret or "").strip() or signature.new_secret()
        self._check_push_secret(secret)
        self._set_push_secret(secret, overlap_hours)
        self.message_post(body=self.env._("The secret of the deliveries was changed."))
        return secret

    def _check_push_secret(self, secret):
        """A secret that the plant gave must be one its profile can sign with."""
        if not self._can_sign(secret):
            raise UserError(
                self.env._(
                    "Standard Webhooks asks for whsec_ and base64 of 24 to 64 bytes. "
                    "Leave it empty and Odoo makes one."
                )
            )
        if len(secret) < signature.SHORTEST:
            raise UserError(self.env._("Use a secret of at least 16 characters."))

    def _can_sign(self, secret):
        """Whether the profile can sign with a secret."""
        return signature.can_sign(self.push_profile, [secret])

    # -- what people do ----------------------------------------------------------------

    def action_push_pause(self):
        self.push_state = "paused"
        return True

    def action_push_resume(self):
        """Go on, and ask the plant at once, whatever its breaker says."""
        self.push_state = "active"
        # sudo: the engine's own record
        self.env["mfg.push.health"].sudo()._of(self)
        self.env["mfg.push.health"].sudo().search(
            [("endpoint_id", "in", self.ids)]
        )._let_try()
        self.env["mfg.issue"].sudo()._push_mended(self)
        self.env["mfg.push"]._wake_after_commit()
        return True

    def action_push_now(self):
        """Do not wait for the next try: what is retrying is due now."""
        self.check_access("write")
        # sudo: a manager decides it for all that waits; no state changes by it
        waiting = self.env["mfg.message"].sudo()
        waiting.search(
            [
                ("endpoint_id", "in", self.ids),
                ("direction", "=", "out"),
                ("state", "=", "retrying"),
            ]
        ).write({"next_try_at": fields.Datetime.now()})
        return self.action_push_resume()

    def action_push_test(self):
        """Send a first event, in the ordinary way, and show what becomes of it."""
        self.ensure_one()
        self.check_access("write")
        message = self.env["mfg.outbox"]._emit_test(self)
        return message._get_records_action(context={})

    def action_push_secret(self):
        """Ask for how long the present one is to live, then make another."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the Secret"),
            "res_model": "mfg.push.rotate",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_endpoint_id": self.id},
        }
