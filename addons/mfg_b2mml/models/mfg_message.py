# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

AUDITOR = "mfg_integration_base.group_mfg_auditor"


class MfgMessage(models.Model):
    """The B2MML side of a message, for people: where it came from, how it goes out."""

    _inherit = "mfg.message"

    b2mml_origin_ids = fields.One2many("mfg.b2mml.origin", "message_id", groups=AUDITOR)
    b2mml_document_id = fields.Many2one(
        "mfg.b2mml.document", compute="_compute_b2mml", groups=AUDITOR
    )
    b2mml_place = fields.Char(string="Where", compute="_compute_b2mml", groups=AUDITOR)
    b2mml_text = fields.Text(
        string="B2MML Document", compute="_compute_b2mml", groups=AUDITOR
    )

    @api.depends("b2mml_origin_ids", "payload", "endpoint_id.message_format")
    def _compute_b2mml(self):
        for message in self:
            origin = message.b2mml_origin_ids[:1]
            document = origin.document_id or message._b2mml_contradicting()
            message.b2mml_document_id = document
            message.b2mml_place = origin._place() if origin else False
            message.b2mml_text = document.text if document else message._b2mml_out()

    def _compute_type_title(self):
        """A document that was refused is no message of a type, but has a name."""
        result = super()._compute_type_title()
        untitled = self.filtered(lambda message: not message.type)
        if untitled:
            # sudo: that it is a document, no more; what it holds has its own rights
            origins = self.env["mfg.b2mml.origin"].sudo()
            origins = origins.search([("message_id", "in", untitled.ids)])
            for origin in origins:
                root = origin.document_id.root
                title = self.env._("B2MML document")
                origin.message_id.with_env(self.env).type_title = root or title
        return result

    def _b2mml_contradicting(self):
        """The document of an event that was refused because it contradicts an earlier
        one of its id: that one has the answer's address, and so the origin."""
        documents = self.env["mfg.b2mml.document"]
        identity = self.correlation_id
        if not identity or not (self.event_id or "").startswith(f"{identity}/"):
            return documents
        return documents.search(
            [("endpoint_id", "=", self.endpoint_id.id), ("identity", "=", identity)],
            limit=1,
        )

    def _b2mml_out(self):
        """The document it is handed out as; False where that is JSON."""
        if self.direction != "out":
            return False
        try:
            media_type, text = self.env["mfg.outbox"]._rendered(self)
        except Exception as error:  # why, is said where it is parked
            _logger.info("Message %s has no document: %r", self.id, error)
            return False
        return media_type == "application/xml" and text
