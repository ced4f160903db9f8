# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import versions
from ..tools.translation import translated
from .after_commit import after_commit

LANES = [("realtime", "Realtime"), ("standard", "Standard"), ("batch", "Batch")]
# policies of every type; so the list is never empty, which Odoo would read as False
COMMON = ("owner_id", "sla_minutes")


class MfgInterface(models.Model):
    """One message type on one endpoint: who owns it and how it is treated.

    Policies live here rather than on the type, because the same event from two
    plants deserves two tolerances, two clocks and two owners.
    """

    _name = "mfg.interface"
    _description = "Plant Interface"
    _inherit = ["mail.thread"]
    _order = "endpoint_id, direction, type"
    _rec_name = "type"

    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="endpoint_id.company_id", store=True, index=True
    )
    type = fields.Selection(
        selection="_selection_type", required=True, string="Message Type", tracking=True
    )
    direction = fields.Selection(
        [("in", "From plant"), ("out", "To plant")],
        compute="_compute_direction",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Most message types go one way. Of one that goes both ways, each way is "
        "an interface of its own.",
    )
    two_way = fields.Boolean(compute="_compute_two_way")
    active = fields.Boolean(default=True, tracking=True)
    lane = fields.Selection(
        LANES,
        compute="_compute_lane",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
        help="Lanes are drained separately, so that mass data never delays what is "
        "urgent.",
    )
    order_policy = fields.Selection(
        [("hold", "Hold back its followers"), ("continue", "Let the others go on")],
        string="When One Is Parked",
        compute="_compute_order_policy",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
        help="What a parked message does to later messages of the same order, or of "
        "whatever else the plant orders them by. Where the others go on, it takes "
        "effect after them once it is settled.",
    )
    sequence_scope = fields.Selection(
        [
            ("key", "Counted per order from 1"),
            ("source", "Rising, with holes"),
        ],
        string="Event Numbers",
        default="key",
        required=True,
        tracking=True,
        help="How the plant numbers its events. Gaps are only noticed when they are "
        "counted per order.",
    )
    gap_seconds = fields.Integer(
        string="Wait for a Missing One",
        default=30,
        tracking=True,
        help="How long a message waits for an earlier one that is still missing.",
    )
    gap_policy = fields.Selection(
        [("park", "Park for a person"), ("continue", "Go on without it")],
        string="If It Does Not Come",
        default="park",
        required=True,
        tracking=True,
    )
    max_attempts = fields.Integer(
        string="Attempts at Most",
        default=8,
        tracking=True,
        help="After as many a person has to look. Passing failures are those nobody "
        "has to mend, such as a record that another user is changing.",
    )
    retry_base = fields.Float(default=2.0, help="Seconds before the first retry.")
    retry_cap = fields.Float(default=900.0, help="Longest pause between retries (s).")
    join = fields.Boolean(
        string="Join Reports",
        default=True,
        tracking=True,
        help="Consecutive reports of one order that wait together are posted as one "
        "stock operation. Each keeps its own share, links and reversal.",
    )
    sla_minutes = fields.Integer(
        default=60,
        tracking=True,
        help="A parked message should be settled in this time.",
    )
    policies = fields.Json(
        compute="_compute_policies",
        help="Names of the settings that count for this type; views show these.",
    )
    schema_version = fields.Integer(compute="_compute_schema_version")
    shadow = fields.Boolean(
        tracking=True,
        help="Messages are checked and explained but change nothing in Odoo.",
    )
    owner_id = fields.Many2one("res.users", tracking=True)

    _endpoint_type_unique = models.UniqueIndex(
        "(endpoint_id, type, direction)",
        "This endpoint has an interface for this type and direction already.",
    )

    @api.model
    def _selection_type(self):
        handlers = self.env["mfg.handler"]._registry()
        return [(t, self._title(t, name)) for t, name in sorted(handlers.items())]

    def _title(self, event_type, handler):
        """As a planner calls it; later versions say which one they are."""
        title = translated(self.env, self.env[handler]._mfg_title)
        number = versions.split(event_type)[1]
        if number > 1:
            title = self.env._(
                "%(title)s, version %(number)s", title=title, number=number
            )
        return title

    @api.depends("type")
    def _compute_direction(self):
        for interface in self:
            directions = interface._handler()._directions()
            if interface.direction not in directions:
                interface.direction = directions[0]

    @api.depends("type")
    def _compute_two_way(self):
        for interface in self:
            interface.two_way = len(interface._handler()._directions()) > 1

    @api.depends("type")
    def _compute_lane(self):
        for interface in self:
            interface.lane = interface._handler()._mfg_lane

    @api.depends("type")
    def _compute_order_policy(self):
        for interface in self:
            interface.order_policy = interface._handler()._mfg_order_policy

    @api.depends("type")
    def _compute_policies(self):
        for interface in self:
            interface.policies = [*COMMON, *interface._handler()._mfg_policies]

    @api.depends("type")
    def _compute_schema_version(self):
        for interface in self:
            interface.schema_version = versions.split(interface.type)[1]

    @api.depends("type", "direction", "endpoint_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        titles = dict(self._selection_type())
        ways = dict(self._fields["direction"]._description_selection(self.env))
        for interface in self:
            title = titles.get(interface.type, interface.type)
            if interface.two_way:
                title = f"{title} ({ways[interface.direction]})"
            interface.display_name = f"{interface.endpoint_id.name}: {title}"

    @api.constrains("type", "direction")
    def _check_direction(self):
        ways = self.env["mfg.handler"]._ways()
        for interface in self:
            if (interface.type, interface.direction) not in ways:
                raise ValidationError(
                    self.env._(
                        "Messages of the type %(type)s do not go this way.",
                        type=interface.type,
                    )
                )

    @api.constrains("gap_seconds", "max_attempts")
    def _check_positive(self):
        for interface in self:
            if interface.gap_seconds < 0:
                raise ValidationError(self.env._("The gap time must be 0 or more."))
            if interface.max_attempts < 1:
                raise ValidationError(self.env._("Allow at least one attempt."))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()  # what may come in: mfg.inbox._interfaces
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        result = super().write(vals)
        if vals.get("order_policy") == "continue":
            self._let_go(self.ids)
            # also who was parked before this commit, unseen by this transaction
            after_commit(self, "_let_go", dict.fromkeys(self.ids))
        return result

    @api.model
    def _let_go(self, ids):
        """Who waits behind parked messages of these interfaces waits no longer."""
        # sudo: whoever sets the interface need not see its messages
        messages = self.env["mfg.message"].sudo()
        parked = [("interface_id", "in", list(ids)), ("state", "=", "parked")]
        messages.search(parked)._wake()

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _offered(self, name):
        """The values of a setting that mean something to its type."""
        values = dict(self._fields[name].selection)
        withheld = self._handler()._mfg_withheld.get(name, ())
        return [value for value in values if value not in withheld]

    def _handler(self):
        handlers = self.env["mfg.handler"]._registry()
        return self.env[handlers.get(self.type, "mfg.handler")]
