# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import base64
import hashlib
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.mfg_integration_base.engine import catalogue
from odoo.addons.mfg_integration_base.models.mfg_inbox import FREE
from odoo.addons.mfg_integration_base.models.mfg_retention import (
    BATCH,
    DEFAULT_DAYS,
    RETENTION,
)
from odoo.addons.mfg_integration_base.tools.parameters import whole_number
from odoo.addons.mfg_integration_base.tools.translation import translated

from ..b2mml import door
from ..b2mml.refusal import Refusal

AGAIN = SQL(
    """ON CONFLICT (endpoint_id, digest, state) DO UPDATE
    SET times = mfg_b2mml_document.times + 1, last_received_at = EXCLUDED.received_at,
        meaning = COALESCE(mfg_b2mml_document.meaning, EXCLUDED.meaning),
        error_code = EXCLUDED.error_code, error_detail = EXCLUDED.error_detail,
        error_path = EXCLUDED.error_path"""
)


class MfgB2mmlDocument(models.Model):
    """A B2MML document as it came, byte for byte, whether it was taken or refused.

    Events are what is posted; this is what the plant said, for whoever asks what an
    event was made of. One that comes again is counted, not kept twice.
    """

    _name = "mfg.b2mml.document"
    _inherit = "mfg.lean"
    _description = "B2MML Document"
    _order = "id desc"
    _rec_name = "identity"

    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    identity = fields.Char(
        string="Document ID",
        readonly=True,
        help="Its BODID, else its own ID, else a checksum of all it says.",
    )
    root = fields.Char(string="Kind", readonly=True, help="Its outermost element.")
    version = fields.Char(readonly=True, help="Of B2MML, by its name space.")
    state = fields.Selection(
        [("accepted", "Accepted"), ("refused", "Refused")], required=True, readonly=True
    )
    received_at = fields.Datetime(string="Received", readonly=True)
    last_received_at = fields.Datetime(string="Last Received", readonly=True)
    times = fields.Integer(string="Received Times", readonly=True, aggregator=None)
    encoding = fields.Char(readonly=True, help="Of the request's content type.")
    digest = fields.Char(required=True, readonly=True)
    # of the first document that was taken under its identity: what it says
    meaning = fields.Char(readonly=True)
    content = fields.Binary(string="File", readonly=True, attachment=False)
    file_name = fields.Char(compute="_compute_file_name")
    text = fields.Text(string="Document", compute="_compute_text")
    error_code = fields.Char(readonly=True)
    error_detail = fields.Char(string="What Is Wrong", readonly=True)
    error_path = fields.Char(string="Where", readonly=True)
    error_title = fields.Char(string="Problem", compute="_compute_error_texts")
    next_action = fields.Char(string="What to Do", compute="_compute_error_texts")
    origin_ids = fields.One2many("mfg.b2mml.origin", "document_id", string="Messages")
    message_count = fields.Integer(compute="_compute_message_count")

    _known = models.UniqueIndex(
        "(endpoint_id, digest, state)", "This document is kept already."
    )
    _said_once = models.UniqueIndex(
        "(endpoint_id, identity) WHERE meaning IS NOT NULL",
        "Another document was taken under this identity.",
    )
    _received_index = models.Index("(received_at)")
    _identity_index = models.Index("(endpoint_id, identity)")

    @api.depends("content")
    def _compute_text(self):
        for document in self.with_context(bin_size=False):
            document.text = document._decoded()

    def _decoded(self):
        body = base64.b64decode(self.content or b"")
        try:
            return door.decode(body, self.encoding)
        except Refusal:
            return body.decode("utf-8", "replace")

    @api.depends("root")
    def _compute_file_name(self):
        for document in self:
            document.file_name = f"{document.root or 'document'}-{document.id}.xml"

    @api.depends("error_code")
    @api.depends_context("lang")
    def _compute_error_texts(self):
        for document in self:
            code = document.error_code
            entry = code and catalogue.entry_or_internal(code)
            document.error_title = entry and translated(self.env, entry.title)
            document.next_action = entry and translated(self.env, entry.next_action)

    @api.depends("origin_ids")
    def _compute_message_count(self):
        for document in self:
            document.message_count = len(document.origin_ids)

    def action_messages(self):
        """What became of it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mfg_integration_base.mfg_message_action"
        )
        action["name"] = self.env._("Messages of %(document)s", document=self.root)
        action["domain"] = [("id", "in", self.origin_ids.message_id.ids)]
        action["context"] = {}
        return action

    @api.model
    def _meaning_of(self, endpoint, identity):
        """What the document that was taken under an identity says; None: there is none.

        A checksum; see ``b2mml.document``.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT meaning FROM mfg_b2mml_document
                 WHERE endpoint_id = %s AND identity = %s AND meaning IS NOT NULL
                """,
                endpoint.id,
                identity,
            )
        )
        return rows[0][0] if rows else None

    def _note_meaning(self):
        """Keep what a document says that was taken before this was kept."""
        self.ensure_one()
        body = base64.b64decode(self.with_context(bin_size=False).content or b"")
        inbox = self.env["mfg.b2mml.inbox"]
        found = inbox.read_document(self.endpoint_id, body, self.encoding)
        if isinstance(found, Refusal) or found.identity != self.identity:
            return  # it is read in another way by now
        self.env.execute_query(
            SQL(
                "UPDATE mfg_b2mml_document SET meaning = %s WHERE id = %s RETURNING id",
                found.meaning,
                self.id,
            )
        )
        self.invalidate_recordset(["meaning"])

    @api.model
    def _keep(self, endpoint, body, charset, **values):
        """Note a document that came, for the first time or again; the record.

        :param meaning: of one that is the first to be taken under its identity
        :raise psycopg2.errors.SerializationFailure: another transaction is taking a
            document of this identity; repeat in a new one, which then sees it
        """
        now = fields.Datetime.now()
        row = {
            "endpoint_id": endpoint.id,
            "company_id": endpoint.company_id.id,
            "received_at": now,
            "last_received_at": now,
            "times": 1,
            "encoding": charset,
            "digest": hashlib.sha256(body).hexdigest(),
            "content": psycopg2.Binary(base64.b64encode(body)),
            "meaning": None,
            **values,
        }
        first = row["meaning"] and self._insert([row], FREE)
        return first or self._insert([row], AGAIN)

    @api.autovacuum
    def _gc_documents(self):
        """Documents go when their time is over and their messages are gone."""
        days = whole_number(self.env, RETENTION, DEFAULT_DAYS)
        if days <= 0:
            return None
        deleted = self.env.execute_query(
            SQL(
                """
                DELETE FROM mfg_b2mml_document WHERE id = ANY (ARRAY (
                    SELECT id FROM mfg_b2mml_document d
                     WHERE last_received_at < %s AND NOT EXISTS (
                           SELECT FROM mfg_b2mml_origin o WHERE o.document_id = d.id)
                     ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
                RETURNING id
                """,
                fields.Datetime.now() - timedelta(days=days),
                BATCH,
            )
        )
        return len(deleted), len(deleted) == BATCH
