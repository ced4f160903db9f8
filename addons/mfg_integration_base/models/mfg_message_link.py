# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json

from odoo import api, fields, models
from odoo.tools import SQL

MAX_NAME = 500  # as the contract says


def _shown(model, id_, name):
    return {"model": model, "id": id_, "name": (name or model)[:MAX_NAME]}


class MfgMessageLink(models.Model):
    """Message and Odoo record it made or changed.

    A table of its own, because one message makes many records and one record is
    the work of many messages. ``undo`` keeps what a reversal must know.
    """

    _name = "mfg.message.link"
    _inherit = ["mfg.lean", "mfg.opens.record"]
    _description = "Plant Message Link"
    _order = "id"
    _rec_name = "res_name"

    message_id = fields.Many2one(
        "mfg.message", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="message_id.company_id", store=True)
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    res_name = fields.Char(string="Name", readonly=True)
    role = fields.Selection(
        [("created", "Created"), ("changed", "Changed")],
        required=True,
        readonly=True,
    )
    undo = fields.Json(readonly=True)

    _record_index = models.Index("(res_model, res_id)")

    @api.model
    def _add(self, entries):
        """Write links.

        :param entries: (message, record, role, undo) each; see `mfg.message._link`
        """
        self._insert(
            [
                {
                    "message_id": message.id,
                    "company_id": message.company_id.id,
                    "res_model": record._name,
                    "res_id": record.id,
                    "res_name": record.display_name,
                    "role": role,
                    "undo": None if undo is None else json.dumps(undo),
                }
                for message, record, role, undo in entries
            ]
        )
        self.env["mfg.message"].invalidate_model(["link_ids"])

    @api.model
    def _records_of(self, messages):
        """Message id -> its records, as :meth:`_records` shows them, in one query."""
        rows = self.env.execute_query(
            SQL(
                "SELECT message_id, res_model, res_id, res_name FROM mfg_message_link"
                " WHERE message_id IN %s ORDER BY id",
                tuple(messages.ids),
            )
        )
        found = {id_: [] for id_ in messages.ids}
        for id_, model, res_id, name in rows:
            found[id_].append(_shown(model, res_id, name))
        return found

    def _records(self):
        """The records as the contract shows them (design.md section 3)."""
        return [_shown(link.res_model, link.res_id, link.res_name) for link in self]
