# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.tools import SQL

KNOWN = SQL("ON CONFLICT (message_id, document_id) DO NOTHING")


class MfgB2mmlOrigin(models.Model):
    """The place in a document that a message was read from."""

    _name = "mfg.b2mml.origin"
    _inherit = "mfg.lean"
    _description = "B2MML Origin of a Message"
    _order = "id"
    _rec_name = "path"

    document_id = fields.Many2one(
        "mfg.b2mml.document",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    message_id = fields.Many2one(
        "mfg.message", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    path = fields.Char(string="Where", readonly=True, help="XPath in the document.")
    line = fields.Integer(readonly=True, aggregator=None)
    message_title = fields.Char(related="message_id.type_title", string="Message")
    message_state = fields.Selection(related="message_id.state", string="Status")
    message_sentence = fields.Char(
        related="message_id.sentence", string="What Happened"
    )

    _message_document = models.UniqueIndex(
        "(message_id, document_id)", "A message comes from a document once."
    )

    def _place(self):
        """Where in the document, for people; of a refused one what is wrong says it."""
        if not self.path:
            return self.document_id.error_path
        return self.env._("%(path)s, line %(line)s", path=self.path, line=self.line)

    def action_open(self):
        """Open the message."""
        self.ensure_one()
        return self.message_id._get_records_action(context={})
