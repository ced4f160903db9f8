# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class MfgPublication(models.Model):
    """Which plant has which version, for people."""

    _name = "mfg.publication"
    _inherit = ["mfg.publication", "mfg.opens.record"]

    told_to = fields.Char(string="Plants Told", compute="_compute_told")
    untold_to = fields.Char(string="Not Told Yet", compute="_compute_told")
    received = fields.Text(string="Sent", compute="_compute_received")

    def _compute_told(self):
        """By how far the feeds of its kind have gone: two queries, however many.

        One that was never told has no feed yet; one that reads by itself is not waited
        for.
        """
        for kind, rows in self.grouped("kind").items():
            interfaces = self.env["mfg.master"]._interfaces(kind)
            reached = self._reached(interfaces)
            for row in rows:
                mine = interfaces.filtered(
                    lambda i, r=row: i.company_id == r.company_id
                )
                told = mine.filtered(
                    lambda i, r=row, far=reached: far.get(i, 0) >= r.position
                )
                late = (mine - told).filtered(
                    lambda i, far=reached: i in far or i.publish != "pull"
                )
                row.told_to = row._plants(told)
                row.untold_to = row._plants(late)

    def _reached(self, interfaces):
        """Interface -> the position up to which it was told, if ever."""
        # sudo: of plants in the company of a row that may be read
        feeds = self.env["mfg.publication.feed"].sudo()
        found = feeds.search([("interface_id", "in", interfaces.ids)])
        return {feed.interface_id: feed.position for feed in found}

    def _plants(self, interfaces):
        return ", ".join(interfaces.endpoint_id.mapped("name")) or False

    def _compute_received(self):
        for row in self:
            row.received = "\n".join(row._received_words()) or False

    def _received_words(self):
        """One line per plant: the last message about this record, and its state."""
        states = dict(
            self.env["mfg.message"]._fields["state"]._description_selection(self.env)
        )
        latest = {}
        for message in self.env["mfg.message"].search(self._message_domain()):
            latest.setdefault(message.endpoint_id, message)
        return [
            self.env._(
                "%(plant)s: version %(version)s, %(state)s",
                plant=endpoint.name,
                version=message._event_data()["version"],
                state=states[message.state].lower(),
            )
            for endpoint, message in latest.items()
        ]

    def _message_domain(self):
        key = f"{self.kind}:{self.res_id}"
        plants = self.env["mfg.master"]._interfaces(self.kind).endpoint_id
        return [
            ("endpoint_id", "in", plants.ids),
            ("direction", "=", "out"),
            ("company_id", "=", self.company_id.id),
            ("key", "=", key),
            ("type", "=like", f"mfg.master.{self.kind}.v%"),
        ]

    def action_messages(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mfg_integration_base.mfg_message_action"
        )
        return {**action, "domain": self._message_domain(), "context": {}}
