# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

OWNERS = [
    ("odoo", "Odoo owns it"),
    ("plant", "The plant owns it"),
    ("shared", "Shared by field"),
    ("propose", "The plant proposes"),
]


class Owner(NamedTuple):
    """Who may change a kind of master data, and which members the plant may."""

    mode: str = "odoo"
    members: frozenset = frozenset()


class MfgOwnership(models.Model):
    """Who says what is true of one kind of master data: Odoo, or one plant's system.

    What is not listed is Odoo's. Two systems that both believe to be the master would
    undo each other's changes for ever; so it is said once, here, and kept at the door.
    """

    _name = "mfg.ownership"
    _description = "Master Data Ownership"
    _inherit = ["mail.thread"]
    _order = "endpoint_id, kind"
    _rec_name = "kind"

    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, ondelete="cascade", index=True, tracking=True
    )
    company_id = fields.Many2one(
        related="endpoint_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        selection="_selection_kind",
        string="Master Data",
        required=True,
        tracking=True,
    )
    owner = fields.Selection(
        OWNERS,
        default="odoo",
        required=True,
        tracking=True,
        help="Odoo owns it: what the plant sends is refused.\n"
        "The plant owns it: what the plant sends is taken over, new records and the "
        "end of old ones included.\n"
        "Shared by field: the plant may change the fields listed, of records that are "
        "there.\n"
        "The plant proposes: a person accepts or refuses what it sends.",
    )
    field_ids = fields.Many2many(
        "mfg.ownership.field",
        string="Fields of the Plant",
        compute="_compute_field_ids",
        store=True,
        readonly=False,
        help="What the plant may write where the kind is shared. All other fields are "
        "Odoo's.",
    )
    choices = fields.Char(
        compute="_compute_choices", help="Who may own this kind at all."
    )
    summary = fields.Char(string="In Words", compute="_compute_summary")

    _kind_unique = models.UniqueIndex(
        "(endpoint_id, kind)", "The owner of this kind is set for this endpoint."
    )

    @api.model
    def _selection_kind(self):
        return self.env["mfg.handler.owned"]._selection_kind()

    @api.depends("kind", "owner")
    def _compute_field_ids(self):
        """Fields of another kind, or of no use any more, go."""
        for row in self:
            fitting = row.field_ids.filtered(
                lambda field, row=row: field.kind == row.kind
            )
            row.field_ids = fitting if row.owner == "shared" else False

    @api.depends("kind")
    def _compute_choices(self):
        words = dict(self._fields["owner"]._description_selection(self.env))
        for row in self:
            owners = row._handler()._mfg_owners if row.kind else ()
            row.choices = ", ".join(words[owner] for owner in owners)

    @api.depends("kind", "owner", "field_ids.name")
    def _compute_summary(self):
        told = {
            "odoo": self.env._("Changed in Odoo only."),
            "plant": self.env._("Changed by the plant."),
            "propose": self.env._("Proposed by the plant, decided in Odoo."),
        }
        for row in self:
            names = ", ".join(row.field_ids.mapped("name"))
            shared = self.env._("The plant writes: %s. Odoo the rest.", names)
            row.summary = shared if row.owner == "shared" else told.get(row.owner)

    @api.depends("kind", "endpoint_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._selection_kind())
        for row in self:
            row.display_name = f"{row.endpoint_id.name}: {kinds.get(row.kind, '')}"

    @api.constrains("kind", "owner", "field_ids")
    def _check_owner(self):
        for row in self:
            if row.owner not in row._handler()._mfg_owners:
                raise ValidationError(
                    self.env._("Not possible for this kind. Choose: %s.", row.choices)
                )
            if row.owner == "shared" and not row.field_ids:
                raise ValidationError(
                    self.env._("Choose at least one field that the plant may write.")
                )
            if row.field_ids.filtered(lambda field, row=row: field.kind != row.kind):
                raise ValidationError(self.env._("A field of another kind is chosen."))

    def _handler(self):
        return self.env["mfg.handler.owned"]._of_kind(self.kind)

    @api.model
    def _of(self, endpoint, kind):
        """The :class:`Owner` of a kind as this endpoint has to keep to it."""
        # sudo: the service user does not read the configuration; its code does
        row = self.sudo().search(
            [("endpoint_id", "=", endpoint.id), ("kind", "=", kind)]
        )
        if row.owner == "shared":
            return Owner("shared", frozenset(row.field_ids.mapped("code")))
        return Owner(row.owner or "odoo")

    @api.model
    def _shown(self, endpoint, kind):
        """The same for the plant's eyes: what it may write, as the contract says it."""
        owner = self._of(endpoint, kind)
        shown = {"owner": owner.mode}
        return shown | ({"plantFields": sorted(owner.members)} if owner.members else {})


class MfgEndpoint(models.Model):
    """Each plant has its own division of labour with Odoo."""

    _inherit = "mfg.endpoint"

    ownership_ids = fields.One2many("mfg.ownership", "endpoint_id")
