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

    def _step_tell_at_once(self):
        """The next messages for who is told within seconds."""
        return self._tell_next(self._next_told(asked=False))

    def _step_tell(self):
        """The next messages for anybody; whether there were any to write."""
        return self._tell_next(self._next_told())

    def _tell_next(self, found):
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

    def _next_told(self, asked=True):
        """An interface with something to be told now, and its kind; or None.

        The one that was told longest ago: none waits for another's ten thousand.

        :param asked: also those that are told only when somebody or the clock asks
        """
        rows = [SQL("%s", row) for row in self._tellable()]
        if not rows:
            return None
        found = self.env.execute_query(
            SQL(
                """
                SELECT i.id, i.kind
                FROM (VALUES %s) AS i (id, company_id, kind, at_once)
                LEFT JOIN mfg_publication_feed f ON f.interface_id = i.id
                WHERE (f.due AND %s) OR (i.at_once AND EXISTS (
                    SELECT 1 FROM mfg_publication p
                    WHERE p.company_id = i.company_id AND p.kind = i.kind
                      AND p.position > coalesce(f.position, 0)))
                ORDER BY f.told_at NULLS FIRST, i.id LIMIT 1
                """,
                SQL(", ").join(rows),
                asked,
            )
        )
        if not found:
            return None
        [(interface_id, kind)] = found
        return self.env["mfg.interface"].browse(interface_id), kind

    def _tellable(self):
        """(id, company id, kind, whether at once) of each interface for events."""
        master = self.env["mfg.master"]
        return [
            (interface.id, interface.company_id.id, kind, interface.publish == "now")
            for kind in master._wanted()
            if master._of_kind(kind)._mfg_is_master
            for interface in master._interfaces(kind)
        ]
