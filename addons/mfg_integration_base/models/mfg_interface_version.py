# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import versions

# only approving writes these
DECIDED = {"stage", "approved_by_id", "approved_at", "approval_reason"}
# what an interface is; another one is another interface, with an approval of its own
FIXED = ("type", "direction", "endpoint_id")


class Decision(dict):
    """Values of an interface that only the code below writes; no client can send it."""


class MfgInterface(models.Model):
    """Versions of a message type: the next one is approved before it goes live.

    A plant changes over while the version before still works. Until a manager approves,
    what comes in the new version is rehearsed and explained, and changes nothing.
    """

    _inherit = "mfg.interface"

    stage = fields.Selection(
        [("proposed", "Proposed"), ("live", "Live")],
        default="live",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="Messages of a proposed version are rehearsed and explained; nothing is "
        "posted or sent until a manager approves.",
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)
    approval_reason = fields.Text(readonly=True, copy=False)
    earlier_id = fields.Many2one(
        "mfg.interface",
        string="Version Before",
        compute="_compute_earlier_id",
        help="The version that this plant uses, or used before it was archived.",
    )
    accept_until = fields.Date(
        string="More Time Until",
        tracking=True,
        help="This plant may send the version until the end of this day (UTC), "
        "although it has ended.",
    )
    ending = fields.Char(compute="_compute_ending")

    @api.depends("type", "direction", "endpoint_id")
    def _compute_earlier_id(self):
        for interface in self:
            interface.earlier_id = interface._earlier()

    @api.depends("type")
    @api.depends_context("lang")
    def _compute_ending(self):
        for interface in self:
            interface.ending = interface._ending_words()

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {name: value for name, value in vals.items() if name not in DECIDED}
            for vals in vals_list
        ]
        interfaces = super().create(vals_list)
        interfaces._propose()
        return interfaces

    def write(self, vals):
        if DECIDED & vals.keys() and not isinstance(vals, Decision):
            raise UserError(
                self.env._("A proposed version goes live by being approved only.")
            )
        self._check_fixed(vals)
        return super().write(vals)

    def _check_fixed(self, vals):
        """An interface stays what it is: changed into a version it would be live."""
        for name in (name for name in FIXED if name in vals):
            field = self._fields[name]
            value = field.convert_to_cache(vals[name], self)
            if any(field.convert_to_cache(i[name], i) != value for i in self):
                raise UserError(
                    self.env._(
                        "%(field)s of an interface is not changed. Archive it and add "
                        "one instead: a version that follows one in use goes live by "
                        "approval.",
                        field=field._description_string(self.env),
                    )
                )

    def _propose(self):
        """What follows a version that is or was live waits for approval."""
        later = self.filtered(
            lambda i: i.stage == "live" and (i._earlier() or i._came_earlier())
        )
        later.write(Decision(stage="proposed"))

    def _earlier(self):
        """The interface of the latest version before this one, or none.

        One that was archived counts, behind one that is in use: a plant changes over
        whether or not somebody has archived what it changes over from.
        """
        self.ensure_one()
        before = self._types_before()
        interfaces = self.endpoint_id.with_context(active_test=False).interface_ids
        found = interfaces.filtered(
            lambda i: (
                i.direction == self.direction and i.stage == "live" and i.type in before
            )
        )
        order = found.sorted(lambda i: (i.active, versions.split(i.type)[1]))
        return self.browse(order[-1:].ids)

    def _types_before(self):
        """The earlier versions of this type that there are."""
        name, number = versions.split(self.type)
        known = self.env["mfg.handler"]._registry()
        return [
            one
            for one in known
            if versions.split(one)[0] == name and versions.split(one)[1] < number
        ]

    def _came_earlier(self):
        """Whether there are messages of an earlier version, its interface deleted."""
        before = self._types_before()
        return bool(before) and bool(
            # sudo: that there is one, whoever may read it
            self.env["mfg.message"]
            .sudo()
            .search(
                [
                    ("endpoint_id", "=", self.endpoint_id.id),
                    ("direction", "=", self.direction),
                    ("type", "in", before),
                    ("state", "!=", "rejected"),
                ],
                limit=1,
            )
        )

    def _approve(self, reason):
        """Bring a proposed version live: messages are posted from now on.

        :param reason: why, for the record
        """
        if not self.env.user.has_group("mfg_integration_base.group_mfg_manager"):
            raise AccessError(self.env._("Only an integration manager approves."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: a reason is required."))
        for interface in self:
            interface.check_access("write")
            if interface.stage != "proposed":
                raise UserError(self.env._("This version is live already."))
            interface.write(
                Decision(
                    stage="live",
                    approved_by_id=self.env.uid,
                    approved_at=fields.Datetime.now(),
                    approval_reason=reason.strip(),
                )
            )
            interface.message_post(
                body=self.env._("Approved to go live: %(why)s", why=reason.strip())
            )

    def action_review(self):
        """Open what a manager should know before approving."""
        self.ensure_one()
        review = self.env["mfg.interface.review"].create({"interface_id": self.id})
        return review._open()

    # -- what people should know of an end -------------------------------------------

    def _ending_words(self):
        """Until when the version may be used and what follows it, or None."""
        self.ensure_one()
        ending = self.env["mfg.contract"]._ending(self.type) if self.type else None
        if not ending:
            return None
        title = dict(self._selection_type()).get(self.type, self.type)
        words = {"title": title, "version": versions.split(self.type)[1]}
        text = self.env._("“%(title)s” version %(version)s is on its way out.", **words)
        if ending.sunset_at:
            words["day"] = ending.sunset_at.strftime("%Y-%m-%d")
            text = self.env._(
                "“%(title)s” version %(version)s ends on %(day)s.", **words
            )
        if ending.successor:
            number = versions.split(ending.successor)[1]
            text += " " + self.env._("Version %(number)s is there.", number=number)
        return text
