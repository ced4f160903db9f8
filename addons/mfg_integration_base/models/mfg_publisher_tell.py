# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.tools import SQL

TOLD_PER_STEP = 200


class MfgPublisherTell(models.AbstractModel):
    """Telling plants by events, each as far behind as its interface allows.

    The messages and how far they go are one transaction: a record is told once, and
    its versions in their order, since the record is the key of its messages.
    """

    _inherit = "mfg.publisher"

    def _step_tell(self, kinds=None):
        """The next messages of one interface; whether there were any to write."""
        found = self._next_told(kinds)
        if not found:
            return False
        interface, kind = found
        position, since = self.env["mfg.publication.feed"]._of(interface)
        rows = self.env["mfg.publication"]._after(
            interface.company_id, kind, position, since, TOLD_PER_STEP
        )
        self._tell_apart(interface, kind, rows)
        done = len(rows) < TOLD_PER_STEP
        last = self.env["mfg.publication"]._last_position()
        position = last if done else rows[-1]["position"]
        self.env["mfg.publication.feed"]._told(interface, position, done)
        return True

    def _tell(self, interface, kind, rows):
        master = self.env["mfg.master"]._of_kind(kind)
        items = master._items(interface.company_id, interface.endpoint_id, rows)
        self.env["mfg.outbox"].emit_many(
            interface,
            interface.type,
            [(f"{kind}:{item['id']}", item) for item in items],
        )

    def _next_told(self, kinds=None):
        """An interface with something to be told now, and its kind; or None."""
        master = self.env["mfg.master"]
        for kind in kinds or master._wanted():
            if not master._of_kind(kind)._mfg_is_master:
                continue
            for interface in master._interfaces(kind):
                if self._is_to_be_told(interface, kind):
                    return interface, kind
        return None

    def _is_to_be_told(self, interface, kind):
        """Whether it is asked for, or goes by itself and there is something new."""
        [(due, new)] = self.env.execute_query(
            SQL(
                """
                SELECT coalesce(bool_or(due), FALSE), EXISTS (
                    SELECT 1 FROM mfg_publication
                    WHERE company_id = %s AND kind = %s
                      AND position > coalesce(max(f.position), 0))
                FROM mfg_publication_feed f WHERE interface_id = %s
                """,
                interface.company_id.id,
                kind,
                interface.id,
            )
        )
        return due or (interface.publish == "now" and new)
