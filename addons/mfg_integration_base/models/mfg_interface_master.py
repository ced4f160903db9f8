# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class MfgInterface(models.Model):
    """When a plant is told of master data, and telling it on demand."""

    _inherit = "mfg.interface"

    publish = fields.Selection(
        [
            ("now", "Within seconds"),
            ("nightly", "Every night"),
            ("pull", "When the plant asks"),
        ],
        string="Told of Changes",
        default="now",
        required=True,
        tracking=True,
        help="Master data only. Within seconds and every night, changes are sent as "
        "events. Whatever is chosen here, the plant may ask for all records, or for "
        "what changed since it last asked.",
    )
    master_kind = fields.Char(compute="_compute_master_kind")
    told_at = fields.Datetime(string="Last Told", compute="_compute_told")
    untold_count = fields.Integer(string="Not Told Yet", compute="_compute_told")

    @api.depends("type", "direction")
    def _compute_master_kind(self):
        kinds = {
            event_type: kind
            for kind, name in self.env["mfg.master"]._kinds().items()
            if self.env[name]._mfg_is_master
            for event_type in self.env[name]._types()
        }
        for interface in self:
            out = interface.direction == "out"
            interface.master_kind = kinds.get(interface.type) if out else False

    def _compute_told(self):
        feeds = self.env["mfg.publication.feed"].search(
            [("interface_id", "in", self.ids)]
        )
        by_interface = {feed.interface_id: feed for feed in feeds}
        for interface in self:
            feed = by_interface.get(interface, feeds.browse())
            interface.told_at = feed.told_at
            interface.untold_count = interface._untold(feed)

    def _untold(self, feed):
        if not self.master_kind:
            return 0
        return self.env["mfg.publication"].search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", self.master_kind),
                ("position", ">", feed.position),
                "|",
                ("deleted", "=", False),
                ("position", ">", feed.since),
            ]
        )

    @api.model_create_multi
    def create(self, vals_list):
        interfaces = super().create(vals_list)
        interfaces._begin_publishing()
        return interfaces

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") or not {"publish", "stage"}.isdisjoint(vals):
            self._begin_publishing()
        return result

    def _begin_publishing(self):
        """Look at all records of kinds whose changes nobody took note of so far."""
        begun = self.filtered(lambda i: i.active and i.stage == "live")
        read = {(kind, i.company_id) for i in begun for kind in i._published_kinds()}
        pairs = {
            (kind, company.id)
            for kind, company in read
            if not begun._published_already(kind, company)
        }
        self.env["mfg.publication.scan"].sudo()._begin(sorted(pairs), anew=True)
        if begun.filtered("master_kind"):
            self.env["mfg.publisher"]._wake_after_commit()

    def _published_kinds(self):
        """The kinds that are read by whoever has this, and what these name; some are
        told by no event."""
        if self.direction != "out":
            return set()
        masters = self.env["mfg.master"]
        found = map(masters._of_kind, masters._kinds())
        mine = [master for master in found if self.type in master._types()]
        return {kind for m in mine for kind in (m._mfg_kind, *m._mfg_names)}

    def _published_already(self, kind, company):
        """Whether the kind was looked at, and marked by other interfaces since."""
        scans = self.env["mfg.publication.scan"].sudo()
        masters = self.env["mfg.master"]
        others = masters._interfaces(*masters._naming(kind)) - self
        same = others.filtered(lambda i: i.company_id == company)
        return bool(same) and scans._is_ready(kind, company)

    def action_publish_now(self):
        """Tell the plant what it was not told yet, whatever its hour."""
        return self._publish_on_demand(anew=False)

    def action_publish_all(self):
        """Tell the plant everything again."""
        return self._publish_on_demand(anew=True)

    def _publish_on_demand(self, anew):
        self.check_access("write")
        kinds = self.filtered("master_kind")
        pairs = {(i.master_kind, i.company_id.id) for i in kinds}
        # sudo: nobody writes these; whoever may change the interface may ask
        self.env["mfg.publication.scan"].sudo()._begin(sorted(pairs))
        self.env["mfg.publication.feed"].sudo()._ask(kinds, anew)
        self.env["mfg.publisher"]._wake_after_commit()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The records are on their way to the outbox; the log shows them."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class MfgEndpoint(models.Model):
    _inherit = "mfg.endpoint"

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self.env.registry.clear_cache()  # who wants which kind: mfg.master._wanted
            if vals["active"]:
                self.interface_ids._begin_publishing()
        return result
