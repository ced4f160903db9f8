# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import ownership_codes
from ..engine.failure import Failure, FieldError

POINTER = "/data/version"


class MfgReceivedVersion(models.Model):
    """The version of a plant's record that holds by now.

    Versions decide, not arrival: what is older than what holds changes nothing,
    however late and by whichever way it comes. The row is also where two messages about
    one record meet: the second starts over with what the first left.
    """

    _name = "mfg.received.version"
    _inherit = "mfg.lean"
    _description = "Received Master Data Version"
    _order = "id desc"
    _rec_name = "code"

    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["mfg.handler.owned"]._selection_kind(),
        string="Master Data",
        required=True,
        readonly=True,
    )
    code = fields.Char(string="Plant Code", required=True, readonly=True)
    version = fields.Integer(required=True, readonly=True, aggregator=None)
    fingerprint = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(
        string="Record", readonly=True, aggregator=None, help="What it is in Odoo."
    )

    _code_unique = models.UniqueIndex("(endpoint_id, kind, code)")

    @api.depends("kind", "code", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            row.display_name = self.env._(
                "%(kind)s %(code)s, version %(version)s",
                kind=kinds.get(row.kind, row.kind),
                code=row.code,
                version=row.version,
            )

    @api.model
    def _take(self, endpoint, kind, code, version, mark):
        """Let a version hold from now on.

        :return: the row and what held before: None when nothing did, False when this
            very version does
        :raise Failure: version-overtaken, version-conflict
        """
        made = self._insert(
            [
                {
                    "endpoint_id": endpoint.id,
                    "company_id": endpoint.company_id.id,
                    "kind": kind,
                    "code": code,
                    "version": version,
                    "fingerprint": mark,
                }
            ],
            SQL("ON CONFLICT (endpoint_id, kind, code) DO NOTHING"),
        )
        if made:
            return made, None
        id_, known, known_mark = self._held(endpoint, kind, code)
        if version == known and mark == known_mark:
            return self.browse(id_), False
        self._check_version(version, known)
        self._set(id_, version, mark)
        return self.browse(id_), {"version": known, "fingerprint": known_mark}

    def _held(self, endpoint, kind, code):
        """What holds; nobody else changes it before this transaction ends."""
        [(id_, version, mark)] = self.env.execute_query(
            SQL(
                "SELECT id, version, fingerprint FROM mfg_received_version"
                " WHERE endpoint_id = %s AND kind = %s AND code = %s FOR UPDATE",
                endpoint.id,
                kind,
                code,
            )
        )
        return id_, version, mark

    def _check_version(self, version, known):
        if version < known:
            detail = self.env._(
                "Version %(old)s came after version %(new)s, which holds.",
                old=version,
                new=known,
            )
            raise Failure(
                ownership_codes.OVERTAKEN, detail, [FieldError(POINTER, detail)]
            )
        if version == known:
            detail = self.env._(
                "Version %(version)s came before with other content.", version=version
            )
            raise Failure(
                ownership_codes.CONFLICT, detail, [FieldError(POINTER, detail)]
            )

    def _set(self, id_, version, mark):
        self.env.execute_query(
            SQL(
                "UPDATE mfg_received_version SET version = %s, fingerprint = %s,"
                " write_date = now() at time zone 'UTC' WHERE id = %s RETURNING id",
                version,
                mark,
                id_,
            )
        )
        self.browse(id_).invalidate_recordset(flush=False)

    @api.model
    def _known(self, endpoint, kind, code):
        """Id of the record in Odoo that an earlier version led to; 0 when none did."""
        return self._of(endpoint, kind, code).res_id

    def _of(self, endpoint, kind, code):
        return self.search(
            [
                ("endpoint_id", "=", endpoint.id),
                ("kind", "=", kind),
                ("code", "=", code),
            ]
        )

    @api.model
    def _remember(self, endpoint, kind, code, record):
        """What the plant's record is in Odoo, once a person accepted it."""
        self._of(endpoint, kind, code).res_id = record.id

    def _give_back(self, version, previous):
        """Let what held before this version hold again.

        :return: False when another version holds by now
        """
        self.ensure_one()
        _id, known, _mark = self._held(self.endpoint_id, self.kind, self.code)
        if known != version:
            return False
        if previous:
            self._set(self.id, previous["version"], previous["fingerprint"])
        else:
            self.unlink()
        return True
