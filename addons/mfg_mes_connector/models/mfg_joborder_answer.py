# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL


class MfgJoborderAnswer(models.Model):
    """What one plant answered to one version, or that it has not yet."""

    _name = "mfg.joborder.answer"
    _inherit = "mfg.lean"
    _description = "Plant's Answer to a Job Order Version"
    _order = "id"
    _rec_name = "endpoint_id"

    version_id = fields.Many2one(
        "mfg.joborder.version", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    endpoint_id = fields.Many2one(
        "mfg.endpoint", string="Plant", required=True, readonly=True, ondelete="cascade"
    )
    consent = fields.Boolean(
        string="Consent Needed",
        readonly=True,
        help="The change counts for the plant once it consents to it.",
    )
    state = fields.Selection(
        [
            ("told", "Does not answer"),
            ("waiting", "Waiting"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
        ],
        string="Answer",
        readonly=True,
    )
    left = fields.Boolean(
        string="Taken from It",
        readonly=True,
        help="By this version the order is made elsewhere; the plant was told to "
        "cancel.",
    )
    answered_at = fields.Datetime(string="Answered on", readonly=True)
    code = fields.Char(string="Reason Code", readonly=True)
    detail = fields.Char(string="Reason", readonly=True)

    _once_unique = models.UniqueIndex("(version_id, endpoint_id)")
    _endpoint_index = models.Index("(endpoint_id, version_id)")

    @api.model
    def _expect(self, version, endpoints, consent, left):
        """Keep who was told, and wait for the answers of those that can answer."""
        self._insert(
            [
                {
                    "version_id": version.id,
                    "company_id": endpoint.company_id.id,
                    "endpoint_id": endpoint.id,
                    "consent": endpoint in consent,
                    "state": endpoint._mfg_answers_joborders() and "waiting" or "told",
                    "left": left,
                }
                for endpoint in endpoints
            ]
        )

    def _words(self):
        """Why, as the plant said it."""
        parts = [part for part in (self.code, self.detail) if part]
        return ": ".join(parts) or self.env._("It gave no reason.")

    def _give(self, state, time, code, detail):
        """The plant answers; plain, since this is the plant's to say and nobody else's.

        :return: whether it is its last word: an older answer changes nothing
        """
        if self.answered_at and time < self.answered_at:
            return False
        self.env.execute_query(
            SQL(
                "UPDATE mfg_joborder_answer SET state = %s, answered_at = %s,"
                " code = %s, detail = %s WHERE id = %s RETURNING id",
                state,
                time,
                code or None,
                detail or None,
                self.id,
            )
        )
        self.invalidate_recordset()
        return True
