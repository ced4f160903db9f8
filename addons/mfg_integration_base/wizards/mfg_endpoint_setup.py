# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import re

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..engine import versions

ANSWERS = ("mfg.event.posted.v1", "mfg.event.parked.v1")


class MfgEndpointSetup(models.TransientModel):
    """Everything a plant needs to send its first event, on one screen.

    Makes the endpoint with its service user, its interfaces and its key, so that
    nobody has to know in which order these are made.
    """

    _name = "mfg.endpoint.setup"
    _description = "Connect a Plant System"

    name = fields.Char(string="Plant system", required=True)
    code = fields.Char(
        compute="_compute_code", store=True, readonly=False, required=True
    )
    source = fields.Char(
        compute="_compute_source",
        store=True,
        readonly=False,
        required=True,
        help="The plant writes this in the 'source' of its events.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id)]",
    )
    answer_events = fields.Boolean(
        default=True,
        help="The plant gets an event when one of its own was posted, or waits for "
        "a person.",
    )
    delivery = fields.Selection(
        [("pull", "The plant fetches"), ("push", "Odoo pushes")],
        string="Messages to the Plant",
        default="pull",
        required=True,
        help="Fetching needs no open door at the plant. Pushing needs an address that "
        "Odoo can reach.",
    )
    push_url = fields.Char(string="Push To")
    push_profile = fields.Selection(
        [
            ("standard", "Standard Webhooks"),
            ("body_hex", "Body only, hex HMAC-SHA256"),
        ],
        string="Signed As",
        default="standard",
        required=True,
    )
    line_ids = fields.One2many(
        "mfg.endpoint.setup.line",
        "setup_id",
        string="Messages",
        default=lambda self: self._default_line_ids(),
    )

    @api.model
    def _default_line_ids(self):
        """Every type there is a handler for: unticking is easier than searching.

        One that goes both ways is there twice. Mass data is ticked by nobody but a
        person, and of several versions the last: a new plant need not change over.
        """
        handlers = self.env["mfg.handler"]
        ways = handlers._ways()
        latest = versions.latest(event_type for event_type, _direction in ways)
        return [
            Command.create(
                {
                    "type": event_type,
                    "direction": direction,
                    "selected": event_type in latest
                    and handlers._for_type(event_type)._mfg_chosen,
                }
            )
            for event_type, direction in sorted(ways, key=lambda way: way[::-1])
            if event_type not in ANSWERS
        ]

    @api.depends("name")
    def _compute_code(self):
        for setup in self:
            words = re.findall(r"[a-z0-9]+", (setup.name or "").lower())
            setup.code = "-".join(words)

    @api.depends("code")
    def _compute_source(self):
        for setup in self:
            setup.source = f"urn:plant:{setup.code}" if setup.code else False

    @api.depends("company_id")
    def _compute_warehouse_id(self):
        for setup in self:
            warehouses = self.env["stock.warehouse"].search(
                [("company_id", "=", setup.company_id.id)], limit=2
            )
            # one warehouse: that one; several: the person's choice
            setup.warehouse_id = warehouses if len(warehouses) == 1 else False

    def action_create(self):
        """Make it all and show the key, this once."""
        self.ensure_one()
        lines = self.line_ids.filtered("selected")
        if not lines:
            raise UserError(self.env._("Tick at least one message type."))
        ways = [(line.type, line.direction) for line in lines]
        if self.answer_events:
            ways += [(answer, "out") for answer in self._known_answers()]
        endpoint = self.env["mfg.endpoint"].create(self._endpoint_values(ways))
        secret = endpoint.delivery == "push" and endpoint._rotate_push_secret()
        key = endpoint._rotate_key()
        return self.env["mfg.endpoint.key"]._show(endpoint, key, secret)

    def _known_answers(self):
        registry = self.env["mfg.handler"]._registry()
        return [answer for answer in ANSWERS if answer in registry]

    def _endpoint_values(self, ways):
        return {
            "name": self.name,
            "code": self.code,
            "source": self.source,
            "company_id": self.company_id.id,
            "warehouse_id": self.warehouse_id.id,
            "delivery": self.delivery,
            "push_url": self.push_url,
            "push_profile": self.push_profile,
            "interface_ids": [
                Command.create(
                    {
                        "type": event_type,
                        "direction": direction,
                        "owner_id": self.env.uid,
                    }
                )
                for event_type, direction in ways
            ],
        }
