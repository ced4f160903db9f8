# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from odoo.addons.mfg_integration_base.engine.times import parse_time

SNAPSHOT = "mfg.snapshot.reported.v1"
REQUESTED = "mfg.snapshot.requested.v1"


class MfgSnapshot(models.Model):
    """What a plant said it had counted of an order; of each order the newest counts.

    The counts themselves are the message's: nothing is kept twice.
    """

    _name = "mfg.snapshot"
    _inherit = "mfg.lean"
    _description = "Plant Snapshot"
    _order = "as_of desc, id desc"
    _rec_name = "job_order_id"

    message_id = fields.Many2one(
        "mfg.message", required=True, readonly=True, ondelete="cascade"
    )
    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    order_id = fields.Many2one(
        "mrp.production", required=True, readonly=True, ondelete="cascade"
    )
    job_order_id = fields.Char(required=True, readonly=True)
    as_of = fields.Datetime(required=True, readonly=True)
    state = fields.Selection(
        [
            ("current", "Newest of its order"),
            ("superseded", "A newer one was there"),
            ("withdrawn", "Taken back"),
        ],
        required=True,
        readonly=True,
    )

    _message_unique = models.UniqueIndex(
        "(message_id)", "A message is one snapshot only."
    )
    _current_unique = models.UniqueIndex(
        "(endpoint_id, order_id) WHERE state = 'current'",
        "One snapshot of an order counts.",
    )

    @api.model
    def _moment(self, text):
        """A time of the contract as Odoo keeps it."""
        return parse_time(text).replace(tzinfo=None, microsecond=0)

    @api.model
    def _of(self, message):
        return self.search([("message_id", "=", message.id)])

    @api.model
    def _keep(self, message, order, as_of):
        """Keep a snapshot; one that is older than what is known changes nothing."""
        current = self._current(message.endpoint_id, order)
        older = current and current.as_of > as_of
        if current and not older:
            current._rank("superseded")
        return self._insert(
            [
                {
                    "message_id": message.id,
                    "endpoint_id": message.endpoint_id.id,
                    "company_id": message.company_id.id,
                    "order_id": order.id,
                    "job_order_id": order.mfg_job_order_id or order.name,
                    "as_of": as_of,
                    "state": "superseded" if older else "current",
                }
            ]
        )

    @api.model
    def _current(self, endpoint, order):
        return self.search(
            [
                ("endpoint_id", "=", endpoint.id),
                ("order_id", "=", order.id),
                ("state", "=", "current"),
            ]
        )

    def _rank(self, state):
        self.write({"state": state})
        self.flush_recordset()  # another one takes its place by plain SQL

    def _withdraw(self):
        """It was wrong: the newest before it counts again.

        :return: the reconciliation that is left, if any
        """
        was_current = self.state == "current"
        self._rank("withdrawn")
        reconciliations = self.env["mfg.reconciliation"]
        if not was_current:
            return reconciliations
        before = self.search(
            [
                ("endpoint_id", "=", self.endpoint_id.id),
                ("order_id", "=", self.order_id.id),
                ("state", "=", "superseded"),
            ],
            limit=1,
        )
        if before:
            before._rank("current")
            return reconciliations._compare_snapshot(before)
        reconciliations.search(
            [("snapshot_id", "=", self.id), ("state", "in", ("matched", "differs"))]
        ).unlink()
        return reconciliations.browse()


class MfgMessage(models.Model):
    """Whether a message was posted, also earlier in a run that is not committed."""

    _inherit = "mfg.message"

    def _has_taken_effect(self):
        return bool(self.state == "posted" or self.link_ids or self.reverses_id)
