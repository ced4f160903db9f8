# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import versions

# only approving writes these
DECIDED = {"stage", "approved_by_id", "approved_at", "approval_reason"}


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
        help="The version that this plant uses until now.",
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
        result = super().write(vals)
        if "type" in vals or "endpoint_id" in vals:
            self._propose()
        return result

    def _propose(self):
        """What follows a version that is live waits for approval."""
        later = self.filtered(lambda i: i.stage == "live" and i._earlier())
        later.write(Decision(stage="proposed"))

    def _earlier(self):
        """The live interface of the latest version before this one, or none."""
        self.ensure_one()
        name, number = versions.split(self.type)
        found = self.endpoint_id.interface_ids.filtered(
            lambda i: (
                i.direction == self.direction
                and i.stage == "live"
                and i.active
                and versions.split(i.type)[0] == name
                and versions.split(i.type)[1] < number
            )
        )
        return found.sorted(lambda i: versions.split(i.type)[1])[-1:]

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
