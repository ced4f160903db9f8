# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from ..engine import signature
from ..tools.posting import POSTING

KEY_SCOPE = "mfg_integration"
KEY_LIFETIME_DAYS = 365


class MfgEndpoint(models.Model):
    """One external system at one plant.

    Everything a message may do hangs on its endpoint: which company and warehouse
    it speaks for, which user posts, which key opens the door. Revoking or pausing
    one plant therefore never touches another.
    """

    _name = "mfg.endpoint"
    _description = "Plant Endpoint"
    _inherit = ["mail.thread"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(
        required=True,
        tracking=True,
        help="Short name used in metrics and file names, such as 'mes'.",
    )
    active = fields.Boolean(default=True, tracking=True)
    state = fields.Selection(
        [("active", "Active"), ("paused", "Paused")],
        default="active",
        required=True,
        tracking=True,
        help="While paused, events are still accepted and kept; nothing is posted "
        "or delivered until it is active again.",
    )
    source = fields.Char(
        required=True,
        tracking=True,
        help="URI reference the plant writes in the 'source' of its events, "
        "such as urn:plant:mes.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        tracking=True,
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        check_company=True,
        tracking=True,
        help="Only orders of this warehouse are released to the plant. "
        "Empty: all warehouses of the company.",
    )
    tz = fields.Selection(
        _tz_get,
        string="Plant Time Zone",
        compute="_compute_tz",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="Decides on which day, and so in which period, the books have what the "
        "plant reports. Times that come without an offset from UTC are meant in it.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Service User",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Posts on behalf of the plant. It has no password and few rights.",
    )
    signature_profile = fields.Selection(
        [
            ("none", "None (key only)"),
            ("standard", "Standard Webhooks"),
            ("body_hex", "Body only, hex HMAC-SHA256"),
        ],
        default="none",
        required=True,
        tracking=True,
        help="What the plant signs its requests with, beside the key.",
    )
    signature_secret = fields.Char(
        copy=False,
        groups="mfg_integration_base.group_mfg_manager",
        help="Standard Webhooks: whsec_ and base64 of 24 to 64 bytes. Body only: any "
        "text without blanks, of 16 characters or more. Several, by blanks apart, "
        "while the plant changes over.",
    )
    rate_limit = fields.Integer(
        tracking=True, help="Events per minute the plant may send. 0: no limit."
    )
    key_rotated_at = fields.Datetime(readonly=True, copy=False)
    key_expires_at = fields.Datetime(readonly=True, copy=False)
    interface_ids = fields.One2many("mfg.interface", "endpoint_id")
    mapping_ids = fields.One2many("mfg.mapping", "endpoint_id")
    uom_crosswalk_ids = fields.One2many("mfg.uom.crosswalk", "endpoint_id")
    parked_count = fields.Integer(compute="_compute_message_counts")
    open_count = fields.Integer(string="In Progress", compute="_compute_message_counts")

    _code_unique = models.UniqueIndex(
        "(company_id, code)", "An endpoint of this company has this code already."
    )
    _user_unique = models.UniqueIndex(
        "(user_id) WHERE user_id IS NOT NULL",
        "A service user belongs to one endpoint only.",
    )

    @api.depends("company_id")
    def _compute_tz(self):
        """Where the company works, until somebody says where this plant is."""
        for endpoint in self:
            # sudo: a calendar says nothing that a manager may not know
            calendar = endpoint.company_id.sudo().resource_calendar_id
            endpoint.tz = calendar.tz or endpoint.tz or "UTC"

    def _compute_message_counts(self):
        groups = self.env["mfg.message"]._read_group(
            [
                ("endpoint_id", "in", self.ids),
                ("state", "in", ("queued", "waiting", "retrying", "parked")),
            ],
            ["endpoint_id", "state"],
            ["__count"],
        )
        counts = {(endpoint.id, state): number for endpoint, state, number in groups}
        for endpoint in self:
            endpoint.parked_count = counts.get((endpoint.id, "parked"), 0)
            endpoint.open_count = sum(
                counts.get((endpoint.id, state), 0)
                for state in ("queued", "waiting", "retrying")
            )

    @api.constrains("rate_limit")
    def _check_rate_limit(self):
        for endpoint in self:
            if endpoint.rate_limit < 0:
                raise ValidationError(
                    self.env._("The rate limit must be 0 (no limit) or more.")
                )

    @api.constrains("signature_profile", "signature_secret")
    def _check_signature(self):
        """Whoever signs with what is entered here gets in."""
        for endpoint in self:
            secrets = (endpoint.signature_secret or "").split()
            profile = endpoint.signature_profile
            if profile != "none" and not self._are_secrets(profile, secrets):
                raise ValidationError(
                    self.env._(
                        "A signature secret of Standard Webhooks is whsec_ and base64 "
                        "of 24 to 64 bytes; one of the body-only profile has 16 "
                        "characters or more. Blanks stand between several secrets."
                    )
                )

    @api.model
    def _are_secrets(self, profile, secrets):
        shortest = min(map(len, secrets), default=signature.SHORTEST)
        return shortest >= signature.SHORTEST and signature.can_sign(profile, secrets)

    @api.constrains("company_id", "user_id")
    def _check_user_company(self):
        for endpoint in self:
            user = endpoint.user_id.sudo()  # the manager may not read other users
            if user and user.company_id != endpoint.company_id:
                raise ValidationError(
                    self.env._(
                        "The service user of %(endpoint)s belongs to another company.",
                        endpoint=endpoint.name,
                    )
                )

    @api.model
    def _has_field_access(self, field, operation):
        """Who may write endpoints is not to choose as whom their messages post."""
        if field.name == "user_id" and operation == "write":
            return self.env.su
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        endpoints = super().create(vals_list)
        given = endpoints if self.env.su else self  # others have a default at most
        for endpoint in endpoints - given.filtered("user_id"):
            # sudo: see _has_field_access
            endpoint.sudo().user_id = endpoint._create_service_user()
        return endpoints

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "active" or vals.get("active"):
            self.env["mfg.drain"]._wake_endpoints(self)
        if vals.get("active") is False:
            self._revoke_keys()
        return result

    def action_pause(self):
        self.state = "paused"

    def action_resume(self):
        self.state = "active"

    def action_open_messages(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mfg_integration_base.mfg_message_action"
        )
        action["context"] = {"search_default_endpoint_id": self.id}
        return action

    def _create_service_user(self):
        """Make the user that posts for the plant: no password, no menu, one company.

        sudo: a manager of integrations need not be an administrator of users, and
        the user made here is fixed in its groups and company by this code.
        """
        self.ensure_one()
        return (
            self.env["res.users"]
            .sudo()
            .with_context(no_reset_password=True, mail_create_nosubscribe=True)
            .create(
                {
                    "name": self.env._("%(name)s (plant)", name=self.name),
                    "login": f"mfg-endpoint-{self.id}@{self.company_id.id}.invalid",
                    "company_id": self.company_id.id,
                    "company_ids": [(6, 0, self.company_id.ids)],
                    "group_ids": [
                        (
                            6,
                            0,
                            self.env.ref("mfg_integration_base.group_mfg_service").ids,
                        )
                    ],
                    "notification_type": "inbox",
                    "tz": "UTC",
                }
            )
        )

    def _rotate_key(self, keep_old=False):
        """Make a new key and return it in clear: the only time it is ever seen.

        ``keep_old`` leaves earlier keys valid, so that a plant can change over
        without a gap; call :meth:`_revoke_keys` afterwards.
        """
        self.ensure_one()
        self.check_access("write")
        if not keep_old:
            self._drop_keys()
        expires = fields.Datetime.now() + timedelta(days=KEY_LIFETIME_DAYS)
        # sudo: the key is the service user's own; the manager was checked above.
        # A duration beyond the user's own maximum is an administrator's right.
        keys = self.env["res.users.apikeys"].with_user(self.user_id).sudo()
        key = keys._generate(KEY_SCOPE, self.env._("Plant endpoint"), expires)
        self.write({"key_rotated_at": fields.Datetime.now(), "key_expires_at": expires})
        self.message_post(body=self.env._("A new key was made."))
        return key

    def _revoke_keys(self):
        """Close the door to the plant at once: every key of the endpoint ends."""
        for endpoint in self:
            endpoint.check_access("write")
            endpoint._drop_keys()
            endpoint.write({"key_expires_at": False})
            endpoint.message_post(body=self.env._("All keys were revoked."))

    def _drop_keys(self):
        # sudo: keys belong to the service user, whom nobody logs in as
        keys = self.env["res.users.apikeys"].sudo()
        ours = [("user_id", "=", self.user_id.id), ("scope", "=", KEY_SCOPE)]
        keys.search(ours).unlink()

    def _service_env(self, cr=None):
        """Environment in which the plant's messages post: its user, its company, its
        day (Odoo books on the user's day).

        What is written there happened, and is no planning (``tools/posting.py``).
        """
        self.ensure_one()
        env = self.env if cr is None else self.env(cr=cr)
        companies = self.company_id.ids
        return env(
            user=self.user_id.id,
            su=False,
            context={
                "allowed_company_ids": companies,
                "tz": self.tz,
                **POSTING,
            },
        )

    def _interface(self, event_type, direction="in"):
        """The active interface of this endpoint for a type, or an empty one."""
        return self.interface_ids.filtered(
            lambda i: i.type == event_type and i.direction == direction and i.active
        )[:1]
