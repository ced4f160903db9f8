# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import states


class MfgMessageClaim(models.Model):
    """Posting of a message has begun; the row goes when it ended, well or not.

    What is left over tells of a crash. A table of its own, because the message is a
    long row with many indexes: to note the beginning there would write it all again.
    """

    _name = "mfg.message.claim"
    _description = "Plant Message in Hand"
    _log_access = False

    # no foreign key: it would lock, and so write, the message's row
    message_id = fields.Integer(required=True, readonly=True, aggregator=None)
    tries = fields.Integer(readonly=True, help="Beginnings without an end yet.")

    _message_unique = models.UniqueIndex("(message_id)")

    @api.model
    def _begin(self, ids):
        """Note that posting begins; returns whether all of them are still open.

        Not waiting for the disk: a claim that is lost with the whole database was
        followed by no posting that is not lost as well.
        """
        claimed = self.env.execute_query(
            SQL(
                """
                SET LOCAL synchronous_commit TO off;
                INSERT INTO mfg_message_claim (message_id, tries)
                SELECT id, 1 FROM mfg_message WHERE id IN %s AND state IN %s
                ON CONFLICT (message_id)
                DO UPDATE SET tries = mfg_message_claim.tries + 1
                RETURNING message_id
                """,
                tuple(ids),
                states.OPEN,
            )
        )
        return len(claimed) == len(ids)

    @api.model
    def _drop(self, messages):
        """Undo claims: the messages were not tried after all."""
        if messages:
            self.env.execute_query(
                SQL(
                    "DELETE FROM mfg_message_claim WHERE message_id IN %s RETURNING id",
                    messages._ids,
                )
            )

    @api.model
    def _tries(self, message):
        """How often posting a message began without an end."""
        rows = self.env.execute_query(
            SQL("SELECT tries FROM mfg_message_claim WHERE message_id = %s", message.id)
        )
        return rows[0][0] if rows else 0
