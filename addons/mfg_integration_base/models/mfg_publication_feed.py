# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL


class MfgPublicationFeed(models.Model):
    """How far an interface was told of its kind; the same that a plant's cursor says.

    Written in the transaction of the messages themselves: after a crash it goes on
    exactly behind the last one that was written.
    """

    _name = "mfg.publication.feed"
    _description = "How Far a Plant Was Told"
    _rec_name = "interface_id"
    _log_access = False

    interface_id = fields.Many2one(
        "mfg.interface", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="interface_id.company_id")
    position = fields.Integer(readonly=True, aggregator=None)
    since = fields.Integer(
        readonly=True,
        aggregator=None,
        help="What had ended up to here is not told: the plant never had it, or knows.",
    )
    due = fields.Boolean(readonly=True, help="To be told now, whatever the hour.")
    told_at = fields.Datetime(readonly=True)

    _interface_unique = models.UniqueIndex("(interface_id)")

    @api.model
    def _ask(self, interfaces, anew=False):
        """Have interfaces told of what they were not told yet; anew: of everything."""
        if not interfaces:
            return
        again = SQL("mfg_publication_feed.%s", SQL.identifier("position"))
        since = SQL("mfg_publication_feed.since")
        if anew:
            # of what ended it is told behind what it was told so far: it has the rest
            since = SQL("GREATEST(%s, %s)", again, since)
            again = SQL("0")
        last = self.env["mfg.publication"]._last_position()
        rows = [SQL("(%s, 0, %s, TRUE)", id_, last) for id_ in interfaces.ids]
        self.env.execute_query(
            SQL(
                """
                INSERT INTO mfg_publication_feed (interface_id, position, since, due)
                VALUES %s ON CONFLICT (interface_id)
                DO UPDATE SET due = TRUE, position = %s, since = %s
                RETURNING id
                """,
                SQL(", ").join(rows),
                again,
                since,
            )
        )
        self.invalidate_model()

    @api.model
    def _of(self, interface):
        """(position, since) of an interface; a new one begins at the beginning."""
        last = self.env["mfg.publication"]._last_position()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO mfg_publication_feed (interface_id, position, since, due)
                VALUES (%s, 0, %s, FALSE) ON CONFLICT (interface_id)
                DO UPDATE SET interface_id = EXCLUDED.interface_id
                RETURNING position, since
                """,
                interface.id,
                last,
            )
        )
        return rows[0]

    @api.model
    def _told(self, interface, position, done):
        """Note how far the messages of this transaction go; done: that is all."""
        self.env.execute_query(
            SQL(
                """
                UPDATE mfg_publication_feed SET position = %s,
                    due = due AND NOT %s,
                    told_at = clock_timestamp() AT TIME ZONE 'UTC'
                WHERE interface_id = %s RETURNING id
                """,
                position,
                done,
                interface.id,
            )
        )
        self.invalidate_model()
